// Online orders. None arrive in a sandbox by themselves: the functions screen makes one up from the menu.

import { attachClient, findClients } from './guests.js';
import { addProduct, openOrder } from './sale.js';
import { toMinor, toUnits } from './money.js';
import { toPosterOrder } from './order_json.js';

/** Lets an online order arrive: two goods of the menu, for the guest with that phone number. */
export function incomingArrives(register, { phone, firstName }) {
  const goods = register.catalogue.products.filter((one) => one.unit !== 'kg' && !one.modifications.length).slice(0, 2);
  const incoming = {
    id: Date.now() % 1000000,
    clientId: 0,
    type: 1,
    products: Object.fromEntries(goods.map((product, index) => [String(index), incomingProduct(product)])),
    comment: '',
    dateReservation: 0,
    duration: 0,
    guestCount: 1,
    tableId: 0,
    client: {
      firstName,
      lastName: '',
      phone,
      email: '',
      sex: '',
      birthday: '0000-00-00',
      address: '',
      clientGroupsId: 0,
    },
    sum: toUnits(goods.reduce((sum, product) => sum + toMinor(product.price), 0)),
  };
  register.ui.incoming = incoming;
  register.changed();
  register.raise('incomingOrderCreated', { incomingOrder: incoming });
}

function incomingProduct(product) {
  return { id: Number(product.id), productName: product.name, count: 1, price: product.price, modificationId: 0 };
}

/** The cashier takes it: it becomes an ordinary order, with the guest attached if Poster knows the phone. */
export async function acceptIncoming(register) {
  const incoming = register.ui.incoming;
  if (!incoming || !register.user) return;
  register.ui.incoming = null;
  const order = openOrder(register, { incomingOrderId: incoming.id });
  for (const product of Object.values(incoming.products)) addProduct(register, order, product.id, 0, product.count);
  const { foundClients } = await findClients(register, incoming.client.phone);
  if (foundClients.length === 1) await attachClient(register, order, foundClients[0].id);
  incoming.clientId = order.clientId;
  register.raise('incomingOrderAccepted', { incomingOrder: incoming, order: toPosterOrder(order) });
}

export function declineIncoming(register) {
  const incoming = register.ui.incoming;
  register.ui.incoming = null;
  register.changed();
  if (incoming) register.raise('incomingOrderDeclined', { incomingOrder: incoming });
}
