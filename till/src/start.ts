import { h, render } from 'preact';
import { createApiClient } from './api/client';
import { Outbox } from './outbox/outbox';
import { registerMemory } from './outbox/storage';
import { readOrder, type Reading } from './poster/order';
import { Register } from './poster/register';
import type { PosterPlatform } from './poster/shapes';
import { readClient } from './runner/ask';
import { listen } from './runner/listen';
import { StateMemory } from './runner/memory';
import { Nexts } from './runner/nexts';
import { Performer, TITLE } from './runner/perform';
import { sender } from './runner/post';
import type { Ports } from './runner/ports';
import { Store } from './runner/store';
import type { Effect } from './state/effects';
import type { Event } from './state/events';
import { initialState } from './state/state';
import { languageOf } from './texts';
import { speaker } from './views/speaker';
import { PopupWindow } from './views/window';
import css from './views/style.css?inline';

/** Brings the till up inside a register's frame. Nothing in here waits: Poster's events are heard from now on. */
export function start(poster: PosterPlatform, server: string): void {
  const { settings } = poster;
  const language = languageOf(settings.lang);
  const now = (): number => Date.now();
  const memory = registerMemory();
  const stateMemory = new StateMemory(memory);
  const nexts = new Nexts();
  const register = new Register(poster, now);
  const dispatch = (event: Event): void => store.dispatch(event);
  const digits = (): number => store.state.connection.hello?.currency.digits ?? 2;
  const reading = (): Reading => ({ digits: digits(), applicationId: String(settings.applicationId) });

  const api = createApiClient(
    server,
    () => ({
      account: String(settings.accountUrl),
      spot: String(settings.spotId),
      tablet: String(settings.spotTabletId),
      application: String(settings.applicationId),
      lang: language,
      version: __TILL_VERSION__,
    }),
    (url, request, answer) => void poster.makeRequest(url, request, answer),
  );
  const outbox = new Outbox(
    memory,
    sender({ api, dispatch, now, readClient: (id) => readClient(register, id) }),
    (count) => dispatch({ type: 'outboxCounted', count }),
  );
  const speech = speaker(language, digits, () => store.state.connection.hello?.currency.symbol || '');
  const ports: Ports = {
    api,
    register,
    outbox,
    dispatch,
    state: () => store.state,
    now,
    say: speech.say,
    digits,
    currency: String(settings.currencyCodeIso),
    reread: async (orderId) => {
      const order = await register.activeOrder().catch(() => undefined);
      return order && String(order.id) === orderId ? readOrder(order, reading()) : null;
    },
  };
  const performer = new Performer(ports, nexts);
  const store = new Store(
    initialState(stateMemory.loadHello(), stateMemory.loadOrders()),
    (effect: Effect) => performer.perform(effect),
    () => nexts.callAll(),
  );

  const root = place(language);
  const draw = (): void => {
    const ui = { ...speech, state: store.state, dispatch, digits: digits(), canScan: register.canScan, server };
    render(h(PopupWindow, { ui }), root);
  };
  store.watch(draw);
  store.watch((state) => stateMemory.save(state));
  store.dispatch({ type: 'outboxCounted', count: outbox.count() });

  listen({ poster, register, nexts, dispatch, reading, now, currency: ports.currency });
  poster.interface.showApplicationIconAt({
    functions: TITLE,
    order: speech.t('order_button'),
    payment: speech.t('payment_button'),
  });
  void register.salesperson().then((salesperson) => dispatch(salesperson ? { type: 'loggedIn', salesperson } : { type: 'started' }));
}

/** The place in Poster's frame where the window is drawn, with the till's look. */
function place(language: string): HTMLElement {
  const style = document.createElement('style');
  style.textContent = css;
  document.head.appendChild(style);
  document.documentElement.lang = language;
  const found = document.getElementById('app-container');
  if (found) return found;
  return document.body.appendChild(document.createElement('div'));
}
