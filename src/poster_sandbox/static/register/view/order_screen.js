import { amountText, lineSum, moneyText } from '../core/money.js';
import { totals } from '../core/order.js';
import { toPosterOrder } from '../core/order_json.js';
import { pressPay } from '../core/payment.js';
import * as sale from '../core/sale.js';
import { clientName } from '../core/guests.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { clientPanel, openClientPanel } from './client_panel.js';
import { openDialog } from './dialogs.js';
import { orderTitle } from './top_bar.js';

export function orderScreen(register, apps) {
  const order = register.activeOrder;
  return h(
    'main',
    { class: 'order-screen', test: 'order-screen', 'data-key': 'order' },
    h(
      'section',
      { class: 'order-panel', 'aria-label': 'Order' },
      head(register, order),
      lines(register, order),
      foot(register, apps, order),
    ),
    register.ui.clientPanel ? clientPanel(register, order) : menu(register, order),
  );
}

function head(register, order) {
  const client = register.clients.get(order.clientId);
  const open = Boolean(register.ui.clientPanel);
  return h(
    'div',
    { class: 'order-head' },
    h(
      'div',
      { class: 'order-name' },
      h('h1', null, orderTitle(order)),
      order.comment ? h('p', { test: 'order-comment' }, order.comment) : null,
    ),
    register.settings.usesTables
      ? h(
          'button',
          { class: 'quiet', test: 'table', onclick: () => openDialog(register, 'table', { order }) },
          order.tableId ? `Table ${order.tableId}` : 'Table',
        )
      : null,
    h(
      'button',
      {
        class: `guest-tab${open ? ' current' : ''}`,
        test: 'client-tab',
        'aria-pressed': String(open),
        onclick: () => openClientPanel(register),
      },
      icon('guest'),
      h(
        'span',
        { test: 'order-client' },
        order.clientId ? (client ? clientName(client) : `Client ${order.clientId}`) : 'Guest',
      ),
    ),
  );
}

function lines(register, order) {
  if (!order.lines.length) {
    return h('div', { class: 'order-empty' }, icon('receipt'), h('p', null, 'Choose goods from the menu.'));
  }
  return h(
    'ul',
    { class: 'order-lines' },
    order.lines.map((line) => orderLine(register, order, line)),
  );
}

function orderLine(register, order, line) {
  const set = (count) => sale.changeCount(register, order, line.productId, line.modification, count);
  const weight = line.unit === 'kg';
  const hook = `${line.productId}${line.modification ? `-${line.modification}` : ''}`;
  const stepper = weight
    ? h(
        'button',
        {
          class: 'quiet grams',
          test: `weight-${hook}`,
          onclick: () => openDialog(register, 'weight', { order, line, value: String(line.count) }),
        },
        `${line.count} g`,
      )
    : [
        stepButton('minus', `Less ${line.name}`, `line-minus-${hook}`, () => set(line.count - 1)),
        h('output', { class: 'count', test: `line-count-${hook}` }, String(line.count)),
        stepButton('plus', `More ${line.name}`, `line-plus-${hook}`, () => set(line.count + 1)),
      ];
  return h(
    'li',
    { class: 'order-line', test: 'order-line', 'data-product': line.productId },
    h('span', { class: 'line-name' }, line.name, line.nodiscount ? h('small', { class: 'tag' }, 'no discounts') : null),
    h('span', { class: 'stepper' }, stepper),
    h('span', { class: 'line-sum' }, amountText(lineSum(line))),
    h(
      'button',
      { class: 'icon-button', 'aria-label': `Remove ${line.name}`, test: `line-remove-${hook}`, onclick: () => set(0) },
      icon('close'),
    ),
  );
}

function stepButton(iconName, label, test, onclick) {
  return h('button', { class: 'step', 'aria-label': label, test, onclick }, icon(iconName));
}

function foot(register, apps, order) {
  const { due } = totals(order);
  return h(
    'div',
    { class: 'order-foot' },
    totalRows(register, order),
    h(
      'div',
      { class: 'order-actions' },
      moreMenu(register, apps, order),
      h(
        'button',
        {
          class: 'square',
          'aria-label': 'Print the pre-check',
          title: 'Pre-check',
          test: 'print-precheck',
          disabled: !order.lines.length,
          onclick: () => sale.printPreCheck(register, order),
        },
        icon('print'),
      ),
      register.shift
        ? h(
            'button',
            {
              class: 'pay',
              test: 'pay',
              disabled: !order.lines.length || Boolean(register.waitingFor),
              onclick: () => pressPay(register),
            },
            h('span', null, 'Pay'),
            h('strong', { test: 'order-due' }, moneyText(due, register.symbol)),
          )
        : h('p', { class: 'shift-needed', test: 'shift-needed' }, 'Open the cash shift under Functions to take money.'),
    ),
  );
}

/** Sum, discounts and what is due; shown on the order, payment and archive screens. */
export function totalRows(register, order) {
  const { subtotal, discountSum, total } = totals(order);
  const row = (label, minor, test, strong) =>
    h(
      'div',
      { class: strong ? 'sum-row strong' : 'sum-row' },
      h('span', null, label),
      h('span', { test }, moneyText(minor, register.symbol)),
    );
  return h(
    'div',
    { class: 'sums' },
    discountSum ? row('Subtotal', subtotal, 'subtotal') : null,
    discountSum ? row(`Group discount ${order.discount} %`, -discountSum, 'group-discount') : null,
    row('Total', total, 'total', true),
    order.platformDiscount
      ? row(`Loyalty (${appName(register, order)})`, -order.platformDiscount, 'platform-discount')
      : null,
    order.approvedBonus ? row('Poster bonus', -order.approvedBonus, 'poster-bonus') : null,
  );
}

export function appName(register, order) {
  const app = register.bootstrap.apps.find((one) => Number(one.applicationId) === Number(order.loyaltyAppId));
  return app ? app.title || app.applicationName : 'app';
}

function moreMenu(register, apps, order) {
  const { ui } = register;
  const choose = (action) => () => {
    ui.orderMenuOpen = false;
    register.changed();
    action();
  };
  const items = [
    ...apps.iconsAt('order').map(({ app, label }) =>
      h(
        'button',
        {
          role: 'menuitem',
          class: 'of-app',
          test: `app-order-${app.id}`,
          onclick: choose(() => apps.iconClicked(app, 'order', toPosterOrder(order))),
        },
        label,
      ),
    ),
    h(
      'button',
      {
        role: 'menuitem',
        test: 'set-comment',
        onclick: choose(() => openDialog(register, 'comment', { order, value: order.comment })),
      },
      'Comment',
    ),
    h(
      'button',
      {
        role: 'menuitem',
        class: 'danger',
        test: 'delete-order',
        onclick: choose(() => openDialog(register, 'confirm', deletion(register, order))),
      },
      'Delete order',
    ),
  ];
  return h(
    'div',
    { class: 'more' },
    h(
      'button',
      {
        class: 'square',
        'aria-label': 'More',
        'aria-haspopup': 'menu',
        'aria-expanded': String(ui.orderMenuOpen),
        test: 'more-menu',
        onclick: () => toggle(register),
      },
      icon('more'),
    ),
    ui.orderMenuOpen ? h('div', { class: 'more-items', role: 'menu' }, items) : null,
  );
}

function toggle(register) {
  register.ui.orderMenuOpen = !register.ui.orderMenuOpen;
  register.changed();
}

function deletion(register, order) {
  return {
    title: 'Delete this order?',
    text: order.lines.length ? 'Its goods are struck out of the open orders.' : 'It is empty.',
    action: 'Delete',
    onYes: () => sale.deleteOrder(register, order),
  };
}
