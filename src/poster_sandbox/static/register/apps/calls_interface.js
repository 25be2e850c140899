// Poster.interface.*

import { managerAllows } from '../core/staff.js';

const PLACES = ['functions', 'order', 'receiptsArchive', 'payment'];
const LABEL_CHARS_MAX = 60;

let lastNotificationId = 0;

function text(value, charsMax) {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, charsMax) : '';
}

export const INTERFACE_CALLS = {
  'interface.popup': ({ register, apps, app }, options) => {
    if (!register.user) return { success: false }; // nothing shows over the PIN screen (inferred)
    apps.popup.open(app, options && typeof options === 'object' ? options : {});
    register.changed();
    return { success: true };
  },

  'interface.closePopup': ({ apps, app }) => {
    apps.popup.close(app);
    return { success: true };
  },

  'interface.showApplicationIconAt': ({ register, app }, places) => {
    const labels = places && typeof places === 'object' ? places : {};
    app.icons = Object.fromEntries(
      PLACES.map((place) => [place, text(labels[place], LABEL_CHARS_MAX).trim()]).filter(([, label]) => label),
    );
    register.changed();
    return { success: true };
  },

  'interface.showNotification': ({ register, app }, options) => {
    const { title, message, icon, waiter } = options && typeof options === 'object' ? options : {};
    lastNotificationId += 1;
    const notification = {
      id: lastNotificationId,
      date: Date.now(),
      title: text(title, 200),
      message: text(message, 1000),
      icon: text(icon, 500),
      status: 1,
      waiter: Number(waiter) || 0,
    };
    register.notices.add(app, notification);
    return notification;
  },

  'interface.scanBarcode': ({ register, app }) => {
    if (!['android', 'iOS'].includes(register.switches.platform)) {
      throw new Error('scanBarcode exists on Android and iOS only.');
    }
    return ask(register, app, 'camera');
  },

  'interface.showManageRightsModal': async ({ register, app }, options) => {
    if (options && options.askRights === false) return { success: true };
    return ask(register, app, 'manager', (pin) => managerAllows(register, pin));
  },
};

/** Opens a dialog of the register for the app; resolves with what it ends in. */
function ask(register, app, kind, check = null) {
  return new Promise((resolve) => {
    app.dialogsOpen += 1;
    const dialog = { kind, app, check, value: '', error: '' };
    dialog.finish = (answer) => {
      app.dialogsOpen = Math.max(0, app.dialogsOpen - 1);
      if (app.pending) app.pending.since = Date.now();
      register.dialogs = register.dialogs.filter((other) => other !== dialog);
      register.changed();
      resolve(answer);
    };
    register.dialogs = [...register.dialogs, dialog];
    register.changed();
  });
}
