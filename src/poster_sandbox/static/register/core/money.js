// Money inside the register is an integer in minor units. Floats exist only at the edge of the `Poster` object and of
// the server's JSON, both of which speak currency units.

export const MINOR_PER_UNIT = 100;
const GRAMS_PER_KG = 1000;

/** Currency units (number or numeric text) → minor units, half-up; NaN for anything else. */
export function toMinor(units) {
  if (units === null || units === '' || typeof units === 'boolean' || Array.isArray(units)) return NaN;
  const scaled = Number(units) * MINOR_PER_UNIT;
  if (!Number.isFinite(scaled)) return NaN;
  // toFixed first: 1.005 * 100 is 100.49999999999999 in binary and has to become 101.
  return Math.round(Number(scaled.toFixed(6)));
}

/** Minor units → currency units as a float. */
export function toUnits(minor) {
  return minor / MINOR_PER_UNIT;
}

/** Sum of a line in minor units: pieces × price, or grams × price per kilogram, half-up. */
export function lineSum(line) {
  if (line.unit === 'kg') return Math.round((line.priceMinor * line.count) / GRAMS_PER_KG);
  return line.priceMinor * line.count;
}

/** `percent` of an amount, half-up. */
export function percentOf(amountMinor, percent) {
  return Math.round((amountMinor * percent) / 100);
}

/** "1 234.50" with a narrow space between thousands. */
export function amountText(minor) {
  const sign = minor < 0 ? '−' : '';
  const [whole, fraction] = toUnits(Math.abs(minor)).toFixed(2).split('.');
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, '\u202f')}.${fraction}`;
}

/** The amount with the currency's symbol behind it. */
export function moneyText(minor, symbol) {
  return `${amountText(minor)}\u00a0${symbol}`;
}
