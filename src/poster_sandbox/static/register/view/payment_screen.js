import { amountText, moneyText, toMinor } from '../core/money.js';
import { totals } from '../core/order.js';
import { toPosterOrder } from '../core/order_json.js';
import { backToOrder, closeOrder, closeWithoutPayment } from '../core/payment.js';
import { openDialog } from './dialogs.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { keypad, typed } from './keypad.js';
import { totalRows } from './order_screen.js';
import { orderTitle } from './top_bar.js';

const SUM_CHARS_MAX = 9;
const NOTES_MINOR = [10000, 20000, 50000, 100000];

export function paymentScreen(register, apps) {
  const order = register.activeOrder;
  return h(
    'main',
    { class: 'payment-screen', test: 'payment-screen', 'data-key': 'payment' },
    h(
      'section',
      { class: 'order-panel', 'aria-label': 'Order' },
      summaryHead(register, order),
      summaryLines(order),
      summaryFoot(register, apps, order),
    ),
    tenders(register, order),
  );
}

function summaryHead(register, order) {
  return h(
    'div',
    { class: 'order-head' },
    h(
      'button',
      {
        class: 'square',
        'aria-label': 'Back to the order',
        test: 'payment-back',
        onclick: () => backToOrder(register),
      },
      icon('back'),
    ),
    h('div', { class: 'order-name' }, h('h1', null, orderTitle(order))),
  );
}

function summaryLines(order) {
  return h(
    'ul',
    { class: 'order-lines read' },
    order.lines.map((line) =>
      h(
        'li',
        { class: 'order-line' },
        h('span', { class: 'line-name' }, line.name),
        h('span', { class: 'count' }, line.unit === 'kg' ? `${line.count} g` : `× ${line.count}`),
      ),
    ),
  );
}

function summaryFoot(register, apps, order) {
  const icons = [
    ...apps.iconsAt('payment').map((one) => ({ ...one, test: `app-payment-${one.app.id}` })),
    ...register.payButtons.map((one) => ({ ...one, test: `app-pay-button-${one.app.id}` })),
  ];
  return h(
    'div',
    { class: 'order-foot' },
    totalRows(register, order),
    icons.map(({ app, label, test }) =>
      h(
        'button',
        { class: 'secondary wide of-app', test, onclick: () => apps.iconClicked(app, 'payment', toPosterOrder(order)) },
        label,
      ),
    ),
  );
}

function tenders(register, order) {
  const { due } = totals(order);
  const { ui } = register;
  const cash = toMinor(ui.tender.cash || 0) || 0;
  const card = toMinor(ui.tender.card || 0) || 0;
  const left = due - cash - card;
  const problem = card > due ? 'The card cannot pay more than is due.' : '';
  return h(
    'section',
    { class: 'tenders', 'aria-label': 'Payment' },
    h(
      'div',
      { class: 'due' },
      h('span', null, 'To pay'),
      h('strong', { test: 'due' }, moneyText(due, register.symbol)),
    ),
    h('div', { class: 'tender-row' }, tender(register, due, 'cash', 'Cash'), tender(register, due, 'card', 'Card')),
    h(
      'div',
      { class: 'tender-pad' },
      keypad({ prefix: 'sum', extra: '.', onKey: (key) => typeSum(register, key) }),
      h(
        'div',
        { class: 'notes' },
        NOTES_MINOR.map((minor) =>
          h(
            'button',
            { class: 'secondary', test: `note-${minor / 100}`, onclick: () => setTender(register, 'cash', minor) },
            amountText(minor),
          ),
        ),
      ),
    ),
    h(
      'p',
      { class: problem ? 'left error' : 'left', role: 'status', test: 'left' },
      problem ||
        (left > 0
          ? `Left to pay: ${moneyText(left, register.symbol)}`
          : `Change: ${moneyText(-left, register.symbol)}`),
    ),
    h(
      'div',
      { class: 'closing' },
      h(
        'button',
        {
          class: 'secondary',
          test: 'close-without-payment',
          onclick: () => openDialog(register, 'confirm', withoutPayment(register, order)),
        },
        'Close without payment',
      ),
      h(
        'button',
        {
          class: 'pay',
          test: 'close-receipt',
          disabled: left > 0 || Boolean(problem),
          onclick: () => close(register, order, { cash, card }),
        },
        'Close receipt',
      ),
    ),
  );
}

function tender(register, due, name, label) {
  const { ui } = register;
  const current = ui.tenderField === name ? ' current' : '';
  return h(
    'button',
    {
      class: `tender${current}`,
      test: `tender-${name}`,
      'aria-pressed': String(Boolean(current)),
      onclick: () => chooseTender(register, due, name),
    },
    h('span', null, label),
    h('strong', { test: `tender-${name}-sum` }, amountText(toMinor(ui.tender[name] || 0) || 0)),
  );
}

/** One tap pays the rest with that tender; digits typed afterwards take the place of the sum. */
function chooseTender(register, due, name) {
  const { ui } = register;
  const other = name === 'cash' ? 'card' : 'cash';
  const rest = due - (toMinor(ui.tender[other] || 0) || 0);
  setTender(register, name, rest > 0 ? rest : due, rest > 0 ? other : null);
}

function setTender(register, name, minor, keep = name === 'cash' ? 'card' : 'cash') {
  const { ui } = register;
  const other = name === 'cash' ? 'card' : 'cash';
  ui.tender = { [name]: (minor / 100).toFixed(2), [other]: keep === other ? ui.tender[other] : '' };
  ui.tenderField = name;
  ui.replaceSum = true;
  register.changed();
}

function typeSum(register, key) {
  const { ui } = register;
  const before = ui.replaceSum && key !== 'erase' ? '' : ui.tender[ui.tenderField];
  ui.replaceSum = false;
  ui.tender = { ...ui.tender, [ui.tenderField]: typed(before, key, SUM_CHARS_MAX) };
  register.changed();
}

function close(register, order, tendered) {
  const { due } = totals(order);
  const problem = closeOrder(register, order, tendered);
  if (problem) register.toast(problem, 'warning');
  register.ui.change = Math.max(0, tendered.cash + tendered.card - due);
  register.changed();
}

function withoutPayment(register, order) {
  return {
    title: 'Close without payment?',
    text: 'Nobody pays for this order. The receipt is closed with nothing taken.',
    action: 'Close without payment',
    onYes: () => {
      register.ui.change = 0;
      closeWithoutPayment(register, order);
    },
  };
}
