// Windows of the register itself. `register.dialogs` is a stack of `{kind, …}`; apps have theirs in ../apps/popup.js.

import { incomingArrives } from '../core/incoming.js';
import { moneyText, toMinor } from '../core/money.js';
import { addProduct, changeCount, setComment, setTable } from '../core/sale.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { keypad, typed } from './keypad.js';
import { paper } from './paper.js';

const TABLES = 12;
const GRAMS_CHARS_MAX = 5;

export function openDialog(register, kind, given = {}) {
  register.dialogs = [...register.dialogs, { kind, value: '', error: '', ...given }];
  register.changed();
}

function closeDialog(register, dialog) {
  if (dialog.finish) dialog.finish(dialog.kind === 'camera' ? { barcode: '' } : { success: false });
  register.dialogs = register.dialogs.filter((other) => other !== dialog);
  register.changed();
}

/** All open windows, the newest on top. */
export function dialogs(register) {
  return register.dialogs.map((dialog, index) => {
    const { title, body, wide } = KINDS[dialog.kind](register, dialog, () => closeDialog(register, dialog));
    return h(
      'div',
      { class: 'dialog-backdrop', 'data-key': `${dialog.kind}-${index}` },
      h(
        'section',
        {
          class: wide ? 'dialog wide' : 'dialog',
          role: 'dialog',
          'aria-modal': 'true',
          'aria-label': title,
          test: `dialog-${dialog.kind}`,
        },
        h(
          'header',
          null,
          h('h2', null, title),
          h(
            'button',
            {
              class: 'icon-button',
              'aria-label': 'Close',
              test: 'dialog-close',
              onclick: () => closeDialog(register, dialog),
            },
            icon('close'),
          ),
        ),
        body,
      ),
    );
  });
}

const KINDS = {
  modifications: (register, { order, product }, close) => ({
    title: product.name,
    body: h(
      'div',
      { class: 'choices' },
      product.modifications.map((modification) =>
        h(
          'button',
          {
            class: 'choice',
            test: `modification-${modification.id}`,
            onclick: () => {
              close();
              addProduct(register, order, product.id, modification.id);
            },
          },
          h('span', null, modification.name),
          h('strong', null, moneyText(toMinor(modification.price), register.symbol)),
        ),
      ),
    ),
  }),

  weight: (register, dialog, close) => ({
    title: `${(dialog.product || dialog.line).name}: weight`,
    body: h(
      'div',
      null,
      h('p', { class: 'big-value', test: 'grams' }, `${dialog.value || 0} g`),
      keypad({
        prefix: 'gram',
        onKey: (key) => {
          dialog.value = typed(dialog.value, key, GRAMS_CHARS_MAX);
          register.changed();
        },
      }),
      h(
        'button',
        {
          class: 'primary wide',
          test: 'weight-done',
          disabled: !Number(dialog.value),
          onclick: () => {
            close();
            weigh(register, dialog);
          },
        },
        'Done',
      ),
    ),
  }),

  comment: (register, dialog, close) => ({
    title: 'Comment',
    body: textForm(register, dialog, {
      label: 'Comment for the staff and the receipt',
      action: 'Save',
      test: 'comment',
      onDone: (text) => {
        close();
        setComment(register, dialog.order, text);
      },
    }),
  }),

  table: (register, { order }, close) => ({
    title: 'Table',
    body: h(
      'div',
      { class: 'tables' },
      Array.from({ length: TABLES }, (_, index) =>
        h(
          'button',
          {
            class: order.tableId === index + 1 ? 'choice current' : 'choice',
            test: `table-${index + 1}`,
            onclick: () => {
              close();
              setTable(register, order, index + 1);
            },
          },
          String(index + 1),
        ),
      ),
    ),
  }),

  confirm: (register, { title, text, action, onYes }, close) => ({
    title,
    body: h(
      'div',
      null,
      h('p', null, text),
      h(
        'div',
        { class: 'row-end' },
        h('button', { class: 'secondary', test: 'confirm-no', onclick: close }, 'Cancel'),
        h(
          'button',
          {
            class: 'primary',
            test: 'confirm-yes',
            onclick: () => {
              close();
              onYes();
            },
          },
          action,
        ),
      ),
    ),
  }),

  paper: (register, { orderId, title }, close) => {
    const order = register.order(orderId);
    return {
      title,
      body: h(
        'div',
        { class: 'paper-place' },
        order ? paper(register, order, { title }) : null,
        h('button', { class: 'primary wide', test: 'paper-close', onclick: close }, 'Close'),
      ),
    };
  },

  camera: (register, dialog) => ({
    title: 'Camera',
    body: h(
      'div',
      null,
      h('p', { class: 'hint' }, 'This stands for the tablet\u2019s camera: type or paste what the code contains.'),
      h('div', { class: 'viewfinder', 'aria-hidden': 'true' }, icon('scan')),
      textForm(register, dialog, {
        label: 'Code',
        action: 'Scan',
        test: 'camera',
        onDone: (text) => dialog.finish({ barcode: text }),
      }),
    ),
  }),

  manager: (register, dialog) => ({
    title: 'Manager\u2019s PIN',
    body: h(
      'div',
      null,
      h(
        'p',
        { class: 'hint' },
        `${dialog.app ? dialog.app.name : 'The register'} asks for a manager\u2019s permission.`,
      ),
      h('p', { class: 'big-value', test: 'manager-value' }, '•'.repeat(dialog.value.length) || '\u00a0'),
      h('p', { class: 'error', role: 'alert' }, dialog.error),
      keypad({
        prefix: 'manager',
        onKey: (key) => {
          dialog.value = typed(dialog.value, key, 8);
          dialog.error = '';
          register.changed();
        },
      }),
      h(
        'button',
        {
          class: 'primary wide',
          test: 'manager-enter',
          disabled: !dialog.value,
          onclick: () => tryPin(register, dialog),
        },
        'Allow',
      ),
    ),
  }),

  incoming: (register, dialog, close) => ({
    title: 'Simulate incoming order',
    body: textForm(register, dialog, {
      label: 'Phone of the guest',
      action: 'Send',
      test: 'incoming-phone',
      onDone: (phone) => {
        close();
        incomingArrives(register, { phone, firstName: 'Guest' });
      },
    }),
  }),
};

function textForm(register, dialog, { label, action, test, onDone }) {
  return h(
    'form',
    {
      class: 'text-form',
      onsubmit: (event) => {
        event.preventDefault();
        onDone(dialog.value);
      },
    },
    h(
      'label',
      { class: 'labelled' },
      label,
      h('input', {
        class: 'field',
        type: 'text',
        test: `${test}-input`,
        autocomplete: 'off',
        value: dialog.value,
        'data-autofocus': true,
        oninput: (event) => (dialog.value = event.target.value),
      }),
    ),
    h('div', { class: 'row-end' }, h('button', { class: 'primary', test: `${test}-done` }, action)),
  );
}

function weigh(register, { order, product, line, value }) {
  const grams = Number(value);
  if (line) changeCount(register, order, line.productId, line.modification, grams);
  else addProduct(register, order, product.id, 0, grams);
}

async function tryPin(register, dialog) {
  const answer = await dialog.check(dialog.value);
  if (answer.success) {
    dialog.finish(answer);
    return;
  }
  dialog.value = '';
  dialog.error = 'This PIN gives no manager\u2019s rights.';
  register.changed();
}
