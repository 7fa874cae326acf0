/* Reading a talk: remembers up to which post it was read, and brings who comes back to the line "new from here".
   Without this file the server takes what it has shown as read. */

const posts = document.querySelector("[data-read]");

// Tells the server that this browser reports by itself what was read; gone with the browser.
document.cookie = `scripts=1; path=/; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;

const arrived = performance.getEntriesByType("navigation")[0]?.type ?? "navigate";
const line = document.getElementById("new");
if (line && !location.hash && !location.search && arrived === "navigate") line.scrollIntoView({ block: "start" });

// A post counts as read when it has been in view this long.
const GLANCE = 800;
// Told on leaving, and now and then for phones that fall asleep; not by everybody at the moment of a new post.
const NOW_AND_THEN = 20_000 * (1 + Math.random());

if (posts) {
  let highest = Number(posts.dataset.readUpTo);
  let told = highest;
  let timer = 0;
  const waiting = new Map();

  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (highest <= told || !token) return;
    const form = new FormData();
    form.set("csrfmiddlewaretoken", token);
    form.set("number", String(highest));
    form.set("since", posts.dataset.readSince);
    if (navigator.sendBeacon(posts.dataset.read, form)) told = highest;
  };

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waiting.get(target));
      waiting.delete(target);
      if (!isIntersecting) continue;
      waiting.set(target, setTimeout(() => {
        seen.unobserve(target);
        highest = Math.max(highest, Number(target.dataset.number));
        timer ||= setTimeout(tell, NOW_AND_THEN);
      }, GLANCE));
    }
  }, { rootMargin: "0px 0px -10% 0px" });

  const watch = (post) => {
    if (post instanceof HTMLElement && Number(post.dataset.number) > highest) seen.observe(post);
  };
  posts.querySelectorAll("[data-number]").forEach(watch);
  // Posts that arrive while the page is open are read like the others.
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(watch)))
    .observe(posts, { childList: true });

  addEventListener("pagehide", tell);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell();
  });
}
