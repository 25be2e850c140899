import { acceptIncoming, declineIncoming } from '../core/incoming.js';
import { amountText, toMinor } from '../core/money.js';
import { h } from './dom.js';

/** The card of an online order that waits for a decision. */
export function incomingCard(register) {
  const { incoming } = register.ui;
  if (!incoming || !register.user) return null;
  const goods = Object.values(incoming.products)
    .map((product) => product.productName)
    .join(', ');
  return h(
    'section',
    { class: 'card incoming', test: 'incoming-order', 'aria-label': 'Incoming order' },
    h('strong', null, 'Incoming order'),
    h('p', null, `${incoming.client.phone}: ${goods}, ${amountText(toMinor(incoming.sum))}`),
    h(
      'div',
      { class: 'row-end' },
      h(
        'button',
        { class: 'secondary', test: 'incoming-decline', onclick: () => declineIncoming(register) },
        'Decline',
      ),
      h('button', { class: 'primary', test: 'incoming-accept', onclick: () => acceptIncoming(register) }, 'Accept'),
    ),
  );
}
