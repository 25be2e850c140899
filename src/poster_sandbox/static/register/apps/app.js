// One app: one iframe on a site of its own, created once and never moved in the document. In the background and in a
// popup it is the same iframe; only CSS differs (see popup.js). Whatever runs in it, the register keeps running: it
// only ever exchanges plain JSON by messages, and takes the frame down when it misbehaves.

import { plain } from '../core/plain.js';

const NEXT_DEADLINE_MS = 5000;
const PING_MS = 1000;
const CHECK_MS = 200;
// A process that hangs can be had rid of only by leaving its site; Chromium then keeps it for two more seconds.
const ABANDON_MS = 2300;
// A frame that has not begun by then is loaded once more.
const BEGINS_WITHIN_MS = 20000;
const MESSAGES_PER_SECOND_MAX = 500;
const STARTS_MAX = 8;
const STARTS_WITHIN_MS = 10000;
const ERRORS_KEPT_MAX = 20;

export class App {
  /** `frameUrls`: where the frame is served, and where else should the browser not find the first. */
  constructor({ info, container, frameUrls, onCall, onChange }) {
    Object.assign(this, { info, frameUrls, onCall, onChange });
    this.id = String(info.applicationId);
    this.name = info.title || info.applicationName;
    this.popupOpen = false;
    this.dialogsOpen = 0;
    this.pending = null;
    this.sequence = 0;
    this.startTimes = [];
    this.errors = [];
    this.restarts = 0;
    this.beginAnew('starting');
    this.iframe = makeFrame(this.id, this.name);
    this.load();
    container.append(this.iframe);
    window.addEventListener('message', (event) => this.receive(event));
    setInterval(() => this.post({ kind: 'ping' }), PING_MS);
    setInterval(() => this.checkDeadline(), CHECK_MS);
  }

  beginAnew(status) {
    this.status = status;
    this.subscriptions = new Set();
    this.icons = {};
    this.lastSeen = Date.now();
    this.counted = { second: 0, messages: 0 };
  }

  load() {
    this.loadedAt = Date.now();
    this.origin = new URL(this.frameUrls[0]).origin;
    this.iframe.src = this.frameUrls[0];
  }

  /** True while the app answers pings. */
  get responding() {
    return Date.now() - this.lastSeen < NEXT_DEADLINE_MS;
  }

  post(message) {
    if (this.iframe.contentWindow) this.iframe.contentWindow.postMessage(message, this.origin);
  }

  // ------------------------------------------------------------------ messages from the frame

  receive(event) {
    if (event.source !== this.iframe.contentWindow || event.origin !== this.origin || this.status === 'stopped') return;
    if (this.floods()) return;
    const message = event.data;
    if (!message || typeof message !== 'object' || typeof message.kind !== 'string') return;
    this.lastSeen = Date.now();
    if (message.kind === 'hello') this.started();
    else if (message.kind === 'on') this.subscriptions.add(String(message.event));
    else if (message.kind === 'next') this.nextCalled(message);
    else if (message.kind === 'call') this.called(message);
    else if (message.kind === 'error') this.failed(message);
  }

  floods() {
    const second = Math.floor(Date.now() / 1000);
    if (this.counted.second !== second) this.counted = { second, messages: 0 };
    this.counted.messages += 1;
    if (this.counted.messages <= MESSAGES_PER_SECOND_MAX) return false;
    this.stop('It sent more messages than any app needs.');
    return true;
  }

  /** A document began in the frame: at the start, after a restart, or because the app reloaded itself. */
  started() {
    const now = Date.now();
    this.startTimes = [...this.startTimes.filter((time) => now - time < STARTS_WITHIN_MS), now];
    if (this.startTimes.length > STARTS_MAX) {
      this.stop('It kept reloading itself.');
      return;
    }
    this.beginAnew('running');
    this.letGo('reloaded');
  }

  failed({ text }) {
    this.errors = [...this.errors, { at: Date.now(), text: String(text).slice(0, 500) }].slice(-ERRORS_KEPT_MAX);
    this.onChange();
  }

  async called({ id, method, args }) {
    let answer;
    try {
      const value = await this.onCall(this, String(method), Array.isArray(args) ? args : []);
      answer = { kind: 'answer', id, ok: true, value: plain(value === undefined ? null : value) };
    } catch (error) {
      answer = { kind: 'answer', id, ok: false, text: String(error && error.message ? error.message : error) };
    }
    this.post(answer);
  }

  // ------------------------------------------------------------------ events to the frame

  hears(event) {
    return this.status === 'running' && this.subscriptions.has(event);
  }

  /** Tells the app; it cannot object. */
  tell(event, data) {
    if (this.hears(event)) this.post({ kind: 'event', id: 0, event, data: plain(data) });
  }

  /**
   * Tells the app and waits for its `next`: resolves `{how: 'next', options}`, or `{how: 'reloaded'}` once it let five
   * seconds pass without showing interface, or its document went away.
   */
  ask(event, data) {
    if (!this.hears(event)) return Promise.resolve({ how: 'deaf' });
    return new Promise((resolve) => {
      this.sequence += 1;
      this.pending = { id: this.sequence, resolve, since: Date.now() };
      this.post({ kind: 'event', id: this.sequence, event, data: plain(data), wantsNext: true });
    });
  }

  nextCalled({ id, options }) {
    if (!this.pending || this.pending.id !== id) return; // a second next, or one that comes too late
    const { resolve } = this.pending;
    this.pending = null;
    resolve({ how: 'next', options });
  }

  /** The time until the deadline stands still while the app shows interface, as long as it answers. */
  checkDeadline() {
    if (this.status === 'starting' || this.status === 'restarting') this.checkBegin();
    if (!this.pending) return;
    const showsInterface = this.popupOpen || this.dialogsOpen > 0;
    if (showsInterface) this.pending.since = Math.max(this.pending.since, this.lastSeen);
    if (Date.now() - this.pending.since >= NEXT_DEADLINE_MS) this.restart();
  }

  checkBegin() {
    if (Date.now() - this.loadedAt < BEGINS_WITHIN_MS) return;
    this.frameUrls.push(this.frameUrls.shift());
    this.load();
  }

  // ------------------------------------------------------------------ taking the frame down

  /** Loads the app anew; whoever waited for it goes on. Its hanging process, if it hangs, is abandoned first. */
  restart() {
    const hung = Date.now() - this.lastSeen > 2 * PING_MS + CHECK_MS;
    this.restarts += 1;
    this.beginAnew('restarting');
    this.letGo('reloaded');
    if (!hung) {
      this.load();
      return;
    }
    this.iframe.src = 'about:blank';
    setTimeout(() => this.status === 'restarting' && this.load(), ABANDON_MS);
  }

  /** Takes the app off for good (until it is restarted by hand). */
  stop(reason) {
    this.failed({ text: `Stopped. ${reason}` });
    this.beginAnew('stopped');
    this.iframe.src = 'about:blank';
    this.letGo('reloaded');
  }

  letGo(how) {
    this.dialogsOpen = 0;
    const pending = this.pending;
    this.pending = null;
    if (pending) pending.resolve({ how });
    this.onChange(this, 'gone');
  }
}

function makeFrame(id, name) {
  const iframe = document.createElement('iframe');
  iframe.className = 'app-frame';
  iframe.title = name;
  iframe.dataset.test = `app-frame-${id}`;
  // Everything an app needs, except sending the register's own page elsewhere.
  iframe.setAttribute(
    'sandbox',
    'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads',
  );
  return iframe;
}
