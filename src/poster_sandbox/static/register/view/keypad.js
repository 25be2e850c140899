// Digits under the finger: for PINs, sums and grams.

import { h } from './dom.js';
import { icon } from './icons.js';

const ROWS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** `onKey` gets a digit, the `extra` key's text, or 'erase'. Hooks are `<prefix>-<key>`. */
export function keypad({ prefix, onKey, extra = '' }) {
  const key = (name) =>
    h('button', { type: 'button', class: 'key', test: `${prefix}-${name}`, onclick: () => onKey(name) }, name);
  return h(
    'div',
    { class: 'keypad' },
    ROWS.map(key),
    extra ? key(extra) : h('span', { class: 'key-gap' }),
    key('0'),
    h(
      'button',
      { type: 'button', class: 'key', test: `${prefix}-erase`, 'aria-label': 'Erase', onclick: () => onKey('erase') },
      icon('backspace'),
    ),
  );
}

/** The text after a key; sums take one point and two places. */
export function typed(text, key, charsMax) {
  if (key === 'erase') return text.slice(0, -1);
  if (key === '.' && (text.includes('.') || !text)) return text;
  if (/\.\d\d$/.test(text) || text.length >= charsMax) return text;
  return text + key;
}
