/* Push notices in this browser: asked for only after a press. Whatever needs this file is hidden without it. */

const form = document.querySelector("form[data-push]");
const show = (name) => {
  for (const words of document.querySelectorAll(`[data-push-${name}]`)) words.hidden = false;
};

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toHex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function digestOf(subscription) {
  return toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint)));
}

const sameBytes = (one, other) => one && toHex(one) === toHex(other.buffer);

// The row of this very browser says so; its button to add is then not needed.
async function markThisBrowser() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return false;
  const digest = await digestOf(subscription);
  const row = document.querySelector(`[data-browser="${digest}"]`);
  row?.querySelector("[data-this-browser]")?.removeAttribute("hidden");
  return Boolean(row) && !row.hasAttribute("data-renew");
}

async function subscribe(event) {
  event.preventDefault();
  for (const words of document.querySelectorAll("[data-push-denied], [data-push-failed]")) words.hidden = true;
  if ((await Notification.requestPermission()) !== "granted") {
    show("denied");
    return;
  }
  try {
    const key = toBytes(form.dataset.push);
    const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    await navigator.serviceWorker.ready;
    const old = await registration.pushManager.getSubscription();
    // A browser keeps to the key that it subscribed with.
    if (old && !sameBytes(old.options.applicationServerKey, key)) await old.unsubscribe();
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    });
    form.elements.subscription.value = JSON.stringify(subscription);
    form.submit();
  } catch {
    show("failed");
  }
}

if (form) {
  const possible = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  for (const words of document.querySelectorAll("[data-push-needs-script]")) words.hidden = true;
  if (!possible) {
    show("impossible");
  } else if (Notification.permission === "denied") {
    show("denied");
  } else {
    form.addEventListener("submit", subscribe);
    form.hidden = await markThisBrowser().catch(() => false);
  }
}

// Whoever removes this browser here ends it in the browser too.
for (const row of document.querySelectorAll("[data-browser]")) {
  row.querySelector("form")?.addEventListener("submit", async (event) => {
    if (row.querySelector("[data-this-browser]")?.hidden !== false) return;
    event.preventDefault();
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = await registration?.pushManager.getSubscription().catch(() => null);
    await subscription?.unsubscribe().catch(() => false);
    event.target.submit();
  });
}
