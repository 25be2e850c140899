// Which screen is shown, and what lies over it.

import { archiveScreen } from './archive_screen.js';
import { closedScreen } from './closed_screen.js';
import { dialogs } from './dialogs.js';
import { h, show } from './dom.js';
import { functionsScreen } from './functions_screen.js';
import { incomingCard } from './incoming_card.js';
import { noticeCentre, noticeStack } from './notices.js';
import { orderScreen } from './order_screen.js';
import { ordersScreen } from './orders_screen.js';
import { paymentScreen } from './payment_screen.js';
import { pinScreen } from './pin_screen.js';
import { tools } from './tools.js';
import { topBar } from './top_bar.js';

const SCREENS = {
  order: orderScreen,
  orders: ordersScreen,
  payment: paymentScreen,
  closed: closedScreen,
  archive: archiveScreen,
  functions: functionsScreen,
};

/** Draws the register again, at most once per turn of the event loop. */
export function drawOnChange(register, apps, { root, over, strip }) {
  let due = false;
  const draw = () => {
    due = false;
    show(root, register.user ? [topBar(register), screen(register, apps)] : pinScreen(register), waiting(register));
    root.inert = Boolean(apps.popup.app || register.dialogs.length);
    show(over, incomingCard(register), dialogs(register), noticeCentre(register), noticeStack(register));
    show(strip, tools(register, apps));
  };
  register.onChange(() => {
    if (due) return;
    due = true;
    setTimeout(draw, 0);
  });
  draw();
}

function screen(register, apps) {
  const needsOrder = register.screen === 'order' || register.screen === 'payment';
  const name = needsOrder && !register.activeOrder ? 'orders' : register.screen;
  return (SCREENS[name] || ordersScreen)(register, apps);
}

function waiting(register) {
  if (!register.waitingFor) return null;
  return h(
    'div',
    { class: 'waiting', test: 'waiting', role: 'status' },
    h('p', null, h('span', { class: 'spinner', 'aria-hidden': 'true' }), `Waiting for ${register.waitingFor}…`),
  );
}
