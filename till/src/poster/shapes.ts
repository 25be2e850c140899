/**
 * Poster's own objects, as far as the till reads them (poster-contract §1). All money is in currency units.
 * Registers send some numbers as text, so nothing here is trusted to have its documented type.
 */

export interface PosterProduct {
  id: number;
  count: number;
  price: number;
  modification?: number | string;
  promotionId?: number;
  promotionPrice?: number;
  nodiscount?: number | boolean;
}

export interface PosterOrder {
  id: number;
  orderName?: number | string;
  status?: number;
  products?: Record<string, PosterProduct> | PosterProduct[];
  total: number;
  clientId?: number;
  datePrint?: number;
  dateClose?: number;
  payType?: string | number;
  payedSum?: number;
  payedCard?: number;
  payedCash?: number;
  payedThirdParty?: number;
  payedBonus?: number;
  approvedBonus?: number;
  platformDiscount?: number;
  loyaltyAppId?: number | string;
  tipSum?: number;
  discount?: number;
  extras?: Record<string, unknown> | unknown[];
}

export interface PosterClientCard {
  id: number;
  firstname?: string;
  lastname?: string;
  phone?: string;
  email?: string;
  cardNumber?: string;
  hidden?: number;
}

export interface PosterUser {
  id: number;
  name: string;
}

export interface PosterSettings {
  accountUrl: string;
  currencyCodeIso: string;
  lang: string;
  spotId: number;
  spotTabletId: number;
  applicationId: string;
}

export interface PosterPlatform {
  settings: PosterSettings;
  environment?: { android?: boolean; iOS?: boolean };
  on(event: string, handler: (data: never, next?: (options?: unknown) => void) => void): void;
  interface: {
    popup(options: { width: number | string; height: number | string; title: string }): unknown;
    closePopup(): unknown;
    showApplicationIconAt(places: Record<string, string>): unknown;
    scanBarcode?(): Promise<{ barcode?: string } | string | undefined>;
    showNotification(notification: { title: string; message: string }): unknown;
  };
  orders: {
    getActive(): Promise<{ order?: PosterOrder } | undefined>;
    setOrderClient(orderId: number, clientId: number): Promise<unknown>;
    setOrderBonus(orderId: number, sum: number): Promise<unknown> | undefined;
    printReceipt(orderId: number): Promise<unknown> | undefined;
    setPrintText(orderId: number, text: string): Promise<unknown>;
    setExtras(orderId: number, key: string, value: string): Promise<unknown>;
  };
  clients: {
    get(id: number): Promise<PosterClientCard | false | undefined>;
    find(query: { searchVal: string }): Promise<
      { foundClients?: PosterClientCard[]; foundByCard?: PosterClientCard[] } | undefined
    >;
    create(request: { client: Record<string, unknown> }): Promise<unknown>;
  };
  users: { getActiveUser(): Promise<PosterUser | false | undefined> };
  makeRequest(
    url: string,
    options: { headers: string[]; method: string; data: unknown; timeout: number },
    answer: (response: { code: number; result: unknown }) => void,
  ): unknown;
}
