/* Shows push notices and opens what they are about. It keeps nothing and answers no request for pages. */

const OUR_NAME = "{{ site_name|escapejs }}";
const RENEW = "{% url 'notifications:renew_browser' %}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Browsers take the permission away from whoever is pushed to and shows nothing: what cannot be read is shown too.
function wordsOf(data) {
  try {
    const told = data.json();
    return typeof told.title === "string" ? told : { title: OUR_NAME };
  } catch {
    return { title: OUR_NAME };
  }
}

self.addEventListener("push", (event) => {
  const told = wordsOf(event.data);
  event.waitUntil(
    self.registration.showNotification(told.title, {
      body: told.body ?? "",
      lang: told.lang ?? "ja",
      // The same delivery sent twice is one notice.
      tag: told.tag ?? "",
      icon: "{% static 'img/mark-192.png' %}",
      requireInteraction: told.urgent === true,
      data: { url: told.url ?? "/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  // A notice never leads elsewhere.
  const target = url.origin === self.location.origin ? url.href : self.location.origin;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      const already = open.find((one) => one.url === target);
      return already ? already.focus() : self.clients.openWindow(target);
    }),
  );
});

self.addEventListener("pushsubscriptionchange", (event) => {
  const { oldSubscription: old, newSubscription } = event;
  if (!old) return;
  const renewed = newSubscription ?? self.registration.pushManager.subscribe(old.options);
  event.waitUntil(
    Promise.resolve(renewed).then((subscription) =>
      fetch(RENEW, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ old: old.endpoint, subscription }),
      }),
    ),
  );
});
