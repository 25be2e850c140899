/** Is the bundle fit for the register's oldest WebView (Chrome 64), and small enough? Prints its size in gzip bytes. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';

const GZIP_BYTES_MAX = 30_000;

/** Newer than Chrome 64 and easily called without a type error; the version that brought each is beside it. */
const TOO_NEW = [
  [/\.flat(Map)?\(/, 'Array.flat, 69'],
  [/[^.]\.at\(/, '.at, 92'],
  [/\.replaceAll\(/, 'String.replaceAll, 85'],
  [/\.matchAll\(/, 'String.matchAll, 73'],
  [/\.trim(Start|End)\(/, 'String.trimStart, 66'],
  [/\.findLast(Index)?\(/, 'Array.findLast, 97'],
  [/\.to(Sorted|Reversed|Spliced)\(/, 'Array.toSorted, 110'],
  [/\.replaceChildren\(/, 'replaceChildren, 86'],
  [/\.toggleAttribute\(/, 'toggleAttribute, 69'],
  [/Object\.(fromEntries|hasOwn|groupBy)\b/, 'Object.fromEntries, 73'],
  [/Promise\.(allSettled|any|try|withResolvers)\b/, 'Promise.allSettled, 76'],
  [/\b(globalThis|queueMicrotask|structuredClone|BigInt|WeakRef|AbortController|reportError)\b/, 'a global newer than 64'],
  [/randomUUID/, 'crypto.randomUUID, 92'],
  [/Intl\.(ListFormat|RelativeTimeFormat|Locale|DisplayNames|PluralRules\.prototype\.selectRange)/, 'Intl, 71 and later'],
];

const file = new URL('../dist/bundle.js', import.meta.url);
const source = readFileSync(file, 'utf8');
const faults = [];

try {
  parse(source, { ecmaVersion: 2018, sourceType: 'script' });
} catch (error) {
  faults.push(`not a classic ES2018 script: ${error.message}`);
}
for (const [pattern, name] of TOO_NEW) {
  const match = pattern.exec(source);
  if (match) faults.push(`${name}: …${source.slice(Math.max(0, match.index - 40), match.index + 40)}…`);
}
const gzipBytes = gzipSync(source, { level: 9 }).length;
if (gzipBytes > GZIP_BYTES_MAX) faults.push(`${gzipBytes} bytes gzip, at most ${GZIP_BYTES_MAX} are allowed`);

console.log(`till_bundle_gzip_bytes ${gzipBytes}`);
if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
