/* What is typed is never lost: a draft in this window, and sending that keeps the words until they have arrived. */

const PATIENCE = 20000;

/** Keeps what is typed in the window's own memory until it is sent; a page that is loaded again has it. */
export function keepDraft(form, reader) {
  const place = `draft:${reader}:${form.getAttribute("action")}`;
  const text = form.elements.source;
  if (!text.value) text.value = read(place) ?? "";
  text.addEventListener("input", () => write(place, text.value));
  form.addEventListener("sent", ({ detail }) => {
    // Whoever types on while it is being sent loses nothing of that.
    if (text.value === detail) text.value = "";
    write(place, text.value);
  });
}

/**
 * Sends a form and leaves the page as it is. The key in it makes a second try the same act, so trying again is safe.
 *
 * @returns {Promise<{post?: number, problem?: string}>} the number of the post; or "unsent" or "signed-out", and then
 *   nothing on the page has changed. What the server refuses is sent the ordinary way: its page says what is wrong.
 */
export async function send(form) {
  if (form.dataset.sending) return {};
  form.dataset.sending = "yes";
  const words = form.elements.source?.value;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    // The only place to which this address sends others is the door.
    if (response.type === "opaqueredirect") return { problem: "signed-out" };
    if (response.status >= 500) return { problem: "unsent" };
    if (!response.ok) {
      HTMLFormElement.prototype.submit.call(form);
      return {};
    }
    const answer = await response.json();
    if (form.elements.key) form.elements.key.value = newKey();
    form.dispatchEvent(new CustomEvent("sent", { detail: words }));
    return answer;
  } catch {
    return { problem: "unsent" };
  } finally {
    delete form.dataset.sending;
  }
}

function newKey() {
  // crypto.randomUUID exists only on pages that came by https.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

// Some windows have no memory, for example those that leave no traces.
function read(place) {
  try {
    return sessionStorage.getItem(place);
  } catch {
    return null;
  }
}

function write(place, text) {
  try {
    if (text) sessionStorage.setItem(place, text);
    else sessionStorage.removeItem(place);
  } catch {
    // The text stands on the page all the same.
  }
}
