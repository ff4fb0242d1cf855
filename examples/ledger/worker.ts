/**
 * A worker: a process that charges every shop that is due, until it is stopped, or killed.
 *
 * Its database is PGlite in the process that started it. With a PostgreSQL server it would be a `Pool`.
 */
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createUsageLedger, type Database } from "shopify-usage-ledger";
import { accessTokenOf, LEDGER } from "./app.js";

/** A statement that the worker sends to its parent. */
export interface Question {
  readonly id: number;
  readonly text: string;
  readonly values: (string | null)[];
}

/** What it resolved to, or why it failed. */
export interface Answer {
  readonly id: number;
  readonly rows?: readonly unknown[];
  readonly error?: string;
}

const waiting = new Map<number, (answer: Answer) => void>();
let questions = 0;

const database: Database = {
  query: (text, values = []) =>
    new Promise((resolve, reject) => {
      questions += 1;
      const id = questions;
      waiting.set(id, ({ rows = [], error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(rows);
        else reject(new Error(error));
      });
      process.send?.({ id, text, values } satisfies Question);
    }),
};
process.on("message", (answer: Answer) => waiting.get(answer.id)?.(answer));

const [endpoint = ""] = process.argv.slice(2);
const ledger = createUsageLedger({
  ...LEDGER,
  database,
  billingFor: (shop) =>
    createUsageBillingClient({ shop, accessToken: accessTokenOf(shop), endpoint }),
});

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
process.once("disconnect", () => process.exit()); // the database is gone
await ledger.run({ signal: stop.signal, pollInterval: 100 });
process.disconnect();
