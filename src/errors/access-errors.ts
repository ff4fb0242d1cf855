import { UsageBillingError } from "./usage-billing-error.js";

/** Shopify answered 401: the access token is wrong or revoked, or the app could not provide one. */
export class AuthenticationError extends UsageBillingError {
  override readonly name = "AuthenticationError" as const;
}

/** Shopify answered 403 or `ACCESS_DENIED`: the token lacks a scope or the staff member a permission. */
export class AccessDeniedError extends UsageBillingError {
  override readonly name = "AccessDeniedError" as const;
}

/** Shopify answered 402 (frozen shop), 404 (no such shop or API version) or 423 (locked shop). */
export class ShopUnavailableError extends UsageBillingError {
  override readonly name = "ShopUnavailableError" as const;
}
