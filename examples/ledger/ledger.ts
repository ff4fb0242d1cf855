/**
 * The usage ledger from beginning to end, in one command and without a server: 10,000 uses of 25 shops
 * are recorded and charged, a worker is killed in the middle, a cap is hit and raised, and the books
 * are compared with Shopify's.
 *
 *   npm run example:ledger
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { argv, stdout } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { createUsageLedger, type Difference } from "shopify-usage-ledger";
import { accessTokenOf, CURRENCY, EMAIL, LEDGER } from "./app.js";
import type { Answer, Question } from "./worker.js";

const SHOPS = 25;
const USES_PER_SHOP = 400;
const KILL_AFTER = 10;
const CAP = "100.00";
const SMALL_CAP = "3.00";
const RAISED_CAP = "50.00";

/** Runs the example. Returns the number of steps that did not go as they should. */
export async function ledgerExample(print: (text: string) => void): Promise<number> {
  let failures = 0;
  const step = (title: string, isRight: boolean, ...outcome: string[]): void => {
    if (!isRight) failures += 1;
    const [first = "", ...more] = outcome;
    print(`  ${isRight ? "✓" : "✗"} ${title.padEnd(12)} ${first}`);
    for (const line of more) print(`                 ${line}`);
  };

  // Shopify, with 25 shops that have the app. The last one has a small cap.
  const admin = createAdminSimulator();
  const shops = Array.from({ length: SHOPS }, (_, n) => {
    const domain = `shop-${String(n + 1).padStart(2, "0")}.myshopify.com`;
    const shop = admin.addShop({ shop: domain, accessToken: accessTokenOf(domain) });
    const amount = n === SHOPS - 1 ? SMALL_CAP : CAP;
    shop.createSubscription({
      cappedAmount: { amount, currencyCode: CURRENCY },
      status: "ACTIVE",
    });
    return shop;
  });
  const capped = shops[SHOPS - 1]?.domain ?? "";
  const { endpoint, close } = await admin.listen();
  const billingFor = (shop: string) =>
    createUsageBillingClient({
      shop,
      accessToken: accessTokenOf(shop),
      endpoint: endpoint("2026-10"),
    });

  // The app's database.
  const database = await PGlite.create();
  const ledger = createUsageLedger({ ...LEDGER, database, billingFor });
  await ledger.migrate();
  const sum = async (column: "recorded" | "charged" | "parked" | "open"): Promise<string> => {
    const { rows } = await database.query<{ sum: string }>(
      `select coalesce(sum(${column}), 0)::numeric(20, 2)::text as sum from usage_ledger.books`,
    );
    return rows[0]?.sum ?? "";
  };
  const count = async (state: "charged" | "parked"): Promise<number> => {
    const { rows } = await database.query<{ count: number }>(
      "select count(*)::int as count from usage_ledger.charges where state = $1",
      [state],
    );
    return rows[0]?.count ?? 0;
  };
  const chargedAtShopify = (): string =>
    (admin.ledger.reduce((sum, { price }) => sum + Number(price.amount) * 100, 0) / 100).toFixed(2);

  /** A worker in a process of its own. */
  const startWorker = (): ChildProcess => {
    const program = fileURLToPath(new URL("worker.ts", import.meta.url));
    const worker = fork(program, [endpoint("2026-10")]);
    worker.on("message", ({ id, text, values }: Question) => {
      const reply = (answer: Answer): void => {
        // It may have been killed meanwhile.
        if (worker.connected) worker.send(answer, () => undefined);
      };
      database.query(text, values).then(
        ({ rows }) => reply({ id, rows }),
        (error: unknown) => reply({ id, error: String(error) }),
      );
    });
    return worker;
  };

  try {
    print("\n  The usage ledger on PGlite, with 25 simulated shops\n");

    const began = Date.now();
    let recorded = 0;
    for (const { domain } of shops) {
      const uses = Array.from({ length: USES_PER_SHOP }, (_, n) => ({
        shop: domain,
        meter: "emails",
        id: `email-${n}`,
        price: { amount: EMAIL, currencyCode: CURRENCY },
      }));
      // In an app: in the transaction that sends the emails. Twice, as a queue may deliver them.
      for (const { text, values } of [ledger.record(uses), ledger.record(uses.slice(0, 40))]) {
        const { rows } = await database.query<{ recorded: number }>(text, values);
        recorded += rows[0]?.recorded ?? 0;
      }
    }
    step(
      "record",
      recorded === SHOPS * USES_PER_SHOP,
      `${recorded.toLocaleString("en")} uses at ${EMAIL} ${CURRENCY}: ${await sum("recorded")} ${CURRENCY}, in ${((Date.now() - began) / 1000).toFixed(1)} s`,
      "1,000 of them were recorded twice, and count once",
    );

    const first = startWorker();
    const killed = new Promise<void>((resolve) => {
      const stop = admin.on("usageRecord", () => {
        if (admin.ledger.length < KILL_AFTER) return;
        stop();
        first.kill("SIGKILL"); // the charge is made, but its response is lost
        resolve();
      });
    });
    await killed;
    await once(first, "exit");
    const lost = admin.ledger.length;
    step(
      "kill",
      first.signalCode === "SIGKILL",
      `the worker was killed in the middle: Shopify has made ${lost} charges, the ledger knows of ${await count("charged")}`,
    );

    const second = startWorker();
    while ((await count("charged")) < SHOPS || (await count("parked")) < 1) await delay(50);
    const keys = new Set(admin.ledger.map(({ idempotencyKey }) => idempotencyKey));
    step(
      "go on",
      keys.size === admin.ledger.length && (await sum("charged")) === chargedAtShopify(),
      `another worker charged the rest: ${admin.ledger.length} charges, ${chargedAtShopify()} ${CURRENCY}, none twice`,
      `10,000 uses became ${admin.ledger.length} lines on ${SHOPS} invoices`,
    );

    const atCap = await ledger.balance(capped);
    step(
      "cap",
      Number(atCap.parked) === 2 && atCap.state === "capped",
      `${capped} may be charged ${SMALL_CAP}: ${money(atCap.charged)} was charged, ${money(atCap.parked)} is parked`,
    );

    const billing = billingFor(capped);
    const lineItem = await billing.activeUsageLineItem();
    const raise = await billing.updateCappedAmount({
      subscriptionLineItemId: lineItem?.id ?? "",
      cappedAmount: { amount: RAISED_CAP, currencyCode: CURRENCY },
    });
    const merchant = shops[SHOPS - 1];
    for (const { id } of merchant?.openApprovals ?? []) merchant?.approve(id);
    await ledger.resume(capped); // in an app: at the webhook APP_SUBSCRIPTIONS_UPDATE
    while ((await count("parked")) > 0) await delay(50);
    while (Number(await sum("charged")) < Number(await sum("recorded"))) await delay(50);
    const raised = await ledger.balance(capped);
    step(
      "raise",
      raise.ok && Number(raised.parked) === 0 && Number(raised.charged) === 5,
      `the merchant agreed to ${RAISED_CAP}: ${money(raised.charged)} is charged, ${money(raised.parked)} is parked`,
    );
    second.kill("SIGTERM");
    await once(second, "exit");

    const differences: Difference[] = [];
    const since = new Date(began - 60_000);
    for (const { domain } of shops) {
      for await (const difference of ledger.reconcile(domain, { since })) {
        differences.push(difference);
      }
    }
    step(
      "reconcile",
      differences.length === 0,
      `${SHOPS} shops compared with Shopify: ${differences.length} differences`,
    );

    const [total, open] = [await sum("recorded"), await sum("open")];
    step(
      "books",
      total === chargedAtShopify() && open === "0.00",
      `used ${total} = charged ${chargedAtShopify()} + open ${open} ${CURRENCY}`,
    );
  } finally {
    await close();
    await database.close();
  }
  print(failures === 0 ? "\n  All as it should be.\n" : `\n  ${failures} not as it should be.\n`);
  return failures;
}

function money(amount: string): string {
  return `${Number(amount).toFixed(2)} ${CURRENCY}`;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await ledgerExample((text) => void stdout.write(`${text}\n`))) === 0 ? 0 : 1;
}
