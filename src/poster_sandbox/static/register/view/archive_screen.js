import { moneyText } from '../core/money.js';
import { totals } from '../core/order.js';
import { toPosterOrder } from '../core/order_json.js';
import { deleteReceipt, refund } from '../core/archive.js';
import { openDialog } from './dialogs.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { paper } from './paper.js';
import { go } from './top_bar.js';

export function archiveScreen(register, apps) {
  const { archive } = register.ui;
  const receipt = archive.receipts.find((one) => one.order.id === archive.selectedId);
  return h(
    'main',
    { class: 'archive-screen', test: 'archive-screen', 'data-key': 'archive' },
    h(
      'section',
      { class: 'archive-list', 'aria-label': 'Receipts' },
      h(
        'div',
        { class: 'page-head' },
        h('button', { class: 'square', 'aria-label': 'Back', onclick: () => go(register, 'functions') }, icon('back')),
        h('h1', null, 'Receipts'),
      ),
      archive.error ? h('p', { class: 'hint' }, archive.error) : null,
      archive.receipts.length ? null : h('p', { class: 'hint' }, 'No receipts yet.'),
      h(
        'ul',
        null,
        archive.receipts.map((one) => row(register, one)),
      ),
    ),
    receipt
      ? detail(register, apps, receipt)
      : h('section', { class: 'archive-detail empty' }, h('p', { class: 'hint' }, 'Choose a receipt.')),
  );
}

function row(register, receipt) {
  const { archive } = register.ui;
  const { order } = receipt;
  const select = () => {
    Object.assign(archive, { selectedId: order.id, returned: {}, menuOpen: false });
    register.changed();
  };
  return h(
    'li',
    null,
    h(
      'button',
      {
        class: archive.selectedId === order.id ? 'receipt-row current' : 'receipt-row',
        test: `receipt-${order.id}`,
        onclick: select,
      },
      h('strong', null, order.orderName ? `№ ${order.orderName}` : 'Not synced yet'),
      h('span', null, moneyText(totals(order).due, register.symbol)),
      h('small', null, new Date(order.dateClose).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' })),
    ),
  );
}

function detail(register, apps, receipt) {
  const chosen = chosenProducts(register, receipt);
  const ask = (title, text, action, run) =>
    openDialog(register, 'confirm', { title, text, action, onYes: () => report(register, run()) });
  return h(
    'section',
    { class: 'archive-detail', 'aria-label': 'Receipt' },
    h('div', { class: 'archive-paper' }, paper(register, receipt.order, { title: 'Receipt' })),
    h(
      'div',
      { class: 'archive-actions' },
      h('div', { class: 'row-between' }, h('h2', null, 'Return'), moreOfApps(register, apps, receipt)),
      h(
        'ul',
        { class: 'return-lines' },
        receipt.order.lines.map((line, index) => returnLine(register, line, String(index))),
      ),
      h(
        'button',
        {
          class: 'secondary wide',
          test: 'refund-lines',
          disabled: !chosen.length,
          onclick: () =>
            ask('Return the chosen lines?', 'The money goes back to the guest.', 'Return', () =>
              refund(register, receipt, chosen),
            ),
        },
        'Return chosen lines',
      ),
      h(
        'button',
        {
          class: 'secondary wide',
          test: 'refund-all',
          onclick: () =>
            ask('Return the whole receipt?', 'The money goes back to the guest.', 'Return everything', () =>
              refund(register, receipt),
            ),
        },
        'Return everything',
      ),
      h(
        'button',
        {
          class: 'danger wide',
          test: 'delete-receipt',
          onclick: () =>
            ask('Delete this receipt?', 'It disappears from the books.', 'Delete', () =>
              deleteReceipt(register, receipt),
            ),
        },
        'Delete receipt',
      ),
    ),
  );
}

function returnLine(register, line, key) {
  const { returned } = register.ui.archive;
  const left = line.count - (line.refunded || 0);
  const step = line.unit === 'kg' ? left : 1;
  const count = returned[key] || 0;
  const set = (value) => {
    returned[key] = Math.max(0, Math.min(left, value));
    register.changed();
  };
  const unit = line.unit === 'kg' ? ' g' : '';
  return h(
    'li',
    null,
    h('span', { class: 'line-name' }, line.name, h('small', { class: 'hint' }, ` ${left}${unit} left`)),
    h(
      'span',
      { class: 'stepper' },
      h(
        'button',
        {
          class: 'step',
          'aria-label': `Return less ${line.name}`,
          test: `return-minus-${key}`,
          onclick: () => set(count - step),
        },
        icon('minus'),
      ),
      h('output', { class: 'count', test: `return-count-${key}` }, `${count}`),
      h(
        'button',
        {
          class: 'step',
          'aria-label': `Return more ${line.name}`,
          test: `return-plus-${key}`,
          disabled: count >= left,
          onclick: () => set(count + step),
        },
        icon('plus'),
      ),
    ),
  );
}

function chosenProducts(register, receipt) {
  const { returned } = register.ui.archive;
  return receipt.order.lines
    .map((line, index) => ({ key: String(index), count: returned[index] || 0 }))
    .filter((one) => one.count > 0);
}

async function report(register, outcome) {
  const problem = await outcome;
  register.ui.archive.returned = {};
  register.toast(problem || 'Done.', problem ? 'warning' : 'info');
}

function moreOfApps(register, apps, receipt) {
  const { archive } = register.ui;
  const icons = apps.iconsAt('receiptsArchive');
  if (!icons.length) return null;
  const toggle = () => {
    archive.menuOpen = !archive.menuOpen;
    register.changed();
  };
  return h(
    'div',
    { class: 'more down' },
    h('button', { class: 'square', 'aria-label': 'More', test: 'archive-more', onclick: toggle }, icon('more')),
    archive.menuOpen
      ? h(
          'div',
          { class: 'more-items', role: 'menu' },
          icons.map(({ app, label }) =>
            h(
              'button',
              {
                role: 'menuitem',
                class: 'of-app',
                test: `app-archive-${app.id}`,
                onclick: () => {
                  toggle();
                  apps.iconClicked(app, 'receiptsArchive', toPosterOrder(receipt.order));
                },
              },
              label,
            ),
          ),
        )
      : null,
  );
}
