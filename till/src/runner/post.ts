import type { ApiClient } from '../api/client';
import type { Finalized, Identified, PosterClient } from '../api/contract';
import { isOutage, problemOf } from '../api/problems';
import { newRid } from '../api/rid';
import { judge } from '../outbox/judge';
import type { Item, Outcome, Send } from '../outbox/outbox';
import type { PostedReceipt } from '../state/effects';
import type { Event } from '../state/events';

/** Nobody waits for these; a slow line may take its time. */
const BACKGROUND_MS = 10_000;
/** An answer older than this is no news to the cashier any more. */
const LATE_MS = 60_000;

interface Helpers {
  api: ApiClient;
  dispatch(event: Event): void;
  now(): number;
  /** Poster's record of a client, for the server to recognise him by. */
  readClient(id: number): Promise<PosterClient>;
}

/** Puts a paid receipt into the form that waits in the outbox. */
export function receiptItem(receipt: PostedReceipt, now: number): Item {
  return { v: 1, rid: newRid(), kind: 'finalize', orderId: receipt.orderId, body: receipt, at: now, tries: 0 };
}

export function cancelItem(orderId: string, now: number): Item {
  return { v: 1, rid: newRid(), kind: 'cancel', orderId, body: { external_id: orderId }, at: now, tries: 0 };
}

export function clientItem(orderId: string, customerId: string, clientId: number, now: number): Item {
  return { v: 1, rid: newRid(), kind: 'client', orderId, body: { customerId, clientId }, at: now, tries: 0 };
}

/** Sends the outbox's items to the server, each kind to its operation. */
export function sender(help: Helpers): Send {
  return async (item, keep) => {
    try {
      await deliver(help, item, keep);
      return { end: 'done' };
    } catch (error) {
      const problem = problemOf(error);
      // The next sale need not find out for itself.
      if (isOutage(problem)) help.dispatch({ type: 'outageSeen', problem });
      return settle(help, item, judge(problem));
    }
  };
}

/**
 * A cancelled hold that is gone or captured already, and a mapping that no longer fits, are no loss: only receipts
 * are set aside for a person to look at.
 */
function settle(help: Helpers, item: Item, outcome: Outcome): Outcome {
  if (outcome.end !== 'refused') return outcome;
  if (item.kind !== 'finalize') return { end: 'done' };
  help.dispatch({ type: 'setAside', orderId: item.orderId, problem: outcome.problem });
  return outcome;
}

async function deliver(help: Helpers, item: Item, keep: (body: unknown) => void): Promise<void> {
  const call = { rid: item.rid, timeout_ms: BACKGROUND_MS };
  if (item.kind === 'cancel') {
    await help.api.post('checks/cancel', item.body, call);
    return;
  }
  if (item.kind === 'client') {
    const { customerId, clientId } = item.body as { customerId: string; clientId: number };
    await help.api.post(`customers/${customerId}/poster-client`, { poster_client_id: clientId }, call);
    return;
  }
  const receipt = await withGuest(help, item.body as PostedReceipt, keep);
  if (!receipt) return;
  const answer = await help.api.post<Finalized>('checks/finalize', receipt.body, call);
  const late = help.now() - item.at > LATE_MS;
  help.dispatch({ type: 'posted', orderId: item.orderId, answer, printed: receipt.printed, late });
}

/**
 * A receipt closed offline may name its guest by Poster's client only. He is looked up first, and the result kept, so
 * that a repeat sends the same body under the same request id. Null: not a guest of ours, nothing to post.
 */
async function withGuest(help: Helpers, receipt: PostedReceipt, keep: (body: unknown) => void): Promise<PostedReceipt | null> {
  if (receipt.clientId === null) return receipt;
  const client = await help.readClient(receipt.clientId);
  let found: Identified;
  try {
    found = await help.api.post<Identified>('identify', { poster_client: client }, { timeout_ms: BACKGROUND_MS });
  } catch (error) {
    if (problemOf(error).code === 'customer-unknown') return null;
    throw error;
  }
  const body = { ...receipt.body, customer_id: found.customer.id, identification_id: found.identification.id };
  const known: PostedReceipt = { ...receipt, body, clientId: null };
  keep(known);
  return known;
}
