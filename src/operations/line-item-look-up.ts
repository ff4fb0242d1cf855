import type { AdminApi, BillingContext } from "../admin-api.js";
import { NoActiveUsageLineItemError } from "../errors/no-active-usage-line-item-error.js";
import type { CallOptions } from "../input.js";
import { requireActiveUsageLineItem, type ActiveUsageLineItem } from "./active-usage-line-item.js";

/**
 * Looks up the active usage line item for the charges of one call or one run: once, and again after
 * a charge met a subscription that is no longer active.
 */
export class LineItemLookUp<Api extends AdminApi> {
  readonly #context: BillingContext<Api>;
  readonly #idempotencyKey: string | undefined;
  readonly #found = new Map<boolean, Promise<ActiveUsageLineItem<Api>>>();

  /** @param idempotencyKey - the key for errors to carry, if the look-up serves one charge */
  constructor(context: BillingContext<Api>, idempotencyKey?: string) {
    this.#context = context;
    this.#idempotencyKey = idempotencyKey;
  }

  /** Returns the active usage line item. `isTest` is as in the charge's input. */
  find(isTest: boolean, options: CallOptions): Promise<ActiveUsageLineItem<Api>> {
    let found = this.#found.get(isTest);
    if (!found) {
      const idempotencyKey = this.#idempotencyKey;
      const settings = { ...options, idempotencyKey };
      found = requireActiveUsageLineItem(this.#context, { isTest }, settings);
      this.#found.set(isTest, found);
      // Caches 'not found' for the whole run, but not failed look-ups.
      found.catch((error: unknown) => {
        if (!(error instanceof NoActiveUsageLineItemError)) this.#found.delete(isTest);
      });
    }
    return found;
  }

  /** Forgets a line item that is no longer active, unless another was found since. */
  async forget(isTest: boolean, stale: ActiveUsageLineItem<Api>): Promise<void> {
    if ((await this.#found.get(isTest)) === stale) this.#found.delete(isTest);
  }
}
