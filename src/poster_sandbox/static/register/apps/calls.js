// What each call of the `Poster` object does, by its name. A call gets `{register, apps, app}` and the app's arguments
// as plain JSON, whatever they are: nonsense is answered like an unknown order, client or product.

import { GUEST_CALLS } from './calls_guests.js';
import { INTERFACE_CALLS } from './calls_interface.js';
import { ORDER_CALLS } from './calls_orders.js';
import { REQUEST_CALLS } from './calls_requests.js';

export const CALLS = { ...INTERFACE_CALLS, ...ORDER_CALLS, ...GUEST_CALLS, ...REQUEST_CALLS };
