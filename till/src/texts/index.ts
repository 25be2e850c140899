import { en } from './en';
import { pl } from './pl';
import { ru } from './ru';
import { uk } from './uk';

export type TextKey = keyof typeof en;
export type Texts = Record<TextKey, string>;
export type Language = 'en' | 'uk' | 'pl' | 'ru';

export const TEXTS: Record<Language, Texts> = { en, uk, pl, ru };

/** Our language for Poster's (`ua` is its spelling of Ukrainian); English for one we do not speak. */
export function languageOf(lang: string): Language {
  const code = (lang || '').toLowerCase().slice(0, 2);
  if (code === 'ua') return 'uk';
  return code === 'uk' || code === 'pl' || code === 'ru' ? code : 'en';
}

/** A text with its {places} filled in. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
