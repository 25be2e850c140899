import { writeLink } from '../poster/order';
import type { GuestLink } from '../state/order';
import type { Guest } from '../state/state';
import type { Ports } from './ports';

/** Writes the guest into the order's extras; Poster keeps them offline and takes them to the other tablets. */
export function remember(ports: Ports, orderId: string, guest: Guest): void {
  writeExtras(ports, orderId, {
    customerId: guest.customerId,
    identificationId: guest.identificationId,
    name: guest.name,
    checkId: ports.state().orders[orderId]?.redemption?.checkId || null,
  });
}

/** A refusal is no loss: the register's own memory of orders (see memory.ts) still knows the guest. */
export function writeExtras(ports: Ports, orderId: string, link: GuestLink | null): void {
  void ports.register.setExtras(orderId, writeLink(link));
}
