import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** Shopify answered 401: the access token is wrong, expired or revoked. */
export class AuthenticationError extends UsageBillingError {
  override readonly name = "AuthenticationError" as const;
}

/** The app's `accessToken` function failed, or returned nothing within `timeout`. Nothing was sent. */
export class AccessTokenError extends UsageBillingError {
  override readonly name = "AccessTokenError" as const;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** Shopify answered 403 or `ACCESS_DENIED`: the message says what is missing. */
export class AccessDeniedError extends UsageBillingError {
  override readonly name = "AccessDeniedError" as const;
}

/** Shopify answered 402 (frozen shop), 404 (no such shop or API version) or 423 (locked shop). */
export class ShopUnavailableError extends UsageBillingError {
  override readonly name = "ShopUnavailableError" as const;
}
