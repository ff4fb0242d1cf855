/** Which responses a repeated idempotency key gets again. */
export type Replay = "successes" | "all";

/**
 * The two texts for a charge above the cap: the mutation's documented one, and the one of its 2025-01
 * example.
 */
export const CAPPED_AMOUNT_MESSAGES = {
  documented: "Total price exceeds balance remaining",
  example: "Failed to create usage charge",
} as const;

/** Which text a charge above the cap gets. */
export type CappedAmountMessage = keyof typeof CAPPED_AMOUNT_MESSAGES;

/** Whether a refresh token that was used can be used again. */
export type RefreshTokenReuse = "refused" | "untilReplacementIsUsed";

/** How the simulator behaves where Shopify's behaviour is unknown, or where Shopify's own pages differ. */
export interface Choices {
  /** Which responses a repeated key gets again. */
  readonly replay: Replay;
  readonly cappedAmountMessage: CappedAmountMessage;
  /** Whether a plan change leaves the old balance to count against the new cap, unseen. */
  readonly carryOverBalance: boolean;
  /** Whether test subscriptions can be charged above their cap. */
  readonly testChargesPassCap: boolean;
}
