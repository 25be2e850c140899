// The app frame's end of the line to the register: plain JSON messages, checked for where they come from.

import { plain, plainAll } from '../core/plain.js';

export class Channel {
  constructor(registerOrigin) {
    this.origin = registerOrigin;
    this.register = window.parent;
    this.handlers = new Map();
    this.waiting = new Map();
    this.lastId = 0;
    this.onScan = () => {};
    this.onShown = () => {};
    window.addEventListener('message', (event) => this.receive(event));
  }

  send(message) {
    this.register.postMessage(message, this.origin);
  }

  hello() {
    this.send({ kind: 'hello' });
  }

  report(text) {
    this.send({ kind: 'error', text: String(text) });
  }

  /** Calls the register; the promise ends as the register answers. */
  call(method, args) {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ kind: 'call', id, method, args: plainAll(args) });
    });
  }

  on(event, handler) {
    if (typeof handler !== 'function') return;
    const name = String(event);
    this.handlers.set(name, [...(this.handlers.get(name) || []), handler]);
    this.send({ kind: 'on', event: name });
  }

  receive({ source, origin, data }) {
    if (source !== this.register || origin !== this.origin || !data) return;
    if (data.kind === 'ping') this.send({ kind: 'pong' });
    else if (data.kind === 'answer') this.answered(data);
    else if (data.kind === 'event') this.raised(data);
    else if (data.kind === 'shown') this.onShown();
    else if (data.kind === 'scan') this.onScan(String(data.text));
  }

  answered({ id, ok, value, text }) {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (!waiter) return;
    if (ok) waiter.resolve(value);
    else waiter.reject(new Error(text));
  }

  raised({ id, event, data, wantsNext }) {
    const next = (options) => wantsNext && this.send({ kind: 'next', id, options: plain(options) });
    for (const handler of this.handlers.get(event) || []) {
      try {
        handler(data, next);
      } catch (error) {
        console.error(error);
        this.report(`${event}: ${error}`);
      }
    }
  }
}
