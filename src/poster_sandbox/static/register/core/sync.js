// Everything the register tells the server goes through this queue, in order; it survives a restart and waits while
// the register is offline. Changes to one open order that have not been sent yet are sent as one.

import { Refused } from './server.js';

const RETRY_MS = 2000;
const COLLECT_MS = 120;
const REJECTED_KEPT_MAX = 20;

export class Sync {
  constructor({ server, drawer, onAnswer, onChange }) {
    Object.assign(this, { server, drawer, onAnswer, onChange });
    this.queue = drawer.read('queue', []);
    this.rejected = [];
    this.sending = null;
    this.timer = null;
    this.waiters = new Map();
  }

  get waiting() {
    return this.queue.length;
  }

  /** The order changed: `order` in Poster's shape, `history` the entries since the last call. */
  orderChanged(order, history) {
    const last = this.queue.findLast((item) => item.orderId === order.id);
    if (last && last.kind === 'put' && last !== this.sending) {
      last.body = { order, history: [...last.body.history, ...history] };
      this.keep();
    } else {
      this.push({
        kind: 'put',
        orderId: order.id,
        method: 'PUT',
        path: `orders/${order.id}`,
        body: { order, history },
      });
    }
  }

  orderClosed(order, payments) {
    this.push({
      kind: 'close',
      orderId: order.id,
      method: 'POST',
      path: `orders/${order.id}/close`,
      body: { order, payments },
    });
  }

  orderDeleted(orderId) {
    this.queue = this.queue.filter((item) => item.orderId !== orderId || item === this.sending);
    this.push({ kind: 'delete', orderId, method: 'DELETE', path: `orders/${orderId}` });
  }

  extrasSet(orderId, key, value) {
    this.push({ kind: 'extras', orderId, method: 'POST', path: `orders/${orderId}/extras`, body: { key, value } });
  }

  shift(action) {
    this.push({ kind: 'shift', orderId: 0, method: 'POST', path: 'shift', body: { action } });
  }

  /** Resolves with the close's answer, or with null after `ms` (the answer may still come later, to `onAnswer`). */
  closeAnswer(orderId, ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle(orderId, null), ms);
      this.waiters.set(orderId, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /** Tries to send now what waits. */
  flush() {
    this.schedule(0);
  }

  /** True while changes of that order wait: the server's copy is older than ours. */
  isAhead(orderId) {
    return this.queue.some((item) => item.orderId === orderId);
  }

  push(item) {
    this.queue.push(item);
    this.keep();
    this.schedule(item.kind === 'put' ? COLLECT_MS : 0);
  }

  keep() {
    this.drawer.keep('queue', this.queue);
    this.onChange();
  }

  schedule(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), ms);
  }

  async run() {
    if (this.sending) return;
    while (this.queue.length) {
      const item = (this.sending = this.queue[0]);
      let answer;
      try {
        answer = await this.server.send(item.method, item.path, item.body);
      } catch (error) {
        if (!(error instanceof Refused)) {
          this.sending = null;
          this.schedule(RETRY_MS);
          return;
        }
        this.rejected = [...this.rejected, { path: item.path, reason: error.message }].slice(-REJECTED_KEPT_MAX);
        console.warn('Poster refused', item.path, error.message);
        answer = null;
      }
      this.sending = null;
      this.queue = this.queue.filter((other) => other !== item);
      this.keep();
      this.onAnswer(item, answer);
      if (item.kind === 'close') this.settle(item.orderId, answer);
    }
  }

  settle(orderId, answer) {
    const waiter = this.waiters.get(orderId);
    this.waiters.delete(orderId);
    if (waiter) waiter(answer);
  }
}
