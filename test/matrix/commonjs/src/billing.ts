// What a CommonJS app writes: imports that its compiler makes into `require`.
import {
  createUsageBillingClient,
  isUsageBillingError,
  type CreateUsageRecordResult,
} from "shopify-usage-billing/2026-10";
import { fromSession } from "shopify-usage-billing/shopify";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { apiVersions } from "shopify-usage-billing/api-versions";
import { createUsageBillingClient as createDefault } from "shopify-usage-billing";

const shop = "example.myshopify.com";
const accessToken = "shpat_commonjs";

export async function charge(idempotencyKey: string): Promise<CreateUsageRecordResult> {
  const admin = createAdminSimulator();
  const installed = admin.addShop({ shop, accessToken });
  const cappedAmount = { amount: "10.00", currencyCode: "USD" };
  installed.approve(installed.createSubscription({ cappedAmount }).id);
  const billing = createUsageBillingClient({
    ...fromSession({ shop, accessToken }),
    fetch: admin.fetch,
  });
  return billing.createUsageRecord({
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
    idempotencyKey,
  });
}

/** The name of the error that an empty access token is refused with. */
export function refusal(): string | null {
  try {
    createDefault({ shop, accessToken: "" });
    return null;
  } catch (error) {
    return isUsageBillingError(error) ? error.name : null;
  }
}

export const versions: readonly string[] = apiVersions.map(({ handle }) => handle);
