/** What a cashier seems to be typing: a hint while he types. The server decides for itself. */
export type IdentifierKind = 'qr' | 'temporary_code' | 'phone' | 'email' | 'card';

/**
 * The kind of a (perhaps unfinished) identifier, or null while it could still be anything.
 * `callingCode` is the location's, without "+", to tell a phone in national form or without its plus.
 */
export function recognise(text: string, callingCode: string): IdentifierKind | null {
  const typed = text.trim();
  if (!typed) return null;
  if (typed.includes('@')) return 'email';
  if (/[^\d\s()+-]/.test(typed)) return 'card';
  const digits = typed.replace(/\D/g, '');
  if (typed.startsWith('+')) return 'phone';
  if (digits.length === 21) return 'qr';
  if (digits.length > 15) return 'qr';
  if (digits.length === 6) return 'temporary_code';
  if (digits.length < 6) return null;
  if (digits.length === 13 && isEan13(digits)) return 'card';
  if (callingCode && digits.startsWith(callingCode) && digits.length >= 10) return 'phone';
  if (digits.length >= 9 && digits.length <= 12) return 'phone';
  return digits.length > 12 ? 'card' : null;
}

/** Does the thirteenth digit check the other twelve, as on every printed loyalty card? */
export function isEan13(digits: string): boolean {
  if (!/^\d{13}$/.test(digits)) return false;
  const weighted = Array.from(digits.slice(0, 12)).reduce((sum, digit, i) => sum + Number(digit) * (i % 2 ? 3 : 1), 0);
  return (10 - (weighted % 10)) % 10 === Number(digits[12]);
}
