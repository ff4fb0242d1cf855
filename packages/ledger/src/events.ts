import type { ShopState } from "./shop.js";

/** A charge, as an event names it. */
export interface ChargeFacts {
  readonly shop: string;
  readonly meter: string;
  /** The idempotency key it is sent with. */
  readonly key: string;
  /** Decimal string. */
  readonly amount: string;
  readonly currencyCode: string;
}

/** What the ledger does, for logs and metrics. It never holds an access token. */
export type LedgerEvent =
  /** Uses were sealed into charges. */
  | {
      readonly type: "sealed";
      readonly shop: string;
      readonly meter: string;
      readonly charges: number;
      readonly uses: number;
    }
  /** Shopify has made the charge. */
  | (ChargeFacts & { readonly type: "charged"; readonly recordId: string })
  /** The charge waits: for room under the cap, for a plan, or for the app's decision. */
  | (ChargeFacts & { readonly type: "parked"; readonly reason: string })
  /** Shopify refused the charge, or its key belongs to another one. The app decides; see `resume`. */
  | (ChargeFacts & { readonly type: "refused"; readonly reason: string; readonly message: string })
  /** Whether Shopify has made the charge is unknown; it is sent again with its key. */
  | (ChargeFacts & { readonly type: "unknown"; readonly error: unknown })
  /** A charge that was replaced has been made after all: the merchant has paid for the same uses twice. */
  | (ChargeFacts & { readonly type: "twice"; readonly recordId: string })
  /** Something began to stand in the way of charging the shop, or does so no longer. */
  | {
      readonly type: "state";
      readonly shop: string;
      readonly state: ShopState;
      readonly reason: string | null;
    }
  /** `run` could not charge a shop, or not reach the database; it goes on. */
  | { readonly type: "error"; readonly shop: string | null; readonly error: unknown };

/** Receives events. What it throws is ignored, and so is a promise that it returns. */
export type LedgerEventListener = (event: LedgerEvent) => void;
