// Who stands at the register, and its cash shift.

import { Refused, Unreachable } from './server.js';
import { leaveOrder, openOrder, showOrder } from './sale.js';

/** Poster's User of an employee of ours. */
export function posterUser(employee) {
  return {
    id: Number(employee.id),
    posPass: '',
    name: employee.name,
    deleted: 0,
    admin: isManager(employee),
    inn: '',
    extras: {},
  };
}

function isManager(employee) {
  return /owner|manager|admin/i.test(String(employee.role || ''));
}

/** Signs in by PIN. Answers null, or the sentence to show. While offline, PINs that worked here before still do. */
export async function logIn(register, pin) {
  let user;
  try {
    user = (await register.server.post('login', { pin })).user;
  } catch (error) {
    if (error instanceof Refused) return 'This PIN does not belong to anybody here.';
    if (!(error instanceof Unreachable)) throw error;
    user = register.drawer.read('pins', {})[pin];
    if (!user) return 'No connection, and this PIN has not been used here before.';
  }
  register.drawer.keep('pins', { ...register.drawer.read('pins', {}), [pin]: user });
  enter(register, user);
  return null;
}

function enter(register, user) {
  const employee = register.bootstrap.employees.find((one) => Number(one.id) === Number(user.id));
  register.user = { ...employee, ...user, id: Number(user.id) };
  register.ui.pin = '';
  register.ui.pinError = '';
  if (!register.shift) openShift(register);
  const own = register.openOrders;
  if (own.length) showOrder(register, own.at(-1).id);
  else openOrder(register);
  register.raise('userLogin', { user: posterUser(register.user) });
}

/** Signs out once the apps have let go. */
export async function logOut(register) {
  if (!register.user || register.waitingFor) return;
  const user = posterUser(register.user);
  await register.apps.askAll('userLogout', () => ({ user }));
  register.apps.closePopups();
  leaveOrder(register);
  register.user = null;
  register.screen = 'pin';
  register.changed();
}

/** Is that a manager's PIN? Needs a connection. Answers `{success, user?}`. */
export async function managerAllows(register, pin) {
  try {
    const answer = await register.server.post('manager', { pin });
    return answer.ok ? { success: true, user: answer.user } : { success: false };
  } catch {
    return { success: false };
  }
}

export function openShift(register) {
  const now = Date.now();
  register.shift = {
    cash_pos_id: now,
    cash_shift_id: 0,
    timestart: now,
    timeend: 0,
    amount_start: 0,
    amount_end: 0,
    comment: '',
  };
  register.keepShift();
  register.sync.shift('open');
  register.raise('shiftOpen', { shift: { ...register.shift } });
}

export function closeShift(register) {
  const shift = { ...register.shift, timeend: Date.now() };
  register.shift = null;
  register.keepShift();
  register.sync.shift('close');
  register.raise('shiftClose', { shift });
}
