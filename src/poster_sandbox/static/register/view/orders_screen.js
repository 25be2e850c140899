import { moneyText } from '../core/money.js';
import { totals } from '../core/order.js';
import { clientName } from '../core/guests.js';
import { openOrder, showOrder } from '../core/sale.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { orderTitle } from './top_bar.js';

/** All open orders of the spot, those of its other tablets as well. */
export function ordersScreen(register) {
  return h(
    'main',
    { class: 'page orders-screen', test: 'orders-screen', 'data-key': 'orders' },
    h(
      'div',
      { class: 'page-head' },
      h('h1', null, 'Open orders'),
      h(
        'button',
        { class: 'primary', test: 'open-order', onclick: () => openOrder(register) },
        icon('plus'),
        'New order',
      ),
    ),
    register.openOrders.length ? null : h('p', { class: 'hint' }, 'No open orders.'),
    h(
      'ul',
      { class: 'order-cards' },
      register.openOrders.map((order) => card(register, order)),
    ),
  );
}

function card(register, order) {
  const client = register.clients.get(order.clientId);
  const elsewhere = order.tabletId !== register.settings.spotTabletId;
  return h(
    'li',
    null,
    h(
      'button',
      { class: 'card order-card', test: `open-order-${order.id}`, onclick: () => showOrder(register, order.id) },
      h('strong', null, orderTitle(order)),
      h('span', { class: 'order-card-sum' }, moneyText(totals(order).due, register.symbol)),
      h(
        'small',
        null,
        [client ? clientName(client) : '', `${order.lines.length} lines`, elsewhere ? 'from another register' : '']
          .filter(Boolean)
          .join(' · '),
      ),
    ),
  );
}
