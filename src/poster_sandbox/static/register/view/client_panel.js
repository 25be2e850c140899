import { attachClient, clientName, createClient, findClients } from '../core/guests.js';
import { moneyText, toMinor } from '../core/money.js';
import { setClient, usePosterBonus } from '../core/sale.js';
import { h } from './dom.js';
import { icon } from './icons.js';

const SEARCH_PAUSE_MS = 200;

/** Opens the guest tab of the order, or goes back to the menu. */
export function openClientPanel(register) {
  register.ui.clientPanel = register.ui.clientPanel ? null : { search: '', found: null, form: null, error: '' };
  register.changed();
}

export function clientPanel(register, order) {
  const panel = register.ui.clientPanel;
  return h(
    'section',
    { class: 'client-panel', 'aria-label': 'Guest', 'data-key': 'client', test: 'client-panel' },
    h('h2', null, 'Guest of the order'),
    order.clientId ? attached(register, order) : null,
    panel.form ? newClientForm(register, order, panel) : search(register, order, panel),
  );
}

function attached(register, order) {
  const client = register.clients.get(order.clientId);
  return h(
    'div',
    { class: 'card attached', test: 'attached-client' },
    h(
      'div',
      null,
      h('strong', null, client ? clientName(client) : `Client ${order.clientId}`),
      client ? h('p', null, [client.phone, groupText(register, client)].filter(Boolean).join(' · ')) : null,
    ),
    client && client.loyaltyType === 1 && toMinor(client.bonus) > 0
      ? h(
          'button',
          { class: 'secondary', test: 'use-bonus', onclick: () => usePosterBonus(register, order, client) },
          order.approvedBonus
            ? 'Keep Poster bonus'
            : `Use Poster bonus ${moneyText(toMinor(client.bonus), register.symbol)}`,
        )
      : null,
    h(
      'button',
      { class: 'secondary', test: 'remove-client', onclick: () => setClient(register, order, null) },
      'Remove',
    ),
  );
}

function groupText(register, client) {
  const group = register.bootstrap.groups.find((one) => Number(one.id) === Number(client.groupId));
  const benefit =
    client.loyaltyType === 2 ? (client.discount ? `discount ${client.discount} %` : '') : `bonus ${client.bonus}`;
  return [group ? group.name : '', benefit].filter(Boolean).join(', ');
}

function search(register, order, panel) {
  return [
    h(
      'div',
      { class: 'search-row' },
      h('input', {
        type: 'search',
        class: 'field',
        placeholder: 'Name, phone or card number',
        'aria-label': 'Search guests',
        test: 'client-search',
        value: panel.search,
        'data-autofocus': true,
        oninput: (event) => searched(register, panel, event.target.value),
        onkeydown: (event) => event.key === 'Enter' && chosenByEnter(register, order, panel),
      }),
      h('button', { class: 'secondary', test: 'new-client', onclick: () => startForm(register, panel) }, 'New guest'),
    ),
    panel.found && !panel.found.length
      ? h('p', { class: 'hint', test: 'no-clients' }, 'Nobody found. Check the number, or create a new guest.')
      : null,
    h(
      'ul',
      { class: 'found' },
      (panel.found || []).map((client) =>
        h(
          'li',
          null,
          h(
            'button',
            { class: 'found-client', test: `client-${client.id}`, onclick: () => attach(register, order, client.id) },
            h('strong', null, clientName(client)),
            h('span', null, [client.phone, groupText(register, client)].filter(Boolean).join(' · ')),
          ),
        ),
      ),
    ),
  ];
}

function searched(register, panel, text) {
  panel.search = text;
  clearTimeout(panel.timer);
  panel.timer = setTimeout(() => runSearch(register, panel), SEARCH_PAUSE_MS);
}

async function runSearch(register, panel) {
  const text = panel.search;
  const { foundClients } = await findClients(register, text);
  if (panel.search !== text) return; // typed on meanwhile
  panel.found = text.trim() ? foundClients : null;
  register.changed();
}

async function chosenByEnter(register, order, panel) {
  clearTimeout(panel.timer);
  await runSearch(register, panel);
  if (panel.found && panel.found.length === 1) attach(register, order, panel.found[0].id);
}

async function attach(register, order, clientId) {
  if (await attachClient(register, order, clientId)) register.ui.clientPanel = null;
  register.changed();
}

function startForm(register, panel) {
  const digits = /^[+\d\s()-]{5,}$/.test(panel.search);
  panel.form = {
    client_name: digits ? '' : panel.search,
    phone: digits ? panel.search : '',
    groupId: String(register.bootstrap.groups[0]?.id || ''),
  };
  register.changed();
}

function newClientForm(register, order, panel) {
  const { form } = panel;
  const field = (name, label, type, test) =>
    h(
      'label',
      { class: 'labelled' },
      label,
      h('input', {
        class: 'field',
        type,
        test,
        value: form[name],
        oninput: (event) => (form[name] = event.target.value),
      }),
    );
  return h(
    'form',
    { class: 'card client-form', onsubmit: (event) => save(event, register, order, panel) },
    field('client_name', 'Name', 'text', 'new-client-name'),
    field('phone', 'Phone', 'tel', 'new-client-phone'),
    h(
      'label',
      { class: 'labelled' },
      'Group',
      h(
        'select',
        { class: 'field', test: 'new-client-group', onchange: (event) => (form.groupId = event.target.value) },
        register.bootstrap.groups.map((group) =>
          h('option', { value: String(group.id), selected: String(group.id) === form.groupId }, group.name),
        ),
      ),
    ),
    panel.error ? h('p', { class: 'error', role: 'alert', test: 'new-client-error' }, panel.error) : null,
    h(
      'div',
      { class: 'row-end' },
      h('button', { type: 'button', class: 'secondary', onclick: () => cancelForm(register, panel) }, 'Cancel'),
      h('button', { class: 'primary', test: 'new-client-save' }, icon('plus'), 'Save and attach'),
    ),
  );
}

function cancelForm(register, panel) {
  panel.form = null;
  panel.error = '';
  register.changed();
}

async function save(event, register, order, panel) {
  event.preventDefault();
  const { form } = panel;
  const client = await createClient(register, {
    client_name: form.client_name,
    phone: form.phone,
    client_groups_id_client: Number(form.groupId),
  });
  if (client.error) {
    panel.error = form.client_name.trim()
      ? `Poster did not take this guest: ${client.error.message}`
      : 'Enter the name of the guest.';
    register.changed();
    return;
  }
  attach(register, order, client.id);
}
