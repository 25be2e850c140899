// All apps of the register: told of events together, asked for `next` one after the other.

import { App } from './app.js';
import { CALLS } from './calls.js';
import { Popup } from './popup.js';

export class Apps {
  constructor({ register, container, popupParts, frameUrlsOf }) {
    this.register = register;
    this.container = container;
    this.frameUrlsOf = frameUrlsOf;
    this.popup = new Popup({ ...popupParts, onClosed: (app) => this.popupClosed(app) });
    this.list = [];
  }

  /** Loads every app; they live as long as the page. */
  start() {
    this.list = this.register.bootstrap.apps.map(
      (info) =>
        new App({
          info,
          container: this.container,
          frameUrls: this.frameUrlsOf(info),
          onCall: (app, method, args) => this.call(app, method, args),
          onChange: (app, what) => this.appChanged(app, what),
        }),
    );
  }

  raise(event, data) {
    for (const app of this.list) app.tell(event, data);
  }

  /**
   * Asks each app that listens, in turn. `dataOf` is called before each, so that an app sees what those before it have
   * done; when it answers nothing, the rest is not asked. `onNext(app, options)` hears what an app passed to `next`.
   */
  async askAll(event, dataOf, onNext = () => {}) {
    for (const app of this.list) {
      const data = dataOf();
      if (!data) break;
      if (!app.hears(event)) continue;
      this.waitFor(app);
      const { how, options } = await app.ask(event, data);
      if (how === 'next') onNext(app, options);
      else this.register.toast(`${app.name} did not answer and was restarted.`, 'warning');
    }
    this.waitFor(null);
  }

  waitFor(app) {
    this.register.waitingFor = app ? app.name : null;
    this.register.changed();
  }

  call(app, method, args) {
    const call = Object.hasOwn(CALLS, method) ? CALLS[method] : null;
    if (!call) throw new Error(`Poster.${method} is not known here.`);
    return call({ register: this.register, apps: this, app }, ...args);
  }

  appChanged(app, what) {
    if (what === 'gone' && app) {
      this.popup.close(app);
      this.register.dialogs = this.register.dialogs.filter((dialog) => dialog.app !== app);
      this.register.payButtons = this.register.payButtons.filter((button) => button.app !== app);
    }
    this.register.changed();
  }

  popupClosed(app) {
    app.tell('afterPopupClosed', {});
    this.register.changed();
  }

  closePopups() {
    this.popup.close();
  }

  /** `[{app, label}]` of the icons at a place: functions, order, receiptsArchive, payment. */
  iconsAt(place) {
    return this.list.filter((app) => app.icons[place]).map((app) => ({ app, label: app.icons[place] }));
  }

  iconClicked(app, place, order) {
    app.tell('applicationIconClicked', order ? { place, order } : { place });
  }

  /** As if the register had been switched off and on: settings and platform are read anew. */
  restartAll() {
    for (const app of this.list) {
      app.frameUrls = this.frameUrlsOf(app.info);
      app.restart();
    }
  }
}
