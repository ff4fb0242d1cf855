import type { PGlite } from "@electric-sql/pglite";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
} from "shopify-usage-billing/testing";
import { createUsageLedger, type UsageLedger, type UsageLedgerOptions } from "../src/index.js";

export const DOMAIN = "example.myshopify.com";
const HOUR = 3_600_000;

/** One app in one shop, and everything that may happen to it. */
export class World {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly options: UsageLedgerOptions;
  ledger: UsageLedger;
  readonly #database: PGlite;
  #cap = 10;
  #uses = 0;

  constructor(database: PGlite, options: Partial<UsageLedgerOptions>, replay: "successes" | "all") {
    this.#database = database;
    this.admin = createAdminSimulator({
      now: "2026-11-02T12:00:00Z",
      clock: "manual",
      replay,
      bucket: { maximumAvailable: 1e9, restoreRate: 1e9 },
    });
    this.shop = this.admin.addShop({ shop: DOMAIN, accessToken: "shpat_test" });
    this.subscribe();
    const client = createUsageBillingClient({
      shop: DOMAIN,
      accessToken: "shpat_test",
      fetch: this.admin.fetch,
      retry: { attempts: 2, minDelay: 0, maxDelay: 0 },
    });
    this.options = {
      database,
      billingFor: () => client,
      now: () => new Date(this.admin.clock.now()),
      ...options,
    };
    this.ledger = createUsageLedger(this.options);
  }

  subscribe(): void {
    const cappedAmount = { amount: String(this.#cap), currencyCode: "USD" };
    this.shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  }

  async record(amounts: readonly string[]): Promise<void> {
    const uses = amounts.map((amount) => {
      this.#uses += 1;
      const price = { amount, currencyCode: "USD" };
      return { shop: DOMAIN, id: `use-${this.#uses}`, meter: "emails", price };
    });
    const { text, values } = this.ledger.record([...uses, ...uses.slice(0, 1)]);
    await this.#database.query(text, values);
  }

  /** A worker that loses its database after so many statements, as if it were killed there. */
  async crash(statements: number): Promise<void> {
    let left = statements;
    const worker = createUsageLedger({
      ...this.options,
      database: {
        query: async (text, values) => {
          left -= 1;
          if (left < 0) throw new Error("killed");
          return await this.#database.query(text, values);
        },
      },
    });
    await worker.charge(DOMAIN).catch(() => undefined);
    // What its claim would do by itself after a while.
    await this.#database.query(
      "update usage_ledger.shops set claimed_by = null, claimed_until = null",
    );
  }

  async charge(): Promise<void> {
    await this.ledger.charge(DOMAIN).catch(() => undefined);
  }

  raiseCap(): void {
    this.#cap *= 2;
    // The merchant approves a plan with a higher cap, and the old plan ends.
    this.subscribe();
  }

  async sums(): Promise<
    { recorded: string; sealed: string; open: string; difference: string } | undefined
  > {
    const { rows } = await this.#database.query<{
      recorded: string;
      sealed: string;
      open: string;
      difference: string;
    }>("select recorded::text, sealed::text, open::text, difference::text from usage_ledger.books");
    return rows[0];
  }

  /** Says what is wrong, after whatever has happened. */
  async problems(): Promise<string[]> {
    const found: string[] = [];
    const hold = (holds: boolean, problem: string): void => {
      if (!holds) found.push(problem);
    };
    const books = await this.sums();
    hold(Number(books?.difference ?? 0) === 0, `the books differ by ${books?.difference ?? ""}`);
    const { rows: charges } = await this.#database.query<{
      key: string;
      root: string;
      state: string;
      cents: number;
      record_id: string | null;
    }>(
      `select key, split_part(key, '.', 1) as root, state, (amount * 100)::int as cents, record_id
       from usage_ledger.charges`,
    );
    const byKey = new Map(charges.map((charge) => [charge.key, charge]));
    const made = new Map<string, number>();
    const seen = new Set<string>();
    for (const { id, idempotencyKey, price } of this.admin.ledger) {
      const key = idempotencyKey ?? "";
      const charge = byKey.get(key);
      const cents = Math.round(Number(price.amount) * 100);
      hold(charge !== undefined, `${key} was made and is not in the ledger`);
      hold(cents === charge?.cents, `${key} was made of ${cents} cents`);
      hold(!seen.has(key), `${key} was made twice`);
      seen.add(key);
      hold(charge?.state !== "charged" || charge.record_id === id, `${key} has another record`);
      hold(charge?.state !== "replaced", `${key} was replaced and made`);
      made.set(charge?.root ?? "", (made.get(charge?.root ?? "") ?? 0) + cents);
    }
    for (const { key, root, state, cents } of charges) {
      hold(key !== root || (made.get(root) ?? 0) <= cents, `more than ${root} was made of it`);
      hold(state !== "charged" || seen.has(key), `${key} is charged and was not made`);
    }
    const { rows: uses } = await this.#database.query<{ key: string }>(
      `select key from usage_ledger.charges c where c.replaces is null
         and (select sum(price) from usage_ledger.uses u where u.charge = c.id)
           is distinct from c.uses_amount`,
    );
    for (const { key } of uses) found.push(`${key} is not the sum of its uses`);
    return found;
  }

  /** Everything is well again, and nothing is left to hinder what is sealed from being charged. */
  async recover(): Promise<void> {
    this.admin.faults.clear();
    this.#cap = 1_000_000;
    this.subscribe();
    for (let day = 0; day < 3; day += 1) {
      this.admin.clock.advance(25 * HOUR);
      await this.ledger.resume(DOMAIN, { held: true, refused: true });
      await this.ledger.charge(DOMAIN);
    }
  }

  /** What is not charged of all that is sealed, and the states of it. */
  async uncharged(): Promise<{ cents: number; states: string[] }> {
    const books = await this.sums();
    const total = this.admin.ledger.reduce(
      (sum, { price }) => sum + Math.round(Number(price.amount) * 100),
      0,
    );
    const { rows } = await this.#database.query<{ state: string }>(
      "select distinct state from usage_ledger.charges where state not in ('charged', 'replaced')",
    );
    return {
      cents: Math.round(Number(books?.sealed ?? 0) * 100) - total,
      states: rows.map(({ state }) => state),
    };
  }
}
