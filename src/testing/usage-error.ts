import { withoutTokens } from "../errors/without-tokens.js";

/**
 * A call of the simulator itself that makes no sense, such as a negative cap.
 *
 * @remarks
 * What an app sends over the API is never answered with it: that gets Shopify's own errors.
 */
export class SimulatorUsageError extends Error {
  override readonly name = "SimulatorUsageError" as const;

  constructor(message: string) {
    super(withoutTokens(message));
  }
}
