import { describe, expect, it } from 'vitest';
import { allocate, lineMinor, toMinor, toUnits } from '../src/poster/money';

describe('Poster’s currency units become minor units', () => {
  it.each([
    [0.1 + 0.2, 30],
    [1.005, 101],
    [1.004, 100],
    [19.99, 1999],
    [4.35, 435],
    [1.115, 112],
    [0, 0],
    [-2.505, -251],
    [123456.78, 12345678],
    ['10.50', 1050],
  ])('%s → %i', (units, minor) => {
    expect(toMinor(units, 2)).toBe(minor);
  });

  it('knows currencies without decimals', () => {
    expect(toMinor(1200.5, 0)).toBe(1201);
    expect(toUnits(1201, 0)).toBe(1201);
  });

  it.each([[undefined], [null], [NaN], ['abc'], [Infinity]])('takes %s for nothing', (units) => {
    expect(toMinor(units, 2)).toBe(0);
  });

  it('counts weight goods in grams times price per gram, rounded once', () => {
    expect(lineMinor(200, 0.2, 2)).toBe(4000);
    expect(lineMinor(333, 0.0333, 2)).toBe(1109);
    expect(lineMinor(3, 0.335, 2)).toBe(101);
  });

  it('gives Poster the same amount back', () => {
    expect(toUnits(4000, 2)).toBe(40);
    expect(toMinor(toUnits(1999, 2), 2)).toBe(1999);
  });
});

describe('a discount spread over lines', () => {
  it('sums exactly to the total, by largest remainder', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(1000, [9000, 0, 1000])).toEqual([900, 0, 100]);
    expect(allocate(7, [3, 3, 3, 3])).toEqual([2, 2, 2, 1]);
    // A third each remains, which binary fractions would tell apart.
    expect(allocate(2, [4, 1, 1])).toEqual([2, 0, 0]);
  });

  it('has nowhere to go without weights', () => {
    expect(allocate(100, [0, 0])).toEqual([0, 0]);
  });
});
