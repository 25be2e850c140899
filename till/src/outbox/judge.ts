import { isOutage, type Problem } from '../api/problems';
import type { Outcome } from './outbox';

/** Refusals that the owner can mend, or that pass by themselves: the item waits. */
const WAITS = new Set([401, 403, 408, 425, 429]);

/** What a failed attempt means for its item: wait, or be set aside as one the server will never take. */
export function judge(problem: Problem): Outcome {
  if (isOutage(problem) || WAITS.has(problem.status) || problem.status === 0) return { end: 'later' };
  return { end: 'refused', problem };
}
