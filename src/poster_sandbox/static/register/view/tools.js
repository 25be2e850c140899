// The strip below the register: what stands around a real one (a scanner, the network, the device). Not part of Poster.

import { typeKeys } from '../frame/scanner_keys.js';
import { cardScanned } from '../core/guests.js';
import { h } from './dom.js';
import { icon } from './icons.js';

const LANGUAGES = ['en', 'ua', 'pl', 'ru'];

export function tools(register, apps) {
  return [
    h('strong', { class: 'tools-name' }, 'Sandbox'),
    h(
      'form',
      { class: 'scanner', onsubmit: (event) => scanned(event, register, apps) },
      h('label', { class: 'visually-hidden', for: 'scanner' }, 'USB scanner'),
      icon('scan'),
      h('input', {
        id: 'scanner',
        class: 'tool-field',
        type: 'text',
        placeholder: 'USB scanner: code, then Enter',
        autocomplete: 'off',
        spellcheck: 'false',
        test: 'scanner-input',
        'data-tool': true,
      }),
      h('button', { class: 'tool-button', test: 'scanner-send' }, 'Scan'),
    ),
    toggle(register, 'Android', 'platform-switch', register.switches.platform === 'android', () =>
      setPlatform(register, apps),
    ),
    toggle(
      register,
      register.sync.waiting ? `Offline (${register.sync.waiting} waiting)` : 'Offline',
      'offline-switch',
      register.switches.offline,
      () => setOffline(register),
    ),
    h(
      'label',
      { class: 'tool-label' },
      'Language',
      h(
        'select',
        {
          class: 'tool-field',
          test: 'lang-switch',
          onchange: (event) => setLanguage(register, apps, event.target.value),
        },
        LANGUAGES.map((lang) => h('option', { value: lang, selected: lang === register.switches.lang }, lang)),
      ),
    ),
  ];
}

function toggle(register, label, test, on, onclick) {
  return h(
    'button',
    { class: on ? 'tool-toggle on' : 'tool-toggle', role: 'switch', 'aria-checked': String(on), test, onclick },
    h('span', { class: 'knob', 'aria-hidden': 'true' }),
    label,
  );
}

function setPlatform(register, apps) {
  register.switches.platform = register.switches.platform === 'android' ? 'desktop' : 'android';
  register.keepSwitches();
  apps.restartAll();
}

function setLanguage(register, apps, lang) {
  register.switches.lang = lang;
  register.keepSwitches();
  apps.restartAll();
}

function setOffline(register) {
  register.switches.offline = !register.switches.offline;
  register.server.offline = register.switches.offline;
  register.keepSwitches();
  if (!register.switches.offline) register.sync.flush();
}

/** Keys go where the focus was before this box took it: into the app's window if one is open. */
async function scanned(event, register, apps) {
  event.preventDefault();
  const field = event.target.querySelector('input');
  const code = field.value;
  field.value = '';
  if (!code) return;
  const { app } = apps.popup;
  if (app) {
    app.iframe.focus();
    app.post({ kind: 'scan', text: code });
    return;
  }
  const target = register.lastFocused;
  if (target && target.isConnected && /^(INPUT|TEXTAREA)$/.test(target.tagName)) {
    target.focus();
    await typeKeys(code, target);
  } else if (register.screen === 'order') {
    await cardScanned(register, code);
  } else {
    register.toast('Nothing here takes a scanned code.', 'warning');
  }
}
