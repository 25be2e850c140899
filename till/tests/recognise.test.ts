import { describe, expect, it } from 'vitest';
import { isEan13, recognise } from '../src/state/recognise';

describe('what a cashier is typing', () => {
  it.each([
    ['', null],
    ['12345', null],
    ['123456', 'temporary_code'],
    ['12345678', null],
    ['0501112233', 'phone'],
    ['380501112233', 'phone'],
    ['+48 600', 'phone'],
    ['(050) 111-22-33', 'phone'],
    ['123456789012345678901', 'qr'],
    ['4006381333931', 'card'],
    ['guest@', 'email'],
    ['GIFT-2026', 'card'],
  ])('%j is %s', (text, kind) => {
    expect(recognise(text, '380')).toBe(kind);
  });

  it('checks a printed card by its last digit', () => {
    expect(isEan13('4006381333931')).toBe(true);
    expect(isEan13('4006381333932')).toBe(false);
    expect(isEan13('400638133393')).toBe(false);
  });
});
