import type { Sentence } from '../state/sentence';
import { fill, TEXTS, type Language, type TextKey } from '../texts';
import { amountText, dayText } from '../texts/format';

export interface Speaker {
  t(key: TextKey, values?: Record<string, string | number>): string;
  say(sentence: Sentence): string;
  money(minor: number): string;
  points(minor: number): string;
  day(day: string): string;
}

/** Everything the till says to a person, in one language. A value named `minor` is spoken as an amount. */
export function speaker(language: Language, digits: () => number, symbol: () => string): Speaker {
  const texts = TEXTS[language];
  const points = (minor: number): string => amountText(minor, digits(), language);
  const t: Speaker['t'] = (key, values) => fill(texts[key], values);
  const say: Speaker['say'] = (sentence) => {
    if ('said' in sentence) return sentence.said;
    const { minor, ...rest } = sentence.values || {};
    return t(sentence.text, minor === undefined ? rest : { ...rest, minor: points(Number(minor)) });
  };
  return {
    t,
    say,
    points,
    money: (minor) => `${points(minor)} ${symbol()}`.trim(),
    day: (day) => dayText(day, language),
  };
}
