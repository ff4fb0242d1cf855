import { getEventListeners, once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  createUsageBillingClient,
  type UsageBillingClient,
  type UsageBillingEvent,
} from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type BucketSize,
  type Shop,
} from "shopify-usage-billing/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  CHARGE,
  requestsDone,
  settled,
  SHOP,
  stopTime,
  TOKEN,
  type OwnOptions,
} from "./served-shop.js";

const LINE_ITEM = "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0";
const NAMED = { ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: LINE_ITEM };

interface StoppedShop {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly events: readonly UsageBillingEvent[];
  readonly billing: UsageBillingClient;
}

/** A shop without HTTP and with a stopped clock: every timer is the client's. */
function stoppedShop(options: OwnOptions = {}, bucket?: BucketSize): StoppedShop {
  stopTime();
  const admin = createAdminSimulator({ clock: "manual" });
  const shop = admin.addShop({ shop: SHOP, accessToken: TOKEN, ...(bucket && { bucket }) });
  shop.createSubscription({
    number: 1,
    cappedAmount: { amount: 100, currencyCode: "USD" },
    status: "ACTIVE",
  });
  const events: UsageBillingEvent[] = [];
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    fetch: admin.fetch,
    ...options,
    onEvent: (event) => {
      events.push(event);
      return options.onEvent?.(event);
    },
  });
  return { admin, shop, events, billing };
}

/** Runs all pending callbacks. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Asserts that after an abort no timer is left and nothing more is sent. */
async function expectQuiet(admin: AdminSimulator, requests: number): Promise<void> {
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(3_600_000);
  await turns();
  expect(admin.requests).toHaveLength(requests);
  expect(vi.getTimerCount()).toBe(0);
}

const reason = new Error("The user left");

describe("a call that is aborted", () => {
  test("before it begins sends nothing, and asks for no token", async () => {
    const accessToken = vi.fn<() => string>(() => TOKEN);
    const { admin, billing, events } = stoppedShop({ accessToken });

    const error = await settled(
      billing.createUsageRecord(NAMED, { signal: AbortSignal.abort(reason) }),
    );

    expect(error).toMatchObject({
      name: "AbortedError",
      cause: reason,
      certainty: "notApplied",
      attempts: 0,
      idempotencyKey: "event-1",
    });
    expect(accessToken).not.toHaveBeenCalled();
    expect(events).toEqual([]);
    await expectQuiet(admin, 0);
  });

  test("while it is sent may have charged", async () => {
    const { admin, billing } = stoppedShop();
    const controller = new AbortController();
    admin.faults.next("noAnswerAfter");
    const done = requestsDone(admin);
    const outcome = settled(billing.createUsageRecord(NAMED, controller));
    await done;

    controller.abort(reason);

    expect(await outcome).toMatchObject({
      name: "AbortedError",
      cause: reason,
      certainty: "unknown",
      attempts: 1,
      idempotencyKey: "event-1",
    });
    expect(admin.ledger).toHaveLength(1);
    await expectQuiet(admin, 1);
  });

  test.each([
    ["lostBefore", "unknown"],
    ["tooManyRequests", "notApplied"],
    ["throttled", "notApplied"],
  ] as const)("while it waits to be repeated after %s", async (fault, certainty) => {
    const controller = new AbortController();
    const { admin, billing } = stoppedShop({
      onEvent: ({ type }) => {
        if (type === "retry") setImmediate(() => controller.abort(reason));
      },
    });
    admin.faults.next(fault);

    const outcome = await settled(billing.createUsageRecord(NAMED, controller));

    expect(outcome).toMatchObject({ name: "AbortedError", cause: reason, certainty, attempts: 1 });
    await expectQuiet(admin, 1);
  });

  test("while it waits for pace certainly did not charge", async () => {
    const controller = new AbortController();
    const { admin, billing } = await drainedShop({
      onEvent: ({ type }) => {
        if (type === "pacing") setImmediate(() => controller.abort(reason));
      },
    });

    const outcome = await settled(billing.createUsageRecord(NAMED, controller));

    expect(outcome).toMatchObject({
      name: "AbortedError",
      cause: reason,
      certainty: "notApplied",
      attempts: 0,
    });
    await expectQuiet(admin, 1);
  });

  test("while it waits behind others for pace leaves them their turns", async () => {
    const { admin, billing } = await drainedShop();
    const controllers = [0, 1, 2].map(() => new AbortController());
    const outcomes = controllers.map((controller, index) =>
      settled(
        billing.createUsageRecord({ ...NAMED, idempotencyKey: `waiting-${index}` }, controller),
      ),
    );

    controllers[0]?.abort(reason);
    controllers[1]?.abort(reason);
    await turns();
    admin.clock.advance(60_000);
    vi.advanceTimersToNextTimer();

    expect(await Promise.all(outcomes)).toMatchObject([
      { name: "AbortedError", certainty: "notApplied", idempotencyKey: "waiting-0" },
      { name: "AbortedError", certainty: "notApplied", idempotencyKey: "waiting-1" },
      { ok: true, meta: { idempotencyKey: "waiting-2" } },
    ]);
    await expectQuiet(admin, 2);
  });

  test("while the token is asked for sends nothing, also with a fetch that heeds no signal", async () => {
    let give: (token: string) => void = () => undefined;
    const send = vi.fn<typeof fetch>();
    const { admin, billing, events } = stoppedShop({
      accessToken: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
      fetch: send,
    });
    const controller = new AbortController();
    const outcome = settled(billing.createUsageRecord(NAMED, controller));
    await turns();

    controller.abort(reason);
    give(TOKEN);

    expect(await outcome).toMatchObject({
      name: "AbortedError",
      certainty: "notApplied",
      attempts: 0,
    });
    await expectQuiet(admin, 0);
    expect(send).not.toHaveBeenCalled();
    expect(events).toEqual([]);
  });

  test("while another token is asked for after a 401 ends at once", async () => {
    let calls = 0;
    const { billing } = stoppedShop({
      accessToken: () => {
        calls += 1;
        return calls === 1 ? "shpat_of_yesterday" : new Promise<string>(() => undefined);
      },
    });
    const controller = new AbortController();
    const outcome = settled(billing.createUsageRecord(NAMED, controller));
    await vi.waitUntil(() => calls === 2);

    controller.abort(reason);

    expect(await outcome).toMatchObject({
      name: "AbortedError",
      cause: reason,
      certainty: "notApplied",
      attempts: 1,
    });
  });

  test("by fetch itself was sent", async () => {
    const controller = new AbortController();
    const { billing } = stoppedShop({
      fetch: () => {
        controller.abort(reason);
        return new Promise(() => undefined);
      },
    });

    expect(await settled(billing.createUsageRecord(NAMED, controller))).toMatchObject({
      name: "AbortedError",
      certainty: "unknown",
      attempts: 1,
    });
  });

  test("while the token is asked for makes room, though the token never comes", async () => {
    let hanging = true;
    const { admin, billing } = stoppedShop({
      accessToken: () => (hanging ? new Promise<string>(() => undefined) : TOKEN),
    });
    const controller = new AbortController();
    // More than are sent before the first answer.
    const outcomes = Array.from({ length: 20 }, () =>
      settled(billing.createUsageRecord(NAMED, controller)),
    );
    await turns();

    controller.abort(reason);
    await Promise.all(outcomes);
    hanging = false;
    const later = billing.createUsageRecord(NAMED);
    await turns();
    vi.advanceTimersByTime(10_000); // The token function is called once at a time, until it has expired.

    expect(await later).toMatchObject({ ok: true });
    await expectQuiet(admin, 1);
  });

  test("while the line item is looked up certainly did not charge", async () => {
    const { admin, billing } = stoppedShop();
    const controller = new AbortController();
    admin.faults.next("noAnswerAfter");
    const done = requestsDone(admin);
    const outcome = settled(
      billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" }, controller),
    );
    await done;

    controller.abort(reason);

    expect(await outcome).toMatchObject({
      name: "AbortedError",
      certainty: "notApplied",
      idempotencyKey: "event-1",
    });
    await expectQuiet(admin, 1);
  });

  test("by a listener to the request is not sent", async () => {
    const controller = new AbortController();
    const { admin, billing } = stoppedShop({
      onEvent: ({ type }) => {
        if (type === "request") controller.abort(reason);
      },
    });

    const outcome = await settled(billing.createUsageRecord(NAMED, controller));

    expect(outcome).toMatchObject({
      name: "AbortedError",
      cause: reason,
      certainty: "notApplied",
      attempts: 0,
    });
    await expectQuiet(admin, 0);
  });

  test("by a listener as it begins to wait for pace is never sent", async () => {
    const controller = new AbortController();
    const { admin, billing } = await drainedShop({
      onEvent: ({ type }) => {
        if (type === "pacing") controller.abort(reason);
      },
    });

    const outcome = await settled(billing.createUsageRecord(NAMED, controller));

    expect(outcome).toMatchObject({
      name: "AbortedError",
      certainty: "notApplied",
      attempts: 0,
    });
    admin.clock.advance(60_000);
    await expectQuiet(admin, 1);
  });

  test("after its end changes nothing", async () => {
    const { admin, billing } = stoppedShop();
    const controller = new AbortController();

    const result = await billing.createUsageRecord(NAMED, controller);
    controller.abort(reason);

    expect(result.ok).toBe(true);
    await expectQuiet(admin, 1);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("leaves an equal one alone", async () => {
    const { admin, billing } = stoppedShop();
    const controllers = [new AbortController(), new AbortController()];
    admin.faults.latency(100);
    const outcomes = controllers.map((controller) =>
      settled(billing.activeUsageLineItem({}, controller)),
    );
    while (admin.clock.waiting < 2) await turns();

    controllers[0]?.abort(reason);
    admin.clock.advance(100);

    expect(await Promise.all(outcomes)).toMatchObject([
      { name: "AbortedError", cause: reason },
      { id: LINE_ITEM },
    ]);
    await expectQuiet(admin, 2);
  });
});

/** A shop whose bucket of points is empty, as its client knows. */
async function drainedShop(options?: OwnOptions): Promise<StoppedShop> {
  const stopped = stoppedShop(options, { maximumAvailable: 13, restoreRate: 1 });
  await stopped.billing.createUsageRecord({ ...NAMED, idempotencyKey: "event-0" });
  return stopped;
}

test("an abort closes the connection", async () => {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // It listens on a port.
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    endpoint: `http://127.0.0.1:${port}/graphql.json`,
  });
  const controller = new AbortController();
  const outcome = settled(billing.createUsageRecord(NAMED, controller));
  const [request] = (await once(server, "request")) as [IncomingMessage]; // Node's own event.
  const closed = once(request.socket, "close");

  controller.abort(reason);

  expect(await outcome).toMatchObject({ name: "AbortedError", certainty: "unknown" });
  await closed;
  expect(request.socket.destroyed).toBe(true);
});

describe("ten thousand aborted calls", () => {
  const COUNT = 10_000;

  /** Collects garbage, as far as it can be collected. */
  async function collect(): Promise<void> {
    setFlagsFromString("--expose-gc");
    const gc: unknown = runInNewContext("gc");
    for (let round = 0; round < 3; round += 1) {
      await turns();
      if (typeof gc === "function") gc();
    }
  }

  async function abortAll(
    billing: UsageBillingClient,
    count: number,
  ): Promise<WeakRef<AbortSignal>[]> {
    const controllers = Array.from({ length: count }, () => new AbortController());
    const outcomes = controllers.map(({ signal }, index) =>
      settled(
        billing.createUsageRecord({ ...NAMED, idempotencyKey: `event-${index}` }, { signal }),
      ),
    );
    await turns();
    for (const controller of controllers) controller.abort(reason);
    for (const outcome of await Promise.all(outcomes)) {
      if (!(outcome instanceof Error) || outcome.name !== "AbortedError") throw outcome;
    }
    return controllers.map(({ signal }) => new WeakRef(signal));
  }

  test("leave no timer, no signal and no memory behind", async () => {
    const { admin } = stoppedShop();
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: admin.fetch,
    });
    admin.faults.rate({ noAnswerBefore: 1 });
    await abortAll(billing, 1_000);
    await collect();
    const before = process.memoryUsage().heapUsed;

    const signals = await abortAll(billing, COUNT);
    await collect();

    expect(vi.getTimerCount()).toBe(0);
    expect(signals.filter((signal) => signal.deref()).length).toBeLessThan(100);
    // A call that stayed would hold its operation, its input and its promise: some kilobytes.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(COUNT * 500);
  });

  test("on one signal leave no listener on it", async () => {
    const { admin, billing } = stoppedShop();
    admin.faults.rate({ noAnswerBefore: 1 });
    const controller = new AbortController();
    const outcomes = Array.from({ length: COUNT }, (_, index) =>
      settled(
        billing.createUsageRecord({ ...NAMED, idempotencyKey: `event-${index}` }, controller),
      ),
    );
    await turns();
    expect(getEventListeners(controller.signal, "abort").length).toBeLessThan(10);

    controller.abort(reason);

    await Promise.all(outcomes);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
