// Put behind the list FILES by the server. A page that cannot be fetched is answered by « hors connexion ».

const CACHE = "lieux";
const OFFLINE = "/lieux/hors-connexion";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .delete(CACHE)
      .then(() => caches.open(CACHE))
      .then((cache) => cache.addAll([OFFLINE, ...FILES]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});
