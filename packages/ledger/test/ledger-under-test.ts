import { Pool } from "pg";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
} from "shopify-usage-billing/testing";
import { inject, onTestFinished } from "vitest";
import {
  createUsageLedger,
  type LedgerEvent,
  type Statement,
  type UsageLedger,
  type UsageLedgerOptions,
} from "../src/index.js";
import { createDatabase } from "./postgres-server.js";

/** A ledger on a database of its own, with a simulated Shopify that has one shop. */
export interface LedgerUnderTest {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly domain: string;
  readonly pool: Pool;
  /** The URL of the database. */
  readonly url: string;
  readonly ledger: UsageLedger;
  readonly events: readonly LedgerEvent[];
  /** The client that the ledger charges a shop with. */
  readonly clientFor: (domain: string) => ReturnType<typeof createUsageBillingClient>;
  /** Another ledger on the same database and shops. */
  readonly another: (options?: Partial<UsageLedgerOptions>) => UsageLedger;
  /** Records uses in a transaction of their own. */
  readonly record: (statement: Statement) => Promise<{ recorded: number; differing: number }>;
  /** The first column of the first row. */
  readonly value: (text: string, values?: unknown[]) => Promise<unknown>;
  readonly rows: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** What Shopify has really charged, as a sum of cents. */
  readonly chargedCents: () => number;
}

/** What a test may choose. */
export interface UnderTestOptions extends Partial<UsageLedgerOptions> {
  readonly simulator?: AdminSimulatorOptions;
  /** The capped amount in the shop's currency; `null` for a shop without a plan. */
  readonly cap?: string | null;
  readonly currencyCode?: string;
  /** Whether to apply the migrations. @defaultValue true */
  readonly migrated?: boolean;
}

export const DOMAIN = "example.myshopify.com";

export async function ledgerUnderTest(options: UnderTestOptions = {}): Promise<LedgerUnderTest> {
  const { simulator, cap = "1000.00", currencyCode = "USD", migrated = true, ...given } = options;
  const admin = createAdminSimulator({
    now: "2026-11-02T12:00:00Z",
    clock: "manual",
    ...simulator,
  });
  const shop = admin.addShop({ shop: DOMAIN, accessToken: "shpat_test" });
  if (cap !== null) {
    shop.createSubscription({ cappedAmount: { amount: cap, currencyCode }, status: "ACTIVE" });
  }
  const url = await createDatabase(inject("postgres"));
  const pool = new Pool({ connectionString: url, max: 10 });
  pool.on("error", () => undefined);
  onTestFinished(async () => await pool.end());
  const events: LedgerEvent[] = [];
  const clients = new Map<string, ReturnType<typeof createUsageBillingClient>>();
  const tokens = new Map<string, string>([[DOMAIN, "shpat_test"]]);
  const clientFor: LedgerUnderTest["clientFor"] = (domain) => {
    const existing = clients.get(domain);
    if (existing) return existing;
    const client = createUsageBillingClient({
      shop: domain,
      accessToken: tokens.get(domain) ?? `shpat_${domain}`,
      fetch: admin.fetch,
      retry: { attempts: 2, minDelay: 0, maxDelay: 1 },
      timeout: 1000,
    });
    clients.set(domain, client);
    return client;
  };
  const ledgerOptions: UsageLedgerOptions = {
    database: pool,
    billingFor: clientFor,
    rollUp: "each",
    now: () => new Date(admin.clock.now()),
    onEvent: (event) => events.push(event),
    ...given,
  };
  const ledger = createUsageLedger(ledgerOptions);
  if (migrated) await ledger.migrate();
  return {
    admin,
    shop,
    domain: DOMAIN,
    pool,
    url,
    ledger,
    events,
    clientFor,
    another: (more = {}) => createUsageLedger({ ...ledgerOptions, ...more }),
    record: async ({ text, values }) => (await pool.query(text, values)).rows[0],
    value: async (text, values) => {
      const { rows } = await pool.query<Record<string, unknown>>(text, values);
      return Object.values(rows[0] ?? {})[0];
    },
    rows: async (text, values) => (await pool.query<Record<string, unknown>>(text, values)).rows,
    chargedCents: () =>
      admin.ledger.reduce((sum, { price }) => sum + Math.round(Number(price.amount) * 100), 0),
  };
}
