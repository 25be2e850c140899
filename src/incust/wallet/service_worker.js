// Opens the wallet without a connection: with the files of this version and the last page and state that came.
// VERSION and FILES stand above this line; the server writes them.

const HOME = new URL("./", self.location).pathname;
const NAME = `wallet ${HOME} ${VERSION}`;
const LAST = `wallet ${HOME} last`;
const PATIENCE_MS = 4000; // a guest at the till with a bad signal sees what was last known

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const mine = (name) => name.startsWith(`wallet ${HOME} `);
    const names = await caches.keys();
    await Promise.all(names.filter((name) => mine(name) && name !== NAME && name !== LAST).map((name) => caches.delete(name)));
    await self.clients.claim();
    await freshOrLast(new Request(HOME, { credentials: "same-origin" })).catch(() => undefined);
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === HOME || url.pathname === `${HOME}state`) event.respondWith(freshOrLast(event.request));
  else if (FILES.includes(url.pathname)) event.respondWith(freshOrKept(event.request));
});

// The phone may have been let go: then what was kept of the guest goes, too.
async function freshOrLast(request) {
  const cache = await caches.open(LAST);
  const last = await cache.match(new URL(request.url).pathname, { ignoreVary: true });
  let answer;
  try {
    answer = await fetch(request, last ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
  } catch (away) {
    if (!last) throw away;
    const headers = new Headers(last.headers);
    headers.set("X-Kept", "1");
    return new Response(last.body, { status: last.status, headers });
  }
  if (answer.status === 401) await caches.delete(LAST);
  else if (answer.ok) await cache.put(new URL(request.url).pathname, answer.clone());
  return answer;
}

async function freshOrKept(request) {
  try {
    return await fetch(request);
  } catch (away) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw away;
  }
}
