// Requests to our own server.

function csrfToken() {
  return document.cookie.match(/(?:^|; )incust_csrf=([^;]*)/)?.[1] ?? "";
}

/** POST a form; gives the answer. Rejects only without a connection. */
export function post(address, fields = {}) {
  return fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": csrfToken() },
    signal: AbortSignal.timeout(15_000),
  });
}

export function get(address, headers = {}) {
  return fetch(address, { headers, signal: AbortSignal.timeout(15_000) });
}
