// Poster.clients.*, products.*, categories.*, users.*

import { createClient, findClients, getClient } from '../core/guests.js';
import { posterUser } from '../core/staff.js';

function eachOrOne(value, one) {
  return Array.isArray(value) ? value.map(one) : one(value);
}

export const GUEST_CALLS = {
  'clients.get': ({ register }, clientId) => getClient(register, clientId),

  'clients.find': ({ register }, request) => {
    const searched = request && typeof request === 'object' ? request.searchVal : request;
    return findClients(register, typeof searched === 'string' || typeof searched === 'number' ? searched : '');
  },

  // The documents answer `{client}`, live apps read the client itself: this answer is both.
  'clients.create': async ({ register }, request) => {
    const client = await createClient(register, request);
    return client.error ? client : { ...client, client };
  },

  'products.get': ({ register }, ids) => eachOrOne(ids, (id) => register.catalogue.posterProduct(id)),

  'products.getFullName': ({ register }, goods) => eachOrOne(goods, (one) => register.catalogue.fullName(one || {})),

  'categories.get': ({ register }, id) => {
    const category = register.catalogue.posterCategory(id);
    return category ? { success: true, category } : { success: false };
  },

  'categories.getAll': ({ register }) => ({
    success: true,
    categories: register.catalogue.categories.map((one) => register.catalogue.posterCategory(one.id)),
  }),

  'users.get': ({ register }, userId) => {
    const employee = register.bootstrap.employees.find((one) => Number(one.id) === Number(userId));
    return employee ? posterUser(employee) : false;
  },

  'users.getActiveUser': ({ register }) => (register.user ? posterUser(register.user) : false),
};
