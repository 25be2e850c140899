import { moneyText } from '../core/money.js';
import { openOrder } from '../core/sale.js';
import { h } from './dom.js';
import { paper } from './paper.js';

export function closedScreen(register) {
  const order = register.closed.find((one) => one.id === register.closedId);
  const change = register.ui.change || 0;
  return h(
    'main',
    { class: 'closed-screen', test: 'closed-screen', 'data-key': 'closed' },
    h(
      'section',
      { class: 'closed-words' },
      h('p', { class: 'closed-mark', 'aria-hidden': 'true' }, '✓'),
      h('h1', null, order && order.payType === 'close' ? 'Closed without payment' : 'Receipt closed'),
      change ? h('p', { class: 'change', test: 'change' }, `Change: ${moneyText(change, register.symbol)}`) : null,
      h(
        'p',
        { class: 'hint', test: 'closed-number' },
        order && order.orderName
          ? `Receipt № ${order.orderName}`
          : 'The receipt gets its number once the register is connected.',
      ),
      h('button', { class: 'pay', test: 'next-order', onclick: () => openOrder(register) }, 'Next order'),
    ),
    order ? h('section', { class: 'closed-paper' }, paper(register, order, { title: 'Receipt' })) : null,
  );
}
