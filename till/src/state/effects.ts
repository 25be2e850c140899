import type { Check, FinalizeBody, Salesperson } from '../api/contract';
import type { Event, GuestForm, QuotePurpose } from './events';
import type { GuestLink, Order } from './order';
import type { Sentence } from './sentence';
import type { Guest } from './state';

/** What the state machine asks the runner to do. Every answer comes back as an event. */
export type Effect =
  | { do: 'hello'; salesperson: Salesperson | null }
  | { do: 'notify'; sentence: Sentence }
  | { do: 'popup' }
  | { do: 'closePopup' }
  | { do: 'next'; token: number }
  | { do: 'after'; ms: number; key: string; event: Event }
  | { do: 'identify'; request: number; orderId: string; text: string }
  | { do: 'scan' }
  | { do: 'identifyClient'; orderId: string; clientId: number }
  | { do: 'readProfile'; orderId: string; clientId: number }
  | { do: 'register'; request: number; orderId: string; contact: { phone: string } | { email: string }; form: GuestForm }
  | { do: 'attach'; orderId: string; guest: Guest }
  | { do: 'detach'; orderId: string }
  | { do: 'remember'; orderId: string; link: GuestLink | null }
  | { do: 'mapClient'; orderId: string; customerId: string; clientId: number }
  | { do: 'quote'; order: Order; guest: Guest; purpose: QuotePurpose; request: number; fingerprint: string; redeemMinor: number | null }
  | { do: 'reserve'; order: Order; guest: Guest; request: number; fingerprint: string; redeemMinor: number; hash: string; code: string | null; renewal: boolean }
  | { do: 'resend'; request: number; orderId: string; customerId: string; redeemMinor: number }
  | { do: 'setBonus'; orderId: string; minor: number; request: number }
  | { do: 'printText'; orderId: string; text: string }
  | { do: 'printPreCheck'; orderId: string }
  | { do: 'cancelHold'; orderId: string }
  | { do: 'post'; receipt: PostedReceipt }
  | { do: 'flush'; force: boolean };

/** A paid receipt on its way to the server. `clientId` names the guest where only Poster knows him yet. */
export interface PostedReceipt {
  orderId: string;
  body: Omit<FinalizeBody, 'check'> & { check: Check };
  clientId: number | null;
  printed: string | null;
}
