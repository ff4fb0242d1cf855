/** The program that begins many calls and aborts them at once. */
import { setImmediate } from "node:timers/promises";
import { createUsageBillingClient } from "shopify-usage-billing";
import { accessTokenOf, description, lineItemId, price } from "./charge.js";
import { answerCommands } from "./commands.js";

const [endpoint = ""] = process.argv.slice(2);
const billing = createUsageBillingClient({
  endpoint,
  shop: "shop-0.myshopify.com",
  accessToken: accessTokenOf(0),
});
let events = 0;

answerCommands({
  /** Milliseconds of CPU in all threads, from the first call to the last rejection. */
  abort: async ({ calls = 0 }) => {
    globalThis.gc?.();
    const controller = new AbortController();
    const before = process.cpuUsage();
    const all = Array.from({ length: calls }, () => {
      events += 1;
      const charge = { subscriptionLineItemId: lineItemId, description, price };
      return billing.createUsageRecord(
        { ...charge, idempotencyKey: `event-${events}` },
        { signal: controller.signal },
      );
    });
    await setImmediate(); // Some are under way by then, the others wait for their turn.
    controller.abort();
    const outcomes = await Promise.allSettled(all);
    const { user, system } = process.cpuUsage(before);
    const answered = outcomes.filter(({ status }) => status === "fulfilled").length;
    if (answered > calls / 10) throw new Error(`${answered} calls were answered before the abort`);
    return { cpu: (user + system) / 1_000 };
  },
});
