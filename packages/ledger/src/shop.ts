/**
 * Whether a shop can be charged, and what stands in the way.
 *
 * @remarks
 * - `ready`: it can be charged.
 * - `capped`: the capped amount is used up. Way back: the cap is raised, or the period ends.
 * - `noPlan`: no active subscription has a usage line item. Way back: the merchant approves one.
 * - `testPlan`: only a test subscription has one, and `isTest` is false.
 * - `frozen`: the shop or its subscription is frozen. Way back: the merchant pays the bill.
 * - `unavailable`: the shop is closed or locked (404, 423).
 * - `tokenRefused`: 401, as after an uninstallation. Way back: the app is installed again.
 * - `accessDenied`: 403 or `ACCESS_DENIED`. Way back: the scope or permission is granted.
 * - `billingNotAllowed`: Shopify does not let this app use the Billing API.
 *
 * The ledger looks at a blocked shop again after a minute, then less and less often, down to once a day.
 * `resume` makes it look at once.
 */
export type ShopState =
  | "ready"
  | "capped"
  | "noPlan"
  | "testPlan"
  | "frozen"
  | "unavailable"
  | "tokenRefused"
  | "accessDenied"
  | "billingNotAllowed";
