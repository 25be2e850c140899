import { describe, expect, it } from 'vitest';
import { fill, languageOf, TEXTS, type Language, type TextKey } from '../src/texts';
import { amountText, dayText, readAmount } from '../src/texts/format';
import { speaker } from '../src/views/speaker';

const LANGUAGES = Object.keys(TEXTS) as Language[];
const KEYS = Object.keys(TEXTS.en) as TextKey[];

const placesOf = (text: string): string[] => Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name as string).sort();

describe('the texts', () => {
  it.each(LANGUAGES)('are complete in %s, in the same order', (language) => {
    expect(Object.keys(TEXTS[language])).toEqual(KEYS);
  });

  it.each(LANGUAGES)('have the same places to fill in %s', (language) => {
    for (const key of KEYS) expect([key, placesOf(TEXTS[language][key])]).toEqual([key, placesOf(TEXTS.en[key])]);
  });

  it.each(LANGUAGES)('can be packed in %s: nothing empty, no separator inside', (language) => {
    for (const key of KEYS) expect(TEXTS[language][key]).toMatch(/^[^|\\]+$/);
  });

  it('are translated, not copied', () => {
    for (const language of ['uk', 'pl', 'ru'] as const) {
      const copied = KEYS.filter((key) => TEXTS[language][key] === TEXTS.en[key] && /[a-z]{4}/.test(TEXTS.en[key]));
      expect(copied.filter((key) => !['terminal', 'program', 'status_none'].includes(key))).toEqual([]);
    }
  });

  it.each([['ua', 'uk'], ['uk', 'uk'], ['ru', 'ru'], ['pl', 'pl'], ['en', 'en'], ['de', 'en'], ['', 'en']])('Poster’s %j is our %s', (poster, ours) => {
    expect(languageOf(poster)).toBe(ours);
  });

  it('are filled, and show a forgotten place', () => {
    expect(fill('{a} of {b}', { a: 0 })).toBe('0 of {b}');
  });
});

describe('amounts and days', () => {
  it('are written as the language does', () => {
    expect(amountText(4000, 2, 'en')).toBe('40.00');
    expect(amountText(123450, 2, 'pl')).toBe('1234,50');
    expect(amountText(1201, 0, 'en')).toBe('1,201');
    expect(dayText('2026-12-01', 'en')).toBe('December 1, 2026');
    expect(dayText('soon', 'en')).toBe('soon');
  });

  it.each([['12', 1200], ['12.', 1200], ['12,5', 1250], ['0.05', 5], ['12.345', null], ['', null], ['-1', null], ['1e3', null], ['.5', null]])('reads %j as %s', (typed, minor) => {
    expect(readAmount(typed, 2)).toBe(minor);
  });

  it('speak of minor units as amounts', () => {
    const { say } = speaker('en', () => 2, () => '₴');
    expect(say({ text: 'redemption_lowered', values: { minor: 2050 } })).toBe('The order has changed: 20.50 are redeemed now.');
    expect(say({ said: 'as the server says' })).toBe('as the server says');
  });
});
