import { isOutage, type Problem } from '../api/problems';
import type { TextKey } from '../texts';

/** A sentence for a person: one of the till's own texts with its values, or what the server said. */
export type Sentence = { text: TextKey; values?: Record<string, string | number> } | { said: string };

/**
 * The sentence for a problem. The server says its own in the cashier's language; the till speaks where no server did,
 * and where it knows better what is on the screen.
 */
export function sentenceOf({ code, status, detail, members }: Problem): Sentence {
  if (code === 'confirmation-wrong' && members['tries_left'] !== undefined) {
    return { text: 'problem_confirmation_wrong', values: { tries: Number(members['tries_left']) } };
  }
  if (code === 'quote-changed' || code === 'redeem-above-limit') return { text: 'problem_quote_changed' };
  if (detail) return { said: detail };
  if (isOutage({ code, status, detail, members })) return { text: 'problem_unreachable' };
  return { text: 'problem_other', values: { code } };
}
