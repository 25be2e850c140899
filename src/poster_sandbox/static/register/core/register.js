// The register: what it knows, and who is told when it changes. The rules are in the neighbouring files.

import { Catalogue } from './catalogue.js';
import { Server } from './server.js';
import { Sync } from './sync.js';
import { toPosterOrder } from './order_json.js';

const CLOSED_KEPT_MAX = 30;
const CLIENTS_KEPT_MAX = 500;

export class Register {
  constructor({ bootstrap, dataUrl, drawer }) {
    this.bootstrap = bootstrap;
    this.settings = bootstrap.settings;
    this.catalogue = new Catalogue(bootstrap);
    this.drawer = drawer;
    this.server = new Server(dataUrl);
    this.listeners = [];
    this.apps = null; // set once the app host is built
    this.loadKept();
    this.server.offline = this.switches.offline;
    this.sync = new Sync({
      server: this.server,
      drawer,
      onAnswer: (item, answer) => this.synced(item, answer),
      onChange: () => this.changed(),
    });
    this.user = null;
    this.screen = 'pin';
    this.activeId = null;
    this.closedId = null;
    this.dialogs = [];
    this.notifications = [];
    this.toasts = [];
    this.payButtons = [];
    this.waitingFor = null;
    this.ui = newUi();
  }

  loadKept() {
    this.orders = new Map(this.drawer.read('orders', []).map((order) => [order.id, order]));
    this.closed = this.drawer.read('closed', []);
    this.shift = this.drawer.read('shift', null);
    this.switches = {
      offline: false,
      platform: 'desktop',
      lang: this.settings.lang,
      fiscal: false,
      ...this.drawer.read('switches', {}),
    };
    this.clients = new Map(this.drawer.read('clients', []).map((client) => [client.id, client]));
  }

  get symbol() {
    return this.settings.currencySymbol || this.settings.currency || '';
  }

  /** The order on the order or payment screen, or null. */
  get activeOrder() {
    const shown = this.screen === 'order' || this.screen === 'payment';
    return shown ? this.orders.get(this.activeId) || null : null;
  }

  /** Open orders, oldest first. */
  get openOrders() {
    return [...this.orders.values()].sort((one, other) => one.id - other.id);
  }

  order(orderId) {
    return this.orders.get(Number(orderId)) || null;
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  /** An order changed: keep it, and let the server know. */
  orderChanged(order, history = []) {
    this.keepOrders();
    this.sync.orderChanged(toPosterOrder(order), history);
    this.changed();
  }

  keepOrders() {
    this.drawer.keep('orders', [...this.orders.values()]);
  }

  keepClosed(order) {
    this.closed = [order, ...this.closed.filter((other) => other.id !== order.id)].slice(0, CLOSED_KEPT_MAX);
    this.drawer.keep('closed', this.closed);
  }

  keepSwitches() {
    this.drawer.keep('switches', this.switches);
    this.changed();
  }

  keepShift() {
    this.drawer.keep('shift', this.shift);
    this.changed();
  }

  rememberClients(clients) {
    for (const client of clients) this.clients.set(client.id, client);
    this.drawer.keep('clients', [...this.clients.values()].slice(-CLIENTS_KEPT_MAX));
  }

  /** Tells the apps; see apps/apps.js. */
  raise(event, data) {
    if (this.apps) this.apps.raise(event, data);
  }

  synced(item, answer) {
    if (!answer || !answer.orderName) return;
    const order = this.orders.get(item.orderId) || this.closed.find((one) => one.id === item.orderId);
    if (!order || order.orderName === answer.orderName) return;
    order.orderName = answer.orderName;
    if (order.status === 2) this.keepClosed(order);
    else this.keepOrders();
    this.changed();
  }

  toast(text, kind = 'info') {
    const toast = { id: Symbol('toast'), text, kind };
    this.toasts = [...this.toasts, toast];
    this.changed();
    setTimeout(() => {
      this.toasts = this.toasts.filter((other) => other !== toast);
      this.changed();
    }, 4000);
  }
}

/** What the screens remember while they are open. */
export function newUi() {
  return {
    categoryId: null,
    pin: '',
    pinError: '',
    orderMenuOpen: false,
    clientPanel: null,
    tender: { cash: '', card: '' },
    tenderField: 'cash',
    archive: { receipts: [], selectedId: null, returned: {}, menuOpen: false, error: '' },
    noticesOpen: false,
  };
}
