import { moneyText } from '../core/money.js';
import { totals } from '../core/order.js';
import { leaveOrder, openOrder, showOrder } from '../core/sale.js';
import { h } from './dom.js';
import { icon } from './icons.js';

const TABS_MAX = 3;

/** The dark bar over every screen but the PIN's. */
export function topBar(register) {
  const unread = register.notifications.filter((one) => one.status < 2).length;
  return h(
    'header',
    { class: 'top-bar' },
    h('nav', { class: 'order-tabs', 'aria-label': 'Open orders' }, tabs(register)),
    h('time', { class: 'clock', test: 'clock' }, register.clockText || ''),
    h('span', { class: 'user', test: 'active-user' }, register.user ? register.user.name : ''),
    barButton('bell', 'Notifications', 'notices', () => toggleNotices(register), unread),
    barButton('functions', 'Functions', 'functions', () => go(register, 'functions')),
  );
}

function tabs(register) {
  const shown = register.openOrders.slice(-TABS_MAX);
  const hidden = register.openOrders.length - shown.length;
  return [
    h(
      'button',
      {
        class: `order-tab all${register.screen === 'orders' ? ' current' : ''}`,
        test: 'all-orders',
        onclick: () => leaveOrder(register),
      },
      hidden > 0 ? `Orders (${register.openOrders.length})` : 'Orders',
    ),
    shown.map((order) => tab(register, order)),
    h(
      'button',
      {
        class: 'order-tab new',
        test: 'new-order',
        'aria-label': 'New order',
        title: 'New order',
        onclick: () => openOrder(register),
      },
      icon('plus'),
    ),
  ];
}

function tab(register, order) {
  const current = order.id === register.activeId ? ' current' : '';
  return h(
    'button',
    { class: `order-tab${current}`, test: `order-tab-${order.id}`, onclick: () => showOrder(register, order.id) },
    h('span', null, orderTitle(order)),
    h('small', null, moneyText(totals(order).total, register.symbol)),
  );
}

/** "Order 1042" once the back office has numbered it, the opening time before. */
export function orderTitle(order) {
  if (order.orderName) return `№ ${order.orderName}`;
  return new Date(order.id).toLocaleTimeString('en-GB');
}

function barButton(iconName, label, test, onclick, count = 0) {
  return h(
    'button',
    { class: 'bar-button', 'aria-label': label, title: label, test, onclick },
    icon(iconName),
    count ? h('span', { class: 'badge', test: `${test}-count` }, String(count)) : null,
  );
}

function toggleNotices(register) {
  register.ui.noticesOpen = !register.ui.noticesOpen;
  register.changed();
}

export function go(register, screen) {
  register.screen = screen;
  register.ui.noticesOpen = false;
  register.changed();
}
