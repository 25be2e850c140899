import type { Hello } from '../api/contract';
import { readJson, type Memory } from '../outbox/storage';
import { unseenOrder, type OrderState, type State } from '../state/state';

const ORDERS_KEY = 'incust.orders.v1';
const HELLO_KEY = 'incust.hello.v1';

/** What a restarted register must know of an open order. Of the guest: ids and name, not his profile. */
type Remembered = Pick<OrderState, 'guest' | 'redemption' | 'printed'>;

/** Keeps guests of open orders and the last hello over restarts; writes only what changed. */
export class StateMemory {
  private orders: State['orders'] | null = null;
  private hello: Hello | null = null;

  constructor(private readonly memory: Memory) {}

  save({ orders, connection: { hello } }: State): void {
    if (orders !== this.orders) {
      this.orders = orders;
      const kept: Record<string, Remembered> = {};
      Object.keys(orders).forEach((id) => {
        const { guest, redemption, printed } = orders[id] as OrderState;
        if (guest) kept[id] = { guest: { ...guest, customer: null }, redemption, printed };
      });
      this.memory.write(ORDERS_KEY, JSON.stringify(kept));
    }
    if (hello !== this.hello) {
      this.hello = hello;
      this.memory.write(HELLO_KEY, JSON.stringify(hello));
    }
  }

  loadOrders(): Record<string, OrderState> {
    const stored = (readJson(this.memory, ORDERS_KEY) || {}) as Record<string, Remembered | null>;
    const orders: Record<string, OrderState> = {};
    Object.keys(stored).forEach((id) => {
      const one = stored[id];
      if (one && one.guest && one.guest.customerId) orders[id] = { ...unseenOrder(), ...one };
    });
    return orders;
  }

  loadHello(): Hello | null {
    const hello = readJson(this.memory, HELLO_KEY) as Hello | null;
    return hello && hello.terminal && hello.settings && hello.currency && hello.phone ? hello : null;
  }
}
