// Poster.makeRequest and makeApiRequest: the register hands them to Poster's servers, which sign and forward.

const TIMEOUT_MS_MAX = 60000;
const ANSWER_GRACE_MS = 1000;
const FAILED = { code: 0, result: false };

/** The proxied request; `{code, result}`: HTTP status, 0 time-out or no connection, 1 the answer is no JSON. */
async function makeRequest({ register, app }, url, options) {
  const asked = options && typeof options === 'object' ? options : {};
  const timeoutMs = Math.min(Number(asked.timeout) > 0 ? Number(asked.timeout) : TIMEOUT_MS_MAX, TIMEOUT_MS_MAX);
  const request = {
    url: String(url),
    headers: Array.isArray(asked.headers) ? asked.headers.filter((header) => typeof header === 'string') : [],
    method: String(asked.method || 'get').toLowerCase(),
    data: asked.data ?? null,
    timeout: timeoutMs,
    applicationId: app.id,
  };
  if (asked.localRequest === true) return register.server.offline ? FAILED : localRequest(request, timeoutMs);
  try {
    return await register.server.send('POST', 'proxy', request, timeoutMs + ANSWER_GRACE_MS);
  } catch {
    return FAILED;
  }
}

/** A device in the café's own network: not proxied, not signed. */
async function localRequest({ url, method, data, headers }, timeoutMs) {
  try {
    const response = await fetch(url, {
      method: method.toUpperCase(),
      headers: headers.map((header) => header.split(/:\s*/, 2)).filter((pair) => pair.length === 2),
      body: method === 'get' || data === null ? undefined : JSON.stringify(data),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const result = await response.text();
    try {
      JSON.parse(result);
    } catch {
      return { code: 1, result: false };
    }
    return { code: response.status, result };
  } catch {
    return FAILED;
  }
}

/** A web API method with the app's own token; the unwrapped response, or false. */
async function makeApiRequest({ register, app }, method, options) {
  const asked = options && typeof options === 'object' ? options : {};
  try {
    const answer = await register.server.post('api', {
      method: String(method),
      http_method: String(asked.method || 'get').toLowerCase(),
      data: asked.data ?? {},
      applicationId: app.id,
    });
    return answer && typeof answer === 'object' && 'response' in answer ? answer.response : answer;
  } catch {
    return false;
  }
}

export const REQUEST_CALLS = { makeRequest, makeApiRequest };
