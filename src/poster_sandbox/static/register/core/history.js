// Entries of a transaction's history, in the shape the webhooks and `dash.getTransactionHistory` show.

import { toUnits } from './money.js';

function entry(type, values = {}) {
  return {
    type_history: type,
    time: Date.now(),
    value: 0,
    value2: 0,
    value3: 0,
    value4: 0,
    value5: null,
    value_text: null,
    ...values,
  };
}

export const opened = (order) => entry('open', { value: order.userId, value2: order.tableId });

export const itemAdded = (line) =>
  entry('additem', {
    value: line.productId,
    value3: line.modification,
    value_text: JSON.stringify({ price: toUnits(line.priceMinor), unit: line.unit, nodiscount: line.nodiscount }),
  });

export const countChanged = (line, count) =>
  entry('changeitemcount', { value: line.productId, value2: count, value3: line.modification });

export const itemDeleted = (line) => entry('deleteitem', { value: line.productId, value3: line.modification });

export const clientSet = (clientId) => entry('setclient', { value: clientId });

export const commentSet = (text) => entry('comment', { value_text: text });

export const tableSet = (tableId) => entry('settable', { value: tableId });

export const printed = (userId) => entry('print', { value: userId, value2: Date.now() });
