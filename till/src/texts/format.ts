import type { Language } from './index';

/** "40.00" in the language's own writing, for an amount in minor units. */
export function amountText(minor: number, digits: number, language: Language): string {
  return (minor / 10 ** digits).toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A day (`YYYY-MM-DD`) in the language's own writing; the text itself if it is no day. */
export function dayText(day: string, language: Language): string {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return day;
  return new Date(year, month - 1, date).toLocaleDateString(language, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** Minor units of an amount as it is being typed ("12", "12,", "12.5"); null for what is no amount. */
export function readAmount(typed: string, digits: number): number | null {
  const match = /^(\d{1,9})(?:[.,](\d*))?$/.exec(typed.trim());
  if (!match) return null;
  const fraction = match[2] || '';
  if (fraction.length > digits) return null;
  return Number(match[1]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || '0');
}
