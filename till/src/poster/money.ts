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

/** Splits `total` over `weights` by largest remainder: the parts are integers and sum exactly to `total`. */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => rest(exact, b) - rest(exact, a) || a - b);
  let left = total - parts.reduce((a, b) => a + b, 0);
  for (const i of byRemainder) {
    if (left <= 0) break;
    parts[i] = (parts[i] || 0) + 1;
    left -= 1;
  }
  return parts;
}

function rest(exact: readonly number[], i: number): number {
  const value = exact[i] || 0;
  return value - Math.floor(value);
}
