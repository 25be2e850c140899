import { openArchive } from '../core/archive.js';
import { leaveOrder, openOrder, showOrder } from '../core/sale.js';
import { closeShift, logOut, openShift } from '../core/staff.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { openDialog } from './dialogs.js';

export function functionsScreen(register, apps) {
  return h(
    'main',
    { class: 'page functions-screen', test: 'functions-screen', 'data-key': 'functions' },
    h(
      'div',
      { class: 'page-head' },
      h(
        'button',
        { class: 'square', 'aria-label': 'Back to the orders', test: 'functions-back', onclick: () => back(register) },
        icon('back'),
      ),
      h('h1', null, 'Functions'),
    ),
    section(
      'Applications',
      apps
        .iconsAt('functions')
        .map(({ app, label }) =>
          action(label, `app-function-${app.id}`, () => apps.iconClicked(app, 'functions'), 'of-app'),
        ),
    ),
    section('Register', [
      action('Receipts archive', 'archive', () => openArchive(register)),
      register.shift
        ? action('Close the cash shift', 'shift-close', () => closeShift(register))
        : action('Open the cash shift', 'shift-open', () => openShift(register)),
      action('Sign out', 'log-out', () => logOut(register)),
    ]),
    section('Sandbox', [
      action(register.switches.fiscal ? 'Fiscal printing is on' : 'Fiscal printing is off', 'fiscal-switch', () =>
        flipFiscal(register),
      ),
      action('Simulate incoming order', 'simulate-incoming', () =>
        openDialog(register, 'incoming', { value: '+380501110001' }),
      ),
      action('Restart the register', 'restart-register', () => location.reload()),
      action('Forget what this register remembers', 'forget', () =>
        openDialog(register, 'confirm', forgetting(register)),
      ),
    ]),
    h(
      'section',
      null,
      h('h2', null, 'State of the applications'),
      apps.list.map((app) => appState(register, app)),
      queueState(register),
    ),
  );
}

function forgetting(register) {
  return {
    title: 'Forget everything?',
    text: 'Open orders, receipts and changes that were not sent yet are lost on this register. Poster and the apps keep theirs.',
    action: 'Forget',
    onYes: () => {
      register.drawer.empty();
      location.reload();
    },
  };
}

function section(title, items) {
  return h(
    'section',
    null,
    h('h2', null, title),
    items.length
      ? h('div', { class: 'function-tiles' }, items)
      : h('p', { class: 'hint' }, 'No application shows anything here.'),
  );
}

function action(label, test, onclick, kind = '') {
  return h('button', { class: `card function-tile ${kind}`, test, onclick }, label);
}

function back(register) {
  const order = register.orders.get(register.activeId) || register.openOrders.at(-1);
  if (order) showOrder(register, order.id);
  else if (register.user) openOrder(register);
  else leaveOrder(register);
}

function flipFiscal(register) {
  register.switches.fiscal = !register.switches.fiscal;
  register.keepSwitches();
}

const STATUS_WORDS = { starting: 'starting', running: 'running', restarting: 'being restarted', stopped: 'stopped' };

function appState(register, app) {
  const word = app.status === 'running' && !app.responding ? 'not responding' : STATUS_WORDS[app.status];
  return h(
    'div',
    { class: 'card app-state', test: `app-state-${app.id}`, 'data-status': app.status },
    h(
      'div',
      null,
      h('strong', null, app.name),
      h('p', { class: 'hint' }, `${word}${app.restarts ? `, restarted ${app.restarts} times` : ''}`),
    ),
    h('button', { class: 'secondary', test: `app-restart-${app.id}`, onclick: () => app.restart() }, 'Restart'),
    app.errors.length
      ? h(
          'pre',
          { class: 'app-errors', test: `app-errors-${app.id}` },
          app.errors.map((error) => error.text).join('\n'),
        )
      : null,
  );
}

function queueState(register) {
  const { sync } = register;
  const refused = sync.rejected.map((one) => `${one.path}: ${one.reason}`).join('\n');
  return h(
    'div',
    { class: 'card app-state' },
    h(
      'div',
      null,
      h('strong', null, 'Synchronisation'),
      h(
        'p',
        { class: 'hint', test: 'sync-waiting' },
        sync.waiting ? `${sync.waiting} changes wait for the connection` : 'everything is with the server',
      ),
    ),
    refused ? h('pre', { class: 'app-errors' }, refused) : null,
  );
}
