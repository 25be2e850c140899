import type { PosterOrder, PosterPlatform, PosterUser } from '../poster/shapes';
import { readOrder, readReceipt, type Reading } from '../poster/order';
import type { Register } from '../poster/register';
import type { Event } from '../state/events';
import type { Nexts } from './nexts';

interface Ears {
  poster: PosterPlatform;
  register: Register;
  nexts: Nexts;
  dispatch(event: Event): void;
  reading(): Reading;
  now(): number;
  currency: string;
}

interface Heard {
  order?: PosterOrder;
  orderId?: number;
  clientId?: number;
  place?: string;
  user?: PosterUser;
}

/** Listens to Poster's events and hands them on in the till's own terms. */
export function listen(ears: Ears): void {
  const { poster, register, nexts, dispatch } = ears;
  const hear = (name: string, take: (data: Heard) => void): void => {
    poster.on(name, (data: Heard) => guarded(() => take(data || {}), dispatch));
  };
  poster.on('beforeOrderClose', (data: Heard, next) => payPressed(ears, data, next));
  hear('afterOrderClose', ({ order }) => {
    if (order) dispatch({ type: 'orderClosed', currency: ears.currency, receipt: readReceipt(order, ears.reading(), new Date(ears.now()).toISOString()) });
  });
  hear('afterPopupClosed', () => {
    if (!register.takeEcho()) dispatch({ type: 'popupClosed' });
  });
  hear('orderOpen', ({ order }) => {
    if (order) dispatch({ type: 'orderSeen', order: readOrder(order, ears.reading()) });
  });
  hear('orderProductChange', ({ order }) => {
    if (order) dispatch({ type: 'orderSeen', order: readOrder(order, ears.reading()) });
  });
  hear('orderClientChange', ({ orderId, clientId }) => {
    if (orderId) dispatch({ type: 'clientChanged', orderId: String(orderId), clientId: Number(clientId) || 0 });
  });
  hear('shiftClose', () => dispatch({ type: 'shiftClosed' }));
  hear('applicationIconClicked', (data) => void iconPressed(ears, data));
  hear('userLogin', ({ user }) => void loggedIn(ears, user));
  // Poster waits for this one as well; there is nothing to do at a logout.
  poster.on('userLogout', (_data: Heard, next) => {
    if (next) nexts.call(nexts.keep(next));
  });
}

/** Pay. Whatever is wrong with the order or with us, `next` is called. */
function payPressed({ nexts, dispatch, reading }: Ears, data: Heard, next: ((options?: unknown) => void) | undefined): void {
  const token = nexts.keep(() => next?.());
  try {
    if (!data?.order) return nexts.call(token);
    dispatch({ type: 'payPressed', token, order: readOrder(data.order, reading()) });
  } catch (error) {
    nexts.call(token);
    dispatch({ type: 'faulted', message: String(error) });
  }
}

async function iconPressed({ register, dispatch, reading }: Ears, { place, order }: Heard): Promise<void> {
  const there = place === 'functions' ? undefined : (order || (await register.activeOrder().catch(() => undefined)));
  dispatch({ type: 'iconPressed', place: place || 'order', order: there ? readOrder(there, reading()) : null });
}

async function loggedIn({ register, dispatch }: Ears, user: PosterUser | undefined): Promise<void> {
  const salesperson = user?.id ? { external_id: String(user.id), name: String(user.name || '') } : await register.salesperson();
  dispatch({ type: 'loggedIn', salesperson });
}

function guarded(take: () => void, dispatch: (event: Event) => void): void {
  try {
    take();
  } catch (error) {
    dispatch({ type: 'faulted', message: String(error) });
  }
}
