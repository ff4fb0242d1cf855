import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { ledgerUnderTest } from "../test/ledger-under-test.js";

const RECORDS = Number(process.env["RECONCILE_RECORDS"] ?? 5000);

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

function heap(): number {
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

test(
  `reconciles ${RECORDS} records in the memory of a few pages`,
  { timeout: 600_000 },
  async () => {
    const t = await ledgerUnderTest({
      cap: "10000000",
      simulator: { bucket: { maximumAvailable: 1e9, restoreRate: 1e9 }, requestLimit: 1 },
    });
    const createdAt = new Date(t.admin.clock.now());
    t.shop.addUsageRecords(
      Array.from({ length: RECORDS }, (_, n) => ({
        price: "1.00",
        idempotencyKey: `key-${n}`,
        number: 1_000_000 + n,
      })),
    );
    // As if the ledger had asked for all of them but the last, and for one that Shopify does not have.
    await t.pool.query(
      `insert into usage_ledger.charges (shop, meter, currency, amount, decimals, key, description, uses,
      quantity, used_from, used_to, late, uses_amount, carried_in, carried_out, sealed_at, state, record_id,
      record_created_at, settled_at)
    select $1, 'emails', 'USD', 1, 2, 'key-' || n, 'emails', 1, 1, $2, $2, false, 1, 0, 0, $2, 'charged',
      'gid://shopify/AppUsageRecord/' || (1000000 + n), $2, $2
    from generate_series(0, $3::int) n where n <> $3::int - 1`,
      [t.domain, createdAt, RECORDS],
    );
    t.admin.clock.advance(1000);

    let pages = 0;
    let early = 0;
    let late = 0;
    const client = t.clientFor(t.domain);
    const measured = t.another({
      billingFor: () => ({
        ...client,
        usageRecords: (input, options) => ({
          pages: async function* () {
            for await (const page of client.usageRecords(input, options).pages()) {
              pages += 1;
              if (pages === 5) early = heap();
              if (pages === Math.floor(RECORDS / 250) - 2) late = heap();
              yield page;
            }
          },
        }),
      }),
    });
    const differences: string[] = [];
    for await (const difference of measured.reconcile(t.domain, { since: "2026-01-01" })) {
      const about =
        "charge" in difference ? difference.charge.key : difference.record.idempotencyKey;
      differences.push(`${difference.type} ${about ?? ""}`);
    }
    expect(differences).toEqual([`foreign key-${RECORDS - 1}`, `missing key-${RECORDS}`]);
    expect(pages).toBe(Math.ceil(RECORDS / 250));
    // A page is some 500 kB.
    expect(late - early).toBeLessThan(10_000_000);
    process.stdout.write(
      `${RECORDS} records: the heap grew by ${Math.round((late - early) / 1000)} kB\n`,
    );
  },
);
