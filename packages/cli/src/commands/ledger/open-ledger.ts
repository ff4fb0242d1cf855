import type { UsageLedger, UsageLedgerOptions } from "shopify-usage-ledger";

/** Opens a ledger. Without `billingFor` it calls no shop. */
export async function openLedger(
  options: Pick<UsageLedgerOptions, "database"> & Partial<UsageLedgerOptions>,
): Promise<UsageLedger> {
  // Not at the top: every other command starts without it.
  const { createUsageLedger } = await import("shopify-usage-ledger");
  return createUsageLedger({
    billingFor: () => {
      throw new Error("This command was to call no shop");
    },
    ...options,
  });
}
