// Tells when the balance has changed: by server-sent events where they reach us, else by asking every two seconds.
// A page that nobody looks at does neither, and looks once when it is shown again.

import { get } from "./server.js";

const POLL_MS = 2000;
const LISTEN_AGAIN_MS = 5000;
const LOOK_ANYWAY_MS = 30_000;

/** Calls `changed()` at first and whenever there may be something new, `offline(bool)` as the connection comes and goes. */
export function watch({ streams, changed, offline }) {
  let etag = "";
  let source = null;
  let timer = null;
  let lastListened = -Infinity;

  async function look() {
    try {
      const answer = await get("balance", etag ? { "If-None-Match": etag } : {});
      offline(false);
      if (answer.status === 401) { location.reload(); return; }
      const fresh = answer.headers.get("ETag") ?? "";
      if (answer.ok && fresh !== etag) {
        etag = fresh;
        await changed();
      }
    } catch {
      offline(true);
    }
  }

  async function listen() {
    lastListened = performance.now();
    try {
      const answer = await get("live");
      if (!answer.ok || document.hidden) return;
      const { url } = await answer.json();
      source?.close();
      source = new EventSource(url);
      source.addEventListener("change", look);
      // A ticket is good for one connection: after a break a new one is fetched.
      source.onerror = () => {
        source?.close();
        source = null;
        if (!document.hidden) start();
      };
    } catch {
      offline(true);
    }
  }

  async function turn() {
    const listening = source?.readyState === EventSource.OPEN;
    await look();
    if (streams && !source && performance.now() - lastListened > LISTEN_AGAIN_MS) await listen();
    if (!document.hidden) timer = setTimeout(turn, listening ? LOOK_ANYWAY_MS : POLL_MS);
  }

  function start() {
    clearTimeout(timer);
    turn();
  }

  function stop() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("online", start);
  addEventListener("offline", () => offline(true));
  start();
}
