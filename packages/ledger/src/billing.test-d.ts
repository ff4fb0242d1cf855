import { createUsageBillingClient } from "shopify-usage-billing";
import { createUsageBillingClient as later } from "shopify-usage-billing/2026-10";
import type { Billing } from "./billing.js";

const options = { shop: "example.myshopify.com", accessToken: "shpat_test" };
export const clients: readonly Billing[] = [createUsageBillingClient(options), later(options)];
