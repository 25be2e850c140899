import { isOutage, type Problem } from '../api/problems';
import type { On } from './events';
import { requoteAll } from './quoting';
import { sentenceOf, type Sentence } from './sentence';
import type { State } from './state';
import type { Turn } from './turn';

/** Pauses between attempts to reach the server again; the last one repeats. */
const BACKOFF_MS = [5_000, 10_000, 20_000, 40_000, 60_000];
/** A register that the server refuses is asked about again this often: the owner may be mending it. */
const REFUSED_RETRY_MS = 300_000;

/** May the till ask the server while a guest waits? */
export function isServing({ connection: { phase, hello } }: State): boolean {
  return phase === 'online' && hello !== null && hello.program !== null;
}

export function sayHello(turn: Turn): void {
  turn.do({ do: 'hello', salesperson: turn.state.salesperson });
}

export function loggedIn(turn: Turn, { salesperson }: On<'loggedIn'>): void {
  turn.set({ salesperson });
  sayHello(turn);
}

export function tryAgain(turn: Turn): void {
  turn.patchWindow('status', { busy: true });
  sayHello(turn);
}

export function helloAnswered(turn: Turn, { hello }: On<'helloAnswered'>): void {
  const { terminal, program, point_of_sale } = hello;
  turn.connection({ phase: 'online', hello, problem: null, tries: 0 });
  turn.patchWindow('status', { busy: false });
  announce(turn, `online ${terminal.id} ${terminal.name} ${program ? 1 : 0}`, [
    { text: 'connected', values: { terminal: terminal.name, place: point_of_sale.name } },
    ...(program ? [] : [{ text: 'no_program' } as const]),
  ]);
  turn.do({ do: 'flush', force: true });
  requoteAll(turn);
}

export function helloFailed(turn: Turn, { problem }: On<'helloFailed'>): void {
  turn.patchWindow('status', { busy: false });
  if (isOutage(problem)) return goOffline(turn, problem);
  turn.connection({ phase: 'refused', problem, tries: 0 });
  announce(turn, problem.code, [sentenceOf(problem)]);
  helloIn(turn, REFUSED_RETRY_MS);
}

/** No sale waits for the server from here on; it is asked again in the background. */
export function goOffline(turn: Turn, problem: Problem): void {
  const { tries } = turn.state.connection;
  turn.connection({ phase: 'offline', problem, tries: tries + 1 });
  announce(turn, 'offline', [{ text: 'offline' }]);
  helloIn(turn, BACKOFF_MS[Math.min(tries, BACKOFF_MS.length - 1)] as number);
}

/** Any failed request: an outage puts the till offline (true), everything else is the asker's business. */
export function noteOutage(turn: Turn, problem: Problem): boolean {
  if (!isOutage(problem)) {
    turn.connection({ problem });
    return false;
  }
  if (turn.state.connection.phase !== 'offline') goOffline(turn, problem);
  return true;
}

function helloIn(turn: Turn, ms: number): void {
  turn.do({ do: 'after', ms, key: 'hello', event: { type: 'helloDue' } });
}

/** Tells the cashier how things stand, if he was told otherwise last. */
function announce(turn: Turn, what: string, sentences: Sentence[]): void {
  if (turn.state.connection.announced === what) return;
  turn.connection({ announced: what });
  sentences.forEach((sentence) => turn.notify(sentence));
}
