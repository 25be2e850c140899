import type { Hello } from '../api/contract';
import type { Effect } from './effects';
import type { Order } from './order';
import type { Sentence } from './sentence';
import { unseenOrder, type Connection, type OrderState, type Pay, type State, type Window } from './state';

/** Orders kept in mind; a register has a few open ones, sixty outlive the busiest evening. */
const ORDERS_MAX = 60;
const CLOSED_MAX = 20;

/** How a terminal behaves until the server has said how it is set. */
const UNTOLD: Hello['settings'] = {
  ask_at_pay: false,
  profile_display: 'never',
  always_show_benefits: false,
  create_poster_customers: true,
  post_from_register: true,
};

/** One turn of the state machine: collects the next state and the effects. Never changes the state it was given. */
export class Turn {
  readonly effects: Effect[] = [];

  constructor(public state: State) {}

  do(effect: Effect): void {
    this.effects.push(effect);
  }

  notify(sentence: Sentence): void {
    this.do({ do: 'notify', sentence });
  }

  set(patch: Partial<State>): void {
    this.state = { ...this.state, ...patch };
  }

  /** A number never used before. */
  serial(): number {
    this.set({ serial: this.state.serial + 1 });
    return this.state.serial;
  }

  connection(patch: Partial<Connection>): void {
    this.set({ connection: { ...this.state.connection, ...patch } });
  }

  settings(): Hello['settings'] {
    const { hello } = this.state.connection;
    return hello ? hello.settings : UNTOLD;
  }

  order(id: string): OrderState {
    return this.state.orders[id] || unseenOrder();
  }

  setOrder(id: string, patch: Partial<OrderState>): void {
    if (this.state.closed.includes(id)) return;
    this.set({ orders: newest({ ...this.state.orders, [id]: { ...this.order(id), ...patch } }) });
  }

  /** The order is a paid receipt now: nothing that arrives late touches it again. */
  closeOrder(id: string): void {
    const orders = { ...this.state.orders };
    delete orders[id];
    this.set({ orders, closed: [id, ...this.state.closed].slice(0, CLOSED_MAX) });
  }

  /** Takes over what Poster says of an order; a guest remembered in its extras is known again. */
  seeOrder(order: Order): OrderState {
    const known = this.order(order.id);
    this.setOrder(order.id, { order });
    const { link } = order;
    if (!known.guest && link && link.identificationId !== known.removed) {
      const { customerId, identificationId, name, checkId } = link;
      this.setOrder(order.id, {
        guest: { customerId, identificationId, name, posterClientId: order.clientId || null, customer: null },
        redemption: order.redeemedMinor > 0 ? { checkId, minor: order.redeemedMinor, fingerprint: '', holdExpiresAt: '' } : null,
      });
    }
    return this.order(order.id);
  }

  setPay(pay: Pay | null): void {
    this.set({ pay });
  }

  /** The running payment, if it is that order's. */
  payFor(orderId: string): Pay | null {
    const { pay } = this.state;
    return pay && pay.orderId === orderId ? pay : null;
  }

  pay(patch: Partial<Pay>): void {
    const { pay } = this.state;
    if (pay) this.setPay({ ...pay, ...patch });
  }

  /** Does a sale stand still until we call `next`? */
  isSaleWaiting(): boolean {
    const { pay } = this.state;
    return pay !== null && pay.token !== null;
  }

  /** The window of that view, if it is shown now and, where given, still waits for that request. */
  view<V extends Window['view']>(view: V, request?: number): Extract<Window, { view: V }> | null {
    const window = this.state.window as (Window & { request?: number }) | null;
    if (!window || window.view !== view || (request !== undefined && window.request !== request)) return null;
    return window as unknown as Extract<Window, { view: V }>;
  }

  /** Shows a view. The popup is opened if it is closed; an open one only changes what it shows. */
  show(window: Window): void {
    if (!this.state.window) this.do({ do: 'popup' });
    this.set({ window });
  }

  /** Changes the window shown now, if it is still of that view. */
  patchWindow<V extends Window['view']>(view: V, patch: Partial<Extract<Window, { view: V }>>): void {
    const window = this.view(view);
    if (window) this.set({ window: { ...window, ...patch } as unknown as Window });
  }

  hide(): void {
    if (!this.state.window) return;
    this.set({ window: null });
    this.do({ do: 'closePopup' });
  }
}

function newest(orders: Record<string, OrderState>): Record<string, OrderState> {
  const ids = Object.keys(orders);
  if (ids.length <= ORDERS_MAX) return orders;
  // Ids are opening times, so the smallest is the oldest.
  const oldest = ids.reduce((a, b) => (Number(a) < Number(b) ? a : b));
  const kept = { ...orders };
  delete kept[oldest];
  return kept;
}
