/**
 * Charges all that a file lists, one JSON object a line, in bulk:
 *
 *   SHOP=example.myshopify.com ACCESS_TOKEN=… npx tsx resumable-bulk.ts charges.jsonl
 *
 * However it ends, by itself, by Ctrl-C, by SIGKILL or with the machine: started again on the same file
 * it goes on, and each line ends up charged once. That is because the lines carry the idempotency
 * keys, made when the usage happened, rather than when it is charged.
 */
import { argv, env } from "node:process";
import {
  createUsageBillingClient,
  IdempotencyConflictError,
  UsageBillingError,
  type BulkUsageRecordInput,
} from "shopify-usage-billing/2026-10";
import { chargesOf } from "./charges.js";
import { Journal } from "./journal.js";

const [, , file] = argv;
const { SHOP: shop, ACCESS_TOKEN: accessToken, ENDPOINT: endpoint } = env;
if (file === undefined || !shop || !accessToken) {
  console.error(
    "usage: SHOP=… ACCESS_TOKEN=… [ENDPOINT=…] npx tsx resumable-bulk.ts charges.jsonl",
  );
  process.exit(2);
}

const billing = createUsageBillingClient({ shop, accessToken, endpoint });
const journal = await Journal.open(`${file}.done`);
if (journal.size > 0) console.error(`${journal.size} charges are done already.`);

// Ctrl-C begins nothing new, and waits for what is under way. A second one ends at once.
const stopped = new AbortController();
process.once("SIGINT", () => stopped.abort());

async function* open(charges: AsyncIterable<BulkUsageRecordInput>) {
  for await (const charge of charges) if (!journal.has(charge.idempotencyKey)) yield charge;
}

const count = { charged: 0, refused: 0, wrong: 0, open: 0 };
try {
  const outcomes = billing.createUsageRecords(open(chargesOf(file)), {
    concurrency: 20,
    signal: stopped.signal,
  });
  for await (const { input, result, error } of outcomes) {
    const { idempotencyKey } = input;
    if (result?.ok) {
      count.charged += 1;
      journal.write({ idempotencyKey, usageRecordId: result.usageRecord.id, refused: null });
    } else if (result?.certainty === "notApplied") {
      count.refused += 1;
      const { message } = result.userErrors[0];
      journal.write({ idempotencyKey, usageRecordId: null, refused: message });
      console.error(`${idempotencyKey} was refused: ${message}`);
    } else if (error instanceof IdempotencyConflictError) {
      // A charge with this key exists: a mistake in the file, and never a reason to bill again.
      count.wrong += 1;
      console.error(`${idempotencyKey} had been used: ${error.message}`);
    } else {
      // Charged or not: the next run asks again with the same key.
      count.open += 1;
      const reason = error instanceof UsageBillingError ? error.message : String(error);
      console.error(`${idempotencyKey} is open: ${error ? reason : "the key is in use"}`);
    }
    const made = count.charged + count.refused;
    if (made % 100 === 0) console.error(`${made + journal.size} charges are done.`);
  }
} catch (error) {
  if (!stopped.signal.aborted) throw error;
  console.error("Stopped. Start again on the same file to go on.");
}

console.log(
  `${count.charged} charged, ${count.refused} refused, ${count.wrong} with a key of another charge, ` +
    `${count.open} open, ${journal.size} done before.`,
);
if (count.wrong > 0) process.exitCode = 1;
else if (count.open > 0 || stopped.signal.aborted) process.exitCode = 75; // to be started again
