import type { Plugin } from 'vite';

const LINE = /^ {2}(\w+): '(.*)',$/gm;

/**
 * In the bundle, the keys of the texts stand once and not once per language, and every language is one string:
 * a kilobyte of gzip less. Sources, tests and types keep the plain tables.
 */
export function packTexts(): Plugin {
  return {
    name: 'pack-texts',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      const language = /\/texts\/(en|uk|pl|ru)\.ts$/.exec(id)?.[1];
      if (!language) return null;
      const lines = Array.from(code.matchAll(LINE), ([, key, text]) => ({ key: key as string, text: text as string }));
      if (lines.length < 50 || lines.some(({ text }) => /[\\|]/.test(text))) this.error(`${id}: one text per line, without \\ and |`);
      const packed = JSON.stringify(lines.map(({ text }) => text).join('|'));
      const keys = JSON.stringify(lines.map(({ key }) => key).join('|'));
      return language === 'en'
        ? `const keys = ${keys}.split('|');
           export const unpack = (packed) => {
             const texts = {};
             packed.split('|').forEach((text, i) => { texts[keys[i]] = text; });
             return texts;
           };
           export const en = unpack(${packed});`
        : `import { unpack } from './en'; export const ${language} = unpack(${packed});`;
    },
  };
}
