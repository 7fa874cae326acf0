/* Drafts: what is typed goes to the server, and as long as the line is down it waits on this device.

   The device keeps nothing longer than it must: a copy goes as soon as the server has it, or says that the issue
   stands on the board already. */

const SHELF = "yoriai-drafts";
const PAUSE = 1500;
const AGAIN = 15_000;
const LONGEST_WAIT = 7 * 24 * 3600 * 1000;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "photos", "photo_words", "look"]);

/** Copies that wait on this device, by the key of their form. Browsers may forbid us to keep any. */
function shelf(change) {
  try {
    const kept = JSON.parse(localStorage.getItem(SHELF) ?? "{}");
    if (change) {
      change(kept);
      if (Object.keys(kept).length) localStorage.setItem(SHELF, JSON.stringify(kept));
      else localStorage.removeItem(SHELF);
    }
    return kept;
  } catch {
    return {};
  }
}

const typedIn = (form) =>
  Object.fromEntries(
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name)),
  );

const isEmpty = ({ key, ...typed }) => Object.values(typed).every((value) => value.trim() === "");

export function keepDrafts(form) {
  const { draft: address, person, open, saved, here, unsaved } = form.dataset;
  const says = form.querySelector("[data-draft-says]");
  const warns = form.querySelector("[data-draft-warns]");
  const key = form.elements.key.value;
  const begun = JSON.stringify(typedIn(form));
  const wasEmpty = isEmpty(typedIn(form));
  let last = begun;
  let timer = 0;
  let leaving = false;

  const warn = (text) => {
    // A sentence that stays the same is not read out again.
    if (warns.textContent !== text) warns.textContent = text;
  };

  /** Gives the server a copy: "kept", "raised" on the board already, "refused" (with a sentence), or "waiting". */
  async function send(typed) {
    const body = new URLSearchParams({ ...typed, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body });
      if (answer.ok && !answer.redirected) {
        const told = await answer.json();
        return told.raised ? { state: "raised", sentence: told.raised } : { state: "kept", ...told };
      }
      if (answer.status >= 500 || answer.status === 429) return { state: "waiting" };
      const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
      return { state: "refused", ...(isOurs ? await answer.json() : {}) };
    } catch {
      return { state: "waiting" };
    }
  }

  async function save() {
    clearTimeout(timer);
    const typed = typedIn(form);
    const now = JSON.stringify(typed);
    if (now === last) return;
    shelf((kept) => (kept[key] = { person, typed, at: Date.now() }));
    const answer = await send(typed);
    if (leaving) return;
    if (answer.state === "waiting") {
      warn(here);
      timer = setTimeout(save, AGAIN);
      return;
    }
    if (answer.state === "kept") {
      last = now;
      shelf((kept) => {
        if (JSON.stringify(kept[key]?.typed) === now) delete kept[key];
      });
      warn("");
      says.textContent = answer.saved_at ? saved.replace("{time}", answer.saved_at) : "";
    } else {
      says.textContent = "";
      warn(answer.sentence ?? unsaved);
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  addEventListener("online", save);
  // A phone that is put away may never come back to this page.
  addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    // Should the line break now, this is what is left of it.
    shelf((kept) => (kept[key] = { person, typed: typedIn(form), at: Date.now() }));
  });

  /** What an earlier visit could not send is sent now; the latest is opened if nothing has been begun here. */
  async function bringBack() {
    let latest = null;
    for (const [old, { person: whose, typed, at }] of Object.entries(shelf())) {
      if (Date.now() - at > LONGEST_WAIT) {
        shelf((kept) => delete kept[old]);
        continue;
      }
      if (whose !== person || old === key) continue;
      const { state, pk } = await send(typed);
      // Whatever the server does not take may be taken another day: there is no other copy.
      if (state === "waiting" || state === "refused") continue;
      shelf((kept) => delete kept[old]);
      if (state === "kept" && pk && (!latest || at > latest.at)) latest = { pk, at };
    }
    if (latest && wasEmpty && JSON.stringify(typedIn(form)) === begun) location.replace(open + latest.pk);
  }
  bringBack();
}
