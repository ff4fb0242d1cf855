import type { ShopState } from "./shop.js";

/** The charge that an event is about. */
export interface ChargeFacts {
  readonly shop: string;
  readonly meter: string;
  /** The idempotency key it is sent with. */
  readonly key: string;
  /** Decimal string. */
  readonly amount: string;
  readonly currencyCode: string;
}

/** What the ledger does, for logs and metrics. It never contains an access token. */
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
  /** The charge waits for room under the cap, for a plan, or for the app's decision. */
  | (ChargeFacts & { readonly type: "parked"; readonly reason: string })
  /** Shopify refused the charge, or its key belongs to another one. The app decides; see `resume` and `waive`. */
  | (ChargeFacts & { readonly type: "refused"; readonly reason: string; readonly message: string })
  /** Shopify may have made the charge. It is sent again with the same key. */
  | (ChargeFacts & { readonly type: "unknown"; readonly error: unknown })
  /** A replaced charge was made after all: the merchant has paid for the same uses twice. */
  | (ChargeFacts & { readonly type: "twice"; readonly recordId: string })
  /** The shop can no longer be charged, or can be again. */
  | {
      readonly type: "state";
      readonly shop: string;
      readonly state: ShopState;
      readonly reason: string | null;
    }
  /** `run` could not charge a shop, or could not reach the database (`shop` is then `null`). It goes on. */
  | { readonly type: "error"; readonly shop: string | null; readonly error: unknown };

/** Receives events. Whatever it throws or rejects with is ignored. */
export type LedgerEventListener = (event: LedgerEvent) => void;
