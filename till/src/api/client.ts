import { ApiError, NOT_JSON, readProblem, unreachable } from './problems';
import { newRid } from './rid';

/** Longest wait of a request that a person waits for; the server's own deadline (1.2 s) lies below. */
export const PATIENCE_MS = 2000;

/** How one HTTP request leaves the register; `code` 0 = no answer, 1 = the answer is not JSON (poster-contract §1). */
export type Carrier = (
  url: string,
  request: { headers: string[]; method: 'post'; data: unknown; timeout: number },
  answer: (response: { code: number; result: unknown }) => void,
) => void;

export interface Caller {
  account: string;
  spot: string;
  tablet: string;
  application: string;
  lang: string;
  version: string;
}

export interface Call {
  /** Repeat of an earlier mutation: its request id, so that the server gives the stored answer. */
  rid?: string;
  timeout_ms?: number;
}

export interface ApiClient {
  /** The answer of `POST /terminal/v1/{operation}`. Throws ApiError; never waits longer than the time-out. */
  post<T>(operation: string, body: unknown, call?: Call): Promise<T>;
}

/** The address with every signed parameter in it: Poster signs URL and body, not its own headers. */
export function signedUrl(base: string, operation: string, caller: Caller, rid: string): string {
  const query: [string, string][] = [
    ['account', caller.account],
    ['spot', caller.spot],
    ['tablet', caller.tablet],
    ['application', caller.application],
    ['rid', rid],
    ['lang', caller.lang],
    ['v', caller.version],
  ];
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${base.replace(/\/+$/, '')}/terminal/v1/${operation}?${text}`;
}

/** A proxied result is JSON text; some registers hand over the parsed object. */
function parse(result: unknown): unknown {
  return typeof result === 'string' ? JSON.parse(result) : result;
}

function settle<T>(response: { code: number; result: unknown } | null | undefined): T {
  const raw = response as { code?: unknown; status?: unknown; result?: unknown } | null | undefined;
  // The documents' own example reads `status` where their table says `code`.
  const code = Number(raw?.code || raw?.status || 0);
  if (!code) throw new ApiError(unreachable());
  let body: unknown;
  try {
    body = parse(raw?.result);
  } catch {
    body = undefined;
  }
  if (code >= 200 && code < 300 && typeof body === 'object' && body !== null) return body as T;
  if (code < 300) throw new ApiError({ ...unreachable(), code: NOT_JSON, status: code });
  throw new ApiError(readProblem(code, body));
}

export function createApiClient(base: string, caller: () => Caller, carry: Carrier): ApiClient {
  return {
    post<T>(operation: string, body: unknown, call: Call = {}): Promise<T> {
      const timeout = call.timeout_ms || PATIENCE_MS;
      const url = signedUrl(base, operation, caller(), call.rid || newRid());
      return new Promise<T>((resolve, reject) => {
        // The register may never call back (its own connection hangs), so the clock here is the one that counts.
        const clock = setTimeout(() => reject(new ApiError(unreachable())), timeout);
        carry(
          url,
          { headers: ['Content-Type: application/json', 'Accept: application/json'], method: 'post', data: body, timeout },
          (response) => {
            clearTimeout(clock);
            try {
              resolve(settle<T>(response));
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          },
        );
      });
    },
  };
}
