// What comes out of the printer.

import { amountText, lineSum, moneyText } from '../core/money.js';
import { totals } from '../core/order.js';
import { h } from './dom.js';
import { appName } from './order_screen.js';
import { qrPicture } from './qr_picture.js';

export function paper(register, order, { title }) {
  const { spot, tablet } = register.bootstrap;
  return h(
    'article',
    { class: 'paper', test: 'receipt-print', 'aria-label': title },
    h(
      'header',
      null,
      h('strong', null, spot.name),
      h('p', null, spot.address),
      h('p', null, `${tablet.name} · ${title}`),
    ),
    h(
      'p',
      { class: 'paper-meta' },
      h('span', null, order.orderName ? `№ ${order.orderName}` : 'No number yet'),
      h('span', null, timeText(order.dateClose || order.datePrint || order.id)),
    ),
    h('ul', null, order.lines.map(paperLine)),
    sums(register, order),
    appTexts(order).length
      ? h('p', { class: 'paper-text', test: 'receipt-print-text' }, appTexts(order).join('\n'))
      : null,
    order.printCode && !order.dateClose ? codeOf(order.printCode) : null,
    order.comment ? h('p', { class: 'paper-text' }, order.comment) : null,
    h('footer', null, order.dateClose ? 'Thank you!' : 'Not a receipt'),
  );
}

function timeText(ms) {
  return new Date(ms).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' });
}

function paperLine(line) {
  const count = line.unit === 'kg' ? `${(line.count / 1000).toFixed(3)} kg × ` : `${line.count} × `;
  return h(
    'li',
    null,
    h('span', null, line.name),
    h('span', null, `${count}${amountText(line.priceMinor)}`),
    h('span', null, amountText(lineSum(line))),
  );
}

function sums(register, order) {
  const { discountSum, total, due } = totals(order);
  const rows = [
    discountSum ? ['Discount', -discountSum] : null,
    ['Total', total],
    order.platformDiscount ? [`Loyalty (${appName(register, order)})`, -order.platformDiscount] : null,
    order.approvedBonus ? ['Bonus', -order.approvedBonus] : null,
    ['To pay', due],
    order.payed.cash ? ['Cash', order.payed.cash] : null,
    order.payed.card ? ['Card', order.payed.card] : null,
  ].filter(Boolean);
  return h(
    'dl',
    null,
    rows.map(([label, minor]) => [
      h('dt', { class: label === 'To pay' ? 'strong' : '' }, label),
      h('dd', { class: label === 'To pay' ? 'strong' : '' }, moneyText(minor, register.symbol)),
    ]),
  );
}

function appTexts(order) {
  return Object.values(order.printTexts || {}).filter(Boolean);
}

function codeOf({ content, title }) {
  return h(
    'figure',
    { class: 'paper-code', test: 'receipt-print-code', 'data-content': content },
    qrPicture(content),
    title ? h('figcaption', null, title) : null,
  );
}
