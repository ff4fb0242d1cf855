/**
 * The main job, from beginning to end: a subscription with usage pricing, three charges, a key that is
 * repeated, a charge above the cap, and what was really charged.
 *
 * It runs on the simulator of the Admin API; with SHOP and ACCESS_TOKEN set, on that shop, where it
 * only ever charges a test subscription, whose charges are never billed.
 */
import { argv, env, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
// The newest version. Shopify supports each for a year; the main entry, 2025-01, is retired.
import {
  createUsageBillingClient,
  UsageBillingError,
  type ActiveUsageLineItem,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import { createAdminSimulator, type AdminSimulator } from "shopify-usage-billing/testing";
import { bar, table } from "./print.js";

const CURRENCY = "USD";
const CAP = "10.00";

/** Where the program charges: a shop, and how its merchant comes to approve. */
interface Store {
  readonly title: string;
  readonly billing: UsageBillingClient;
  readonly approve: (confirmationUrl: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The program's environment variables, and where it prints. */
export interface Surroundings {
  readonly shop?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly print: (text: string) => void;
}

async function simulatedStore(admin: AdminSimulator): Promise<Store> {
  const shop = "example.myshopify.com";
  const accessToken = "shpat_simulated";
  const installed = admin.addShop({ shop, accessToken });
  const { endpoint, close } = await admin.listen();
  return {
    title: `${shop}, simulated at ${endpoint("2026-10")}`,
    billing: createUsageBillingClient({ shop, accessToken, endpoint: endpoint("2026-10") }),
    approve: async () => {
      for (const { id } of installed.openApprovals) installed.approve(id);
    },
    close,
  };
}

function realStore(shop: string, accessToken: string, print: (text: string) => void): Store {
  return {
    title: shop,
    billing: createUsageBillingClient({ shop, accessToken }),
    approve: async (confirmationUrl) => {
      print(`  Approve the test subscription in the shop's admin:\n  ${confirmationUrl}\n`);
    },
    close: async () => undefined,
  };
}

/** Returns the active usage line item of a test subscription. If there is none, proposes and approves one. */
async function subscribe({ billing, approve }: Store): Promise<ActiveUsageLineItem> {
  const active = await billing.activeUsageLineItem();
  if (active?.test) return active;
  if (active) throw new Error("The shop has a subscription that is billed; nothing was charged");
  const proposed = await billing.createSubscription({
    name: "Emails by use",
    returnUrl: "https://app.example/billing",
    usage: {
      cappedAmount: { amount: CAP, currencyCode: CURRENCY },
      terms: "1 USD for 1000 emails",
    },
    test: true,
  });
  if (!proposed.ok) throw new Error(proposed.userErrors[0].message);
  await approve(proposed.payload.confirmationUrl ?? "");
  for (;;) {
    const approved = await billing.activeUsageLineItem();
    if (approved) return approved;
    await sleep(3_000);
  }
}

/** Runs the main job. Gives the number of steps that did not go as they should. */
export async function firstCharges({ shop, accessToken, print }: Surroundings): Promise<number> {
  const admin = createAdminSimulator();
  const store =
    shop && accessToken ? realStore(shop, accessToken, print) : await simulatedStore(admin);
  const { billing } = store;
  const isReal = store.title === shop;
  let failures = 0;
  const step = (what: string, expected: boolean, outcome: string): void => {
    if (!expected) failures += 1;
    print(`  ${expected ? "✓" : "✗"} ${what.padEnd(38)} ${outcome}`);
  };
  try {
    print(`\n  ${store.title}\n`);
    const before = await subscribe(store);
    step("usage subscription approved", true, `capped at ${before.cappedAmount.amount}`);

    const run = `first-charges-${Date.now()}`;
    const charge = (what: string, amount: string, key: string) =>
      billing.createUsageRecord({
        description: what,
        price: { amount, currencyCode: before.cappedAmount.currencyCode },
        idempotencyKey: `${run}-${key}`,
      });

    const charges = [
      ["1000 emails", "1.00"],
      ["2500 emails", "2.50"],
      ["500 emails", "0.50"],
    ] as const;
    const ids: string[] = [];
    for (const [index, [what, amount]] of charges.entries()) {
      const result = await charge(what, amount, String(index));
      if (result.ok) ids.push(result.usageRecord.id);
      step(
        `charge ${amount} for ${what}`,
        result.ok,
        result.ok ? result.usageRecord.id : result.userErrors[0].message,
      );
    }

    const repeated = await charge("1000 emails", "1.00", "0");
    const same = repeated.ok && repeated.usageRecord.id === ids[0];
    step("the first once more, with its key", same, same ? "the same record" : "another record!");

    const above = await charge("a million emails", "1000.00", "above-the-cap");
    // Shopify has been reported to accept test charges above the cap, so a real shop may too.
    step(
      "charge 1000.00, which is above the cap",
      !above.ok || isReal,
      above.ok ? "accepted, as it is a test" : `${above.userErrors[0].code}, ${above.certainty}`,
    );

    const rows: string[][] = [];
    for await (const record of billing.usageRecords()) {
      if (!record.idempotencyKey?.startsWith(run)) continue;
      const { createdAt, description, price, idempotencyKey } = record;
      rows.push([createdAt, description, `${price.amount} ${price.currencyCode}`, idempotencyKey]);
    }
    const made = charges.length + (above.ok ? 1 : 0);
    print("\n" + table(["charged at", "for", "price", "idempotency key"], rows));
    step("charges made", rows.length === made, String(rows.length));

    const after = await billing.activeUsageLineItem();
    if (after) {
      const { balanceUsed, cappedAmount } = after;
      print("\n" + bar(balanceUsed.amount, cappedAmount.amount, cappedAmount.currencyCode));
    }
    if (!isReal)
      step(
        "charges in the simulator's ledger",
        admin.ledger.length === made,
        String(admin.ledger.length),
      );
  } finally {
    await store.close();
  }
  print(failures === 0 ? "\n  All as it should be.\n" : `\n  ${failures} not as it should be.\n`);
  return failures;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const print = (text: string): void => void stdout.write(`${text}\n`);
  try {
    const { SHOP: shop, ACCESS_TOKEN: accessToken } = env;
    process.exitCode = (await firstCharges({ shop, accessToken, print })) === 0 ? 0 : 1;
  } catch (error) {
    const known = error instanceof UsageBillingError;
    print(`\n  ✗ ${known ? `${error.name}: ${error.message}` : String(error)}\n`);
    process.exitCode = 1;
  }
}
