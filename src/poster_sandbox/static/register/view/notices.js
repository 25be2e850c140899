// Notifications of the apps: a stack that goes by itself, and the centre that keeps them.

import { h } from './dom.js';
import { icon } from './icons.js';

const SHOWN_MS = 7000;
const KEPT_MAX = 50;
const STACK_MAX = 3;
const READ = 2;

export class Notices {
  constructor(register) {
    this.register = register;
  }

  add(app, notification) {
    const { register } = this;
    const held = { ...notification, app, given: notification, onStack: true };
    register.notifications = [held, ...register.notifications].slice(0, KEPT_MAX);
    register.changed();
    setTimeout(() => this.leaveStack(held), SHOWN_MS);
  }

  /** The app is told by `notificationClick`, with the notification as it was given. */
  click(held) {
    held.status = READ;
    held.given.status = READ;
    this.leaveStack(held);
    this.register.ui.noticesOpen = false;
    held.app.tell('notificationClick', held.given);
  }

  leaveStack(held) {
    held.onStack = false;
    this.register.changed();
  }
}

export function noticeStack(register) {
  const shown = register.notifications.filter((held) => held.onStack).slice(0, STACK_MAX);
  return h(
    'div',
    { class: 'notice-stack', 'aria-live': 'polite' },
    shown.map((held) => notice(register, held, 'notification', true)),
    register.toasts.map(toast),
  );
}

function notice(register, held, test, canDismiss) {
  return h(
    'div',
    { class: 'notice', 'data-key': `notice-${held.id}` },
    h(
      'button',
      { class: 'notice-body', test, onclick: () => register.notices.click(held) },
      h('strong', null, held.title || held.app.name),
      held.message ? h('span', null, held.message) : null,
      h('small', null, `${held.app.name} · ${new Date(held.date).toLocaleTimeString('en-GB', { timeStyle: 'short' })}`),
    ),
    canDismiss
      ? h(
          'button',
          {
            class: 'icon-button',
            'aria-label': 'Dismiss',
            test: `${test}-dismiss`,
            onclick: () => register.notices.leaveStack(held),
          },
          icon('close'),
        )
      : null,
  );
}

function toast({ text, kind }) {
  return h('p', { class: `toast ${kind}`, test: 'toast' }, text);
}

export function noticeCentre(register) {
  if (!register.ui.noticesOpen || !register.user) return null;
  return h(
    'aside',
    { class: 'notice-centre', test: 'notice-centre', 'aria-label': 'Notifications' },
    h('h2', null, 'Notifications'),
    register.notifications.length ? null : h('p', { class: 'hint' }, 'Nothing new.'),
    register.notifications.map((held) => notice(register, held, 'notice-item', false)),
  );
}
