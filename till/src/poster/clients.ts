import type { Customer, PosterClient } from '../api/contract';
import type { PosterClientCard, PosterPlatform } from './shapes';
import { withDeadline } from './deadline';

/** Digits of a phone that tell it apart, however its country code and trunk zero are written. */
const PHONE_TAIL = 9;

/** The guest among Poster's clients on this register: by his mapped id, his phone, or his card; null if not there. */
export async function findClient(poster: PosterPlatform, customer: Customer): Promise<number | null> {
  if (customer.poster_client_id !== null) {
    const mapped = await withDeadline(poster.clients.get(customer.poster_client_id));
    if (mapped && !Number(mapped.hidden)) return customer.poster_client_id;
  }
  const byPhone = await search(poster, customer.phone, (card) => samePhone(card.phone, customer.phone));
  if (byPhone !== null) return byPhone;
  return search(poster, customer.card_number, (card) => card.cardNumber === customer.card_number);
}

async function search(poster: PosterPlatform, text: string, fits: (card: PosterClientCard) => boolean): Promise<number | null> {
  if (!text) return null;
  for (const searchVal of new Set([text, text.replace(/\D/g, '')])) {
    if (!searchVal) continue;
    const result = await withDeadline(poster.clients.find({ searchVal }));
    const found = [...(result?.foundByCard || []), ...(result?.foundClients || [])];
    // Poster searches names and parts of numbers as well: only an exact match is the guest.
    const guest = found.find((card) => !Number(card.hidden) && fits(card));
    if (guest) return Number(guest.id);
  }
  return null;
}

export function samePhone(a: string | undefined, b: string): boolean {
  const left = (a || '').replace(/\D/g, '');
  const right = b.replace(/\D/g, '');
  if (left.length < PHONE_TAIL || right.length < PHONE_TAIL) return left !== '' && left === right;
  return left.slice(-PHONE_TAIL) === right.slice(-PHONE_TAIL);
}

/**
 * Makes the guest a Poster client in our own group. Null when the register does not allow it (a manager's password
 * guards it, or the server of Poster is away).
 */
export async function createClient(poster: PosterPlatform, customer: Customer, groupId: number, callingCode: string): Promise<number | null> {
  const client: Record<string, unknown> = {
    client_name: customer.name || customer.phone || customer.email || customer.card_number,
    client_groups_id_client: groupId,
  };
  if (customer.gender) client['client_sex'] = customer.gender === 'male' ? 1 : 2;
  if (customer.phone) {
    client['phone'] = customer.phone;
    if (callingCode) client['country_phone_code'] = Number(callingCode);
  }
  if (customer.email) client['email'] = customer.email;
  if (customer.card_number) client['card_number'] = customer.card_number;
  const birthday = customer.birthday?.split('-').reverse().join('-');
  if (birthday) client['birthday'] = birthday;
  return createdId(await withDeadline(poster.clients.create({ client })));
}

/** The documents say `{client}`, live registers answer with the client itself; `{error}` is a refusal. */
function createdId(answer: unknown): number | null {
  const body = answer as { error?: unknown; client?: { id?: unknown }; id?: unknown } | null | undefined;
  if (!body || body.error) return null;
  return Number(body.client?.id || body.id) || null;
}

/** What the server needs to know of a Poster client to recognise him. Poster writes "0" into empty fields. */
export function posterClientOf(id: number, card: Partial<PosterClientCard>): PosterClient {
  const said = (text: string | undefined): string => (text && text !== '0' ? text : '');
  const name = [said(card.firstname), said(card.lastname)].filter(Boolean).join(' ');
  return { id, name, phone: said(card.phone), email: said(card.email), card_number: said(card.cardNumber) };
}
