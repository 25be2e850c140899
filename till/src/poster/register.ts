import type { Salesperson } from '../api/contract';
import { withDeadline } from './deadline';
import { toUnits } from './money';
import { EXTRAS_KEY } from './order';
import type { PosterOrder, PosterPlatform } from './shapes';

/** Largest popup; a smaller screen gets most of its own height. */
const POPUP_WIDTH = 560;
const POPUP_HEIGHT = 640;
/** Poster raises "popup closed" for our own closing too; an echo comes within this time. */
const ECHO_MS = 700;

/** The register as the till uses it. Nothing here throws but `scan` and `activeOrder`; failures are answers. */
export class Register {
  private closedAt = -Infinity;

  constructor(readonly poster: PosterPlatform, private readonly now: () => number) {}

  get canScan(): boolean {
    const { environment } = this.poster;
    return Boolean((environment?.android || environment?.iOS) && this.poster.interface.scanBarcode);
  }

  /** The order on the screen; undefined elsewhere. */
  async activeOrder(): Promise<PosterOrder | undefined> {
    return (await withDeadline(this.poster.orders.getActive()))?.order;
  }

  async salesperson(): Promise<Salesperson | null> {
    try {
      const user = await withDeadline(this.poster.users.getActiveUser());
      return user ? { external_id: String(user.id), name: String(user.name || '') } : null;
    } catch {
      return null;
    }
  }

  setClient(orderId: string, clientId: number): Promise<boolean> {
    return succeeded(() => this.poster.orders.setOrderClient(Number(orderId), clientId));
  }

  /**
   * Sets what the order is reduced by. Poster's page promises no answer to this call: `{success: false}` and a
   * rejection are refusals; without an answer the order itself is asked.
   */
  async setBonus(orderId: string, minor: number, digits: number): Promise<boolean> {
    const sum = toUnits(minor, digits);
    try {
      const answer = (await withDeadline(this.poster.orders.setOrderBonus(Number(orderId), sum))) as { success?: unknown } | undefined;
      if (answer && typeof answer.success === 'boolean') return answer.success;
      const order = await this.activeOrder();
      return !order || String(order.id) !== orderId || Math.abs(Number(order.platformDiscount || 0) - sum) < 1e-6;
    } catch {
      return false;
    }
  }

  setPrintText(orderId: string, text: string): Promise<boolean> {
    return succeeded(() => this.poster.orders.setPrintText(Number(orderId), text));
  }

  setExtras(orderId: string, text: string): Promise<boolean> {
    return succeeded(() => this.poster.orders.setExtras(Number(orderId), EXTRAS_KEY, text));
  }

  printPreCheck(orderId: string): Promise<boolean> {
    return succeeded(() => this.poster.orders.printReceipt(Number(orderId)));
  }

  /** What the camera read; empty when the cashier closed it. */
  async scan(): Promise<string> {
    const answer = await this.poster.interface.scanBarcode?.();
    return typeof answer === 'string' ? answer : (answer?.barcode || '');
  }

  popup(title: string): void {
    const room = window.screen.height || POPUP_HEIGHT;
    const height = room * 0.85 < POPUP_HEIGHT ? '80%' : POPUP_HEIGHT;
    this.poster.interface.popup({ width: POPUP_WIDTH, height, title });
  }

  closePopup(): void {
    this.closedAt = this.now();
    this.poster.interface.closePopup();
  }

  /** Is a "popup closed" event the echo of our own closing? Each closing has one echo at most. */
  takeEcho(): boolean {
    const echo = this.now() - this.closedAt < ECHO_MS;
    this.closedAt = -Infinity;
    return echo;
  }

  notify(title: string, message: string): void {
    void succeeded(() => Promise.resolve(this.poster.interface.showNotification({ title, message })));
  }
}

/** Calls that answer `{success}`: an answer without one counts as success, a rejection or silence as failure. */
async function succeeded(call: () => Promise<unknown> | undefined): Promise<boolean> {
  try {
    const answer = (await withDeadline(call())) as { success?: unknown } | undefined;
    return answer?.success !== false;
  } catch {
    return false;
  }
}
