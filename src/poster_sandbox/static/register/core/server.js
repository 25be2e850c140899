// The register's own line to Poster's servers: JSON under the page's data address.

/** The server could not be reached (also: the offline switch is on). */
export class Unreachable extends Error {}

/** The server answered, and said no. `status` and the parsed `body` (or null) tell why. */
export class Refused extends Error {
  constructor(status, body) {
    super((body && (body.error?.message || body.error)) || `The server answered ${status}.`);
    this.status = status;
    this.body = body;
  }
}

export class Server {
  constructor(dataUrl) {
    this.dataUrl = dataUrl.replace(/\/$/, '');
    this.offline = false;
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, body) {
    return this.send('POST', path, body);
  }

  /** Answers the parsed JSON; throws Unreachable or Refused. `timeoutMs` bounds the wait. */
  async send(method, path, body, timeoutMs = 15000) {
    if (this.offline) throw new Unreachable('The register is offline.');
    const response = await this.fetchOrUnreachable(path, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken() },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const json = await response.json().catch(() => null);
    if (response.status >= 500) throw new Unreachable(`The server answered ${response.status}.`);
    if (!response.ok) throw new Refused(response.status, json);
    return json;
  }

  async fetchOrUnreachable(path, options) {
    try {
      return await fetch(`${this.dataUrl}/${path}`, options);
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }
}

function csrfToken() {
  const match = /(?:^|; )poster_sandbox_csrf=([^;]+)/.exec(document.cookie);
  return match ? decodeURIComponent(match[1]) : '';
}
