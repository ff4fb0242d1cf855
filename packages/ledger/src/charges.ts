import type { ChargeFacts } from "./events.js";

/** A charge as the statements of this package return it. */
export interface ChargeRow {
  readonly id: string;
  readonly shop: string;
  readonly meter: string;
  readonly key: string;
  readonly amount: string;
  readonly currency: string;
  readonly description: string;
}

/** SQL for the columns of a {@link ChargeRow}. */
export function chargeColumns(alias: string): string {
  return ["id", "shop", "meter", "key", "amount", "currency", "description"]
    .map((column) => `${alias}.${column}::text as ${column}`)
    .join(", ");
}

/** Returns a charge as events contain it. */
export function factsOf({ shop, meter, key, amount, currency }: ChargeRow): ChargeFacts {
  return { shop, meter, key, amount, currencyCode: currency };
}
