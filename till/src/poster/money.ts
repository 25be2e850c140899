/** The only place where Poster's currency units (floats) become minor units (integers), and back. */

/**
 * Minor units of an amount in currency units, rounded half-up on the decimal that was meant:
 * 0.1 + 0.2 → 30, 1.005 → 101. Poster sends numbers and now and then numeric strings; anything else counts as 0.
 */
export function toMinor(units: unknown, digits: number): number {
  const value = Number(units);
  if (!Number.isFinite(value)) return 0;
  // Twelve significant digits drop the noise of binary fractions and keep every amount a till can hold.
  const shifted = Number((Math.abs(value) * 10 ** digits).toPrecision(12));
  const rounded = Math.floor(shifted + 0.5);
  return value < 0 && rounded > 0 ? -rounded : rounded;
}

/** Currency units for `Poster.*`. */
export function toUnits(minor: number, digits: number): number {
  return minor / 10 ** digits;
}

/** Sum of a line in minor units. Weight goods: `count` in grams × `price` per gram, rounded once, at the end. */
export function lineMinor(count: number, price: number, digits: number): number {
  return toMinor(count * price, digits);
}

/**
 * Splits `total` over `weights` by largest remainder: the parts are integers and sum exactly to `total`; equal
 * remainders go to the earlier weight. Integers all the way: the server splits the same receipt again.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) return weights.map(() => 0);
  const rests = weights.map((weight) => (total * weight) % sum);
  const parts = weights.map((weight, i) => (total * weight - (rests[i] || 0)) / sum);
  const byRemainder = rests.map((_, i) => i).sort((a, b) => (rests[b] || 0) - (rests[a] || 0) || a - b);
  const left = total - parts.reduce((a, b) => a + b, 0);
  for (const i of byRemainder.slice(0, left)) parts[i] = (parts[i] || 0) + 1;
  return parts;
}
