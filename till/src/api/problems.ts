/** The one error that leaves the API client: what went wrong, with the server's stable code or one of ours. */

/** Codes of our own, for answers that never were a problem document. */
export const UNREACHABLE = 'unreachable';
export const NOT_JSON = 'not-json';

export interface Problem {
  code: string;
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** The server's sentence for the cashier, in the request's language; may be empty. */
  detail: string;
  /** Further members of the problem document, named at each operation in docs/terminal-api.md. */
  members: Record<string, unknown>;
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

export function unreachable(): Problem {
  return { code: UNREACHABLE, status: 0, detail: '', members: {} };
}

/** True when the server did not get to judge the request: repeat it later as it is. */
export function isOutage(problem: Problem): boolean {
  return problem.code === UNREACHABLE || problem.code === NOT_JSON || problem.status >= 500;
}

/** Any thrown value as a problem; a fault of our own code becomes `till-fault` with its message. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'till-fault', status: 0, detail: '', members: { message } };
}

/** Reads a problem document; bodies of another shape (a proxy's error page) keep their status only. */
export function readProblem(status: number, body: unknown): Problem {
  const members = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const code = typeof members['code'] === 'string' ? members['code'] : `http-${status}`;
  const detail = typeof members['detail'] === 'string' ? members['detail'] : '';
  return { code, status, detail, members };
}
