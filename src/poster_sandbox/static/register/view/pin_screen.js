import { logIn } from '../core/staff.js';
import { h } from './dom.js';
import { keypad, typed } from './keypad.js';

const PIN_CHARS_MAX = 8;

export function pinScreen(register) {
  const { ui, bootstrap } = register;
  const press = (key) => {
    ui.pin = typed(ui.pin, key, PIN_CHARS_MAX);
    ui.pinError = '';
    register.changed();
  };
  return h(
    'main',
    { class: 'pin-screen', test: 'pin-screen', 'data-key': 'pin' },
    h(
      'div',
      { class: 'pin-place' },
      h('p', { class: 'pin-account' }, bootstrap.spot.name),
      h('h1', null, bootstrap.tablet.name),
      h('p', { class: 'pin-address' }, bootstrap.spot.address),
    ),
    h(
      'form',
      { class: 'pin-form', onsubmit: (event) => submit(event, register) },
      h('p', { class: 'pin-label', id: 'pin-label' }, 'Enter your PIN'),
      h(
        'div',
        { class: 'pin-dots', 'aria-labelledby': 'pin-label', role: 'status' },
        [0, 1, 2, 3].map((index) => h('span', { class: index < ui.pin.length ? 'dot filled' : 'dot' })),
      ),
      h('p', { class: 'pin-error', role: 'alert', test: 'pin-error' }, ui.pinError),
      keypad({ prefix: 'pin', onKey: press }),
      h('button', { class: 'primary wide', test: 'pin-enter' }, 'Sign in'),
    ),
  );
}

/** Keys of a real keyboard, while nobody is signed in. */
export function pinKeyPressed(register, event) {
  if (event.key === 'Enter') submit(event, register);
  const key = event.key === 'Backspace' ? 'erase' : event.key;
  if (!/^(\d|erase)$/.test(key)) return;
  register.ui.pin = typed(register.ui.pin, key, PIN_CHARS_MAX);
  register.changed();
}

async function submit(event, register) {
  event.preventDefault();
  const { pin } = register.ui;
  if (!pin) return;
  register.ui.pin = '';
  const problem = await logIn(register, pin);
  register.ui.pinError = problem || '';
  register.changed();
}
