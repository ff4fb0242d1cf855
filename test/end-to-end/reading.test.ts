import { createUsageBillingClient, type UsageRecord } from "shopify-usage-billing/2026-10";
import type { Shop } from "shopify-usage-billing/testing";
import { describe, expect, test, vi } from "vitest";
import { serveShop, settled, SHOP, skipWaits, TOKEN } from "./served-shop.js";

/** Puts as many charges into the shop's ledger, one a minute, their prices counting up. */
function charge(shop: Shop, count: number, from = "2026-11-21T00:00:00Z"): void {
  shop.addUsageRecords(
    Array.from({ length: count }, (_, index) => ({
      price: index + 1,
      idempotencyKey: `${from} ${index + 1}`,
      createdAt: Date.parse(from) + index * 60_000,
    })),
  );
}

function pricesOf(records: readonly UsageRecord[]): number[] {
  return records.map(({ price }) => Number(price.amount));
}

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Runs pending callbacks, including real HTTP. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

const BIG = { cappedAmount: { amount: 1_000_000, currencyCode: "USD" } } as const;

describe("usageRecords", () => {
  test("of the active usage line item, oldest first, at one request a page", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 25);

    const records = await listOf(billing.usageRecords({ pageSize: 10 }));

    expect(pricesOf(records)).toEqual(upTo(25));
    expect(records[0]).toEqual({
      id: admin.ledger[0]?.id,
      createdAt: "2026-11-21T00:00:00Z",
      description: "Usage",
      idempotencyKey: "2026-11-21T00:00:00Z 1",
      price: { amount: "1.0", currencyCode: "USD" },
      subscriptionLineItem: expect.objectContaining({
        id: admin.ledger[0]?.subscriptionLineItemId,
      }),
    });
    expect(admin.requests.map(({ operationName }) => operationName)).toEqual([
      "ActiveSubscriptions",
      "UsageRecords",
      "UsageRecords",
      "UsageRecords",
    ]);
  });

  test("newest first with reverse", async () => {
    const { shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 5);

    const records = await listOf(billing.usageRecords({ reverse: true, pageSize: 2 }));

    expect(pricesOf(records)).toEqual([5, 4, 3, 2, 1]);
  });

  test("sorted by a key", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    shop.addUsageRecords([
      { price: 1, createdAt: "2026-11-21T02:00:00Z" },
      { price: 2, createdAt: "2026-11-21T01:00:00Z" },
    ]);

    expect(pricesOf(await listOf(billing.usageRecords({ sortKey: "CREATED_AT" })))).toEqual([2, 1]);
    expect(pricesOf(await listOf(billing.usageRecords({ sortKey: "ID" })))).toEqual([1, 2]);
    expect(admin.requests.at(-1)?.variables["sortKey"]).toBe("ID");
  });

  test("if there are none", async () => {
    const { billing } = await serveShop();

    expect(await listOf(billing.usageRecords())).toEqual([]);
    expect(await listOf(billing.usageRecords().pages())).toEqual([]);
  });

  test("by pages, each requested on demand", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 5);
    const sizes: number[] = [];
    const requests: number[] = [];

    for await (const page of billing.usageRecords({ pageSize: 2 }).pages()) {
      await turns();
      sizes.push(page.length);
      requests.push(admin.requests.length);
    }

    expect(sizes).toEqual([2, 2, 1]);
    expect(requests).toEqual([2, 3, 4]);
  });

  test("the next page is requested when half of the current one is consumed", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 20);
    const requests: number[] = [];

    for await (const { price } of billing.usageRecords({ pageSize: 10 })) {
      await turns();
      requests.push(admin.requests.length);
      if (price.amount === "10.0") break;
    }

    // Of the line item, of the first page, and from the sixth record on of the second.
    expect(requests).toEqual([2, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
  });

  test("no empty page is requested after a full last page", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 4);

    await listOf(billing.usageRecords({ pageSize: 2 }));

    expect(admin.requests).toHaveLength(3);
  });

  test("leaving the loop silently aborts the request ahead", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    const { admin, shop, billing, events } = await serveShop({ subscription: BIG });
    charge(shop, 20);

    for await (const { price } of billing.usageRecords({ pageSize: 10 })) {
      if (price.amount === "4.0") admin.faults.next("noAnswerAfter");
      if (price.amount === "7.0") break;
    }
    await turns();

    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(events.at(-1)).toMatchObject({ type: "response", error: { name: "AbortedError" } });
  });

  test("a failed request ahead is thrown when its page is reached", async () => {
    const { admin, shop, client } = await serveShop({ subscription: BIG });
    const billing = client({ retry: false });
    charge(shop, 20);
    const seen: number[] = [];

    const reading = (async () => {
      for await (const { price } of billing.usageRecords({ pageSize: 10 })) {
        seen.push(Number(price.amount));
        if (price.amount === "1.0") admin.faults.rate({ serverErrorBefore: 1 });
        await turns();
      }
    })();

    expect(await settled(reading)).toMatchObject({ name: "ServerError", certainty: "notApplied" });
    expect(seen).toEqual(upTo(10));
  });

  test("despite all faults, no record is lost or duplicated", async () => {
    const { admin, shop, client } = await serveShop({ subscription: BIG });
    const billing = client({ onEvent: skipWaits() });
    charge(shop, 60);
    admin.faults.rate({ lostBefore: 0.1, serverErrorAfter: 0.1, throttled: 0.1, brokenJson: 0.1 });

    expect(pricesOf(await listOf(billing.usageRecords({ pageSize: 3 })))).toEqual(upTo(60));
  });

  test("can be read twice, and twice at once", async () => {
    const { shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 5);
    const records = billing.usageRecords({ pageSize: 2 });

    const [first, second] = await Promise.all([listOf(records), listOf(records)]);
    const third = await listOf(records);

    expect([first, second, third].map(pricesOf)).toEqual([upTo(5), upTo(5), upTo(5)]);
  });

  test("are aborted by a signal, between and within requests", async () => {
    const { shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 20);
    const controller = new AbortController();
    const seen: number[] = [];

    const reading = (async () => {
      for await (const { price } of billing.usageRecords({ pageSize: 5 }, controller)) {
        seen.push(Number(price.amount));
        if (price.amount === "7.0") controller.abort("enough");
      }
    })();

    expect(await settled(reading)).toMatchObject({ name: "AbortedError", cause: "enough" });
    expect(seen.length).toBeLessThanOrEqual(10);
    expect(
      await settled(listOf(billing.usageRecords({}, { signal: AbortSignal.abort("before") }))),
    ).toMatchObject({ name: "AbortedError", cause: "before" });
  });

  test.each([1, 250])("in pages of %i", async (pageSize) => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 3);

    expect(pricesOf(await listOf(billing.usageRecords({ pageSize })))).toEqual([1, 2, 3]);
    expect(admin.requests.at(-1)?.variables["first"]).toBe(pageSize);
  });
});

describe("usageRecords within bounds", () => {
  const hours = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  async function shopWithHistory() {
    const served = await serveShop();
    served.shop.addUsageRecords(
      hours.map((hour) => ({ price: "1.00", createdAt: `2026-11-21T0${hour}:00:00Z` })),
    );
    const read = async (
      input: Parameters<typeof served.billing.usageRecords>[0],
    ): Promise<number[]> => {
      const read: number[] = [];
      for await (const { createdAt } of served.billing.usageRecords(input)) {
        read.push(Number(createdAt.slice(11, 13)));
      }
      const paged: number[] = [];
      for await (const page of served.billing.usageRecords(input).pages()) {
        expect(page.length).toBeGreaterThan(0);
        for (const { createdAt } of page) paged.push(Number(createdAt.slice(11, 13)));
      }
      expect(paged).toEqual(read);
      return read;
    };
    return { ...served, read };
  }

  test.each([
    [{ since: "2026-11-21T07:00:00Z" }, [7, 8, 9]],
    [{ since: new Date("2026-11-21T07:00:00Z"), reverse: true }, [9, 8, 7]],
    [{ since: "2026-11-21T07:30:00+00:30" }, [7, 8, 9]],
    [{ since: "2026-11-21T04:00:00Z", limit: 2 }, [4, 5]],
    [{ since: "2026-11-21T04:00:00Z", limit: 2, reverse: true }, [9, 8]],
    [{ since: "2026-11-22T00:00:00Z" }, []],
    [{ since: "2000-01-01T00:00:00Z" }, hours],
    [{ limit: 3 }, [1, 2, 3]],
    [{ limit: 3, reverse: true }, [9, 8, 7]],
    [{ limit: 100 }, hours],
  ] as const)("%j", async (bounds, expected) => {
    const { read } = await shopWithHistory();

    expect(await read(bounds)).toEqual(expected);
    expect(await read({ ...bounds, pageSize: 2 })).toEqual(expected);
  });

  test("request no page beyond them, and no more records than are given", async () => {
    const { admin, read } = await shopWithHistory();

    await read({ limit: 2 });
    await read({ since: "2026-11-21T08:30:00Z", pageSize: 2 });

    const pages = admin.requests.filter(({ operationName }) => operationName === "UsageRecords");
    expect(pages.map(({ variables }) => variables["first"])).toEqual([2, 2, 2, 2]);
  });

  test.each([
    [{ since: "yesterday" }, "since"],
    [{ limit: 0 }, "limit"],
    [{ limit: 1.5 }, "limit"],
    [{ since: "2026-11-21", sortKey: "ID" }, "sortKey"],
  ] as const)("%j is refused", async (bounds, field) => {
    const { billing } = await serveShop();

    expect(() => billing.usageRecords(bounds)).toThrow(new RegExp(`^${field} must be`));
  });
});

describe("whose usage records", () => {
  test("of a named line item", async () => {
    const { shop, billing, lineItemId } = await serveShop({ subscription: BIG });
    charge(shop, 3);

    const records = billing.usageRecords({ subscriptionLineItemId: lineItemId, pageSize: 2 });

    expect(pricesOf(await listOf(records))).toEqual([1, 2, 3]);
  });

  test("of a line item whose id has no position", async () => {
    const { shop, billing, lineItemId } = await serveShop({
      subscription: { ...BIG, recurring: { price: { amount: 10, currencyCode: "USD" } } },
    });
    charge(shop, 3);
    const subscriptionLineItemId = lineItemId.replace(/\?.*/, "");

    expect(pricesOf(await listOf(billing.usageRecords({ subscriptionLineItemId })))).toEqual([
      1, 2, 3,
    ]);
  });

  test("of a recurring line item there are none", async () => {
    const { shop, billing, lineItemId } = await serveShop({
      subscription: { ...BIG, recurring: { price: { amount: 10, currencyCode: "USD" } } },
    });
    charge(shop, 3);
    const subscriptionLineItemId = lineItemId.replace("index=1", "index=0");

    expect(await listOf(billing.usageRecords({ subscriptionLineItemId }))).toEqual([]);
  });

  test("of a subscription, active or past", async () => {
    const { shop, billing, subscription } = await serveShop({ subscription: BIG });
    charge(shop, 3);
    const next = shop.createSubscription({ ...BIG, status: "ACTIVE" });
    charge(shop, 2, "2026-11-21T06:00:00Z");

    const past = await listOf(billing.usageRecords({ subscriptionId: subscription.id }));
    const active = await listOf(billing.usageRecords({ subscriptionId: next.id }));

    expect(subscription.status).toBe("CANCELLED");
    expect(pricesOf(past)).toEqual([1, 2, 3]);
    expect(pricesOf(active)).toEqual([1, 2]);
  });

  test("of a line item of a past subscription", async () => {
    const { shop, billing, lineItemId } = await serveShop({ subscription: BIG });
    charge(shop, 3);
    shop.createSubscription({ ...BIG, status: "ACTIVE" });

    const records = billing.usageRecords({ subscriptionLineItemId: lineItemId });

    expect(pricesOf(await listOf(records))).toEqual([1, 2, 3]);
  });

  test("of a line item whose id does not point to its subscription", async () => {
    const { admin, shop, client, lineItemId } = await serveShop({ subscription: BIG });
    charge(shop, 3);
    // The same shop, but with ids of line items that have nothing to do with the subscription's.
    const other = "gid://shopify/AppSubscriptionLineItem/777?v=1&index=0";
    const billing = client({
      fetch: async (...request) => {
        const answer = await fetch(...request);
        const text = await answer.text();
        return new Response(text.replaceAll(lineItemId, other), answer);
      },
    });

    const records = await listOf(
      billing.usageRecords({ subscriptionLineItemId: other, pageSize: 2 }),
    );

    expect(pricesOf(records)).toEqual([1, 2, 3]);
    expect(admin.requests.map(({ operationName }) => operationName)).toEqual([
      "UsageRecords",
      "Subscriptions",
      "UsageRecords",
      "UsageRecords",
    ]);
  });

  test("of test subscriptions only if they are eligible", async () => {
    const { shop, billing } = await serveShop({ subscription: { ...BIG, test: true } });
    charge(shop, 2);

    expect(await listOf(billing.usageRecords())).toHaveLength(2);
    expect(await settled(listOf(billing.usageRecords({ isTest: false })))).toMatchObject({
      name: "NoActiveUsageLineItemError",
    });
  });

  test.each([
    [{}, "the app has no active subscription in this shop"],
    [
      { subscriptionId: "gid://shopify/AppSubscription/404" },
      "no subscription gid://shopify/AppSubscription/404 with a usage line item",
    ],
    [
      { subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/404?v=1&index=0" },
      "no line item gid://shopify/AppSubscriptionLineItem/404?v=1&index=0",
    ],
  ])("of %j, which is not there", async (input, message) => {
    const { billing } = await serveShop({ subscription: { status: "CANCELLED" } });

    expect(await settled(listOf(billing.usageRecords(input)))).toMatchObject({
      name: "NoActiveUsageLineItemError",
      message: expect.stringContaining(message),
    });
  });

  test("of a subscription without usage line item", async () => {
    const { shop, billing } = await serveShop();
    const basic = shop.createSubscription({
      recurring: { price: { amount: 10, currencyCode: "USD" } },
    });

    expect(await settled(listOf(billing.usageRecords({ subscriptionId: basic.id })))).toMatchObject(
      { name: "NoActiveUsageLineItemError" },
    );
  });

  test("of one that is cancelled between two pages are read to the end", async () => {
    const { shop, billing, subscription } = await serveShop({ subscription: BIG });
    charge(shop, 6);
    const seen: number[] = [];

    for await (const page of billing.usageRecords({ pageSize: 2 }).pages()) {
      seen.push(...pricesOf(page));
      if (seen.length === 2) shop.cancel(subscription.id);
    }

    expect(seen).toEqual(upTo(6));
  });

  test("of another plan's line item are not mixed in if the plan changes between two pages", async () => {
    const { shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 6);
    const seen: number[] = [];

    for await (const page of billing.usageRecords({ pageSize: 2 }).pages()) {
      seen.push(...pricesOf(page));
      if (seen.length !== 2) continue;
      shop.createSubscription({ ...BIG, status: "ACTIVE" });
      charge(shop, 3, "2026-11-21T06:00:00Z");
    }

    expect(seen).toEqual(upTo(6));
  });
});

describe("a connection that misbehaves", () => {
  const RECORD = {
    id: "gid://shopify/AppUsageRecord/1",
    createdAt: "2026-11-21T12:00:00Z",
    description: "1000 emails",
    idempotencyKey: null,
    price: { amount: "1.0", currencyCode: "USD" },
    subscriptionLineItem: { id: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0", plan: {} },
  };

  /** Reads with a client that receives these pages in order, repeating the last one. */
  async function read(
    ...pages: { nodes: unknown[]; hasNextPage: boolean; endCursor: string | null }[]
  ): Promise<{ outcome: unknown; requests: number }> {
    let requests = 0;
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () => {
        const { nodes = [], ...pageInfo } = pages[Math.min(requests, pages.length - 1)] ?? {};
        requests += 1;
        const lineItem = {
          id: RECORD.subscriptionLineItem.id,
          plan: { pricingDetails: { __typename: "AppUsagePricing" } },
          usageRecords: { nodes, pageInfo },
        };
        return Response.json({
          data: { node: { __typename: "AppSubscription", lineItems: [lineItem] } },
        });
      },
    });
    const records = billing.usageRecords({ subscriptionId: "gid://shopify/AppSubscription/1" });
    return { outcome: await settled(listOf(records)), requests };
  }

  test("a cursor that does not advance is an error", async () => {
    expect(await read({ nodes: [RECORD], hasNextPage: true, endCursor: "a" })).toMatchObject({
      outcome: {
        name: "InvalidResponseError",
        message: expect.stringContaining("does not advance"),
      },
      requests: 2,
    });
  });

  test("a cursor that stops advancing later is an error, too", async () => {
    const pages = ["a", "b", "c", "d", "e", "f", "f"].map((endCursor) => {
      return { nodes: [RECORD], hasNextPage: true, endCursor };
    });

    expect(await read(...pages)).toMatchObject({
      outcome: { name: "InvalidResponseError" },
      requests: 7,
    });
  });

  test("no cursor at all is an error", async () => {
    expect(await read({ nodes: [RECORD], hasNextPage: true, endCursor: null })).toMatchObject({
      outcome: { name: "InvalidResponseError" },
      requests: 1,
    });
  });

  test("cursors that go in a circle are an error", async () => {
    const pages = ["a", "b", "a", "b", "a", "b"].map((endCursor) => {
      return { nodes: [RECORD], hasNextPage: true, endCursor };
    });

    const { outcome, requests } = await read(...pages, {
      nodes: [],
      hasNextPage: false,
      endCursor: null,
    });

    expect(outcome).toMatchObject({ name: "InvalidResponseError" });
    expect(requests).toBeLessThan(6);
  });

  test("an empty page in between is skipped", async () => {
    const { outcome, requests } = await read(
      { nodes: [RECORD], hasNextPage: true, endCursor: "a" },
      { nodes: [], hasNextPage: true, endCursor: "b" },
      { nodes: [RECORD], hasNextPage: false, endCursor: "c" },
    );

    expect(outcome).toHaveLength(2);
    expect(requests).toBe(3);
  });

  test("page after empty page is an error", async () => {
    const pages = upTo(20).map((page) => {
      return { nodes: [], hasNextPage: true, endCursor: String(page) };
    });

    const { outcome, requests } = await read(...pages);

    expect(outcome).toMatchObject({ name: "InvalidResponseError" });
    expect(requests).toBeLessThan(10);
  });

  test("a line item that is gone on the next page is an error", async () => {
    const { admin, shop, client } = await serveShop({ subscription: BIG });
    charge(shop, 4);
    const billing = client({
      fetch: async (...request) => {
        const answer = await fetch(...request);
        if (admin.requests.length < 3) return answer;
        return Response.json({ data: { node: null } });
      },
    });

    expect(await settled(listOf(billing.usageRecords({ pageSize: 2 })))).toMatchObject({
      name: "InvalidResponseError",
      message: expect.stringContaining("but not on this one"),
    });
  });
});

describe("usageRecord", () => {
  test("by its id", async () => {
    const { admin, billing } = await serveShop();
    await billing.createUsageRecord({
      description: "1000 emails",
      price: { amount: "9.50", currencyCode: "USD" },
      idempotencyKey: "event-1",
    });

    expect(await billing.usageRecord(admin.ledger[0]?.id ?? "")).toMatchObject({
      id: admin.ledger[0]?.id,
      description: "1000 emails",
      idempotencyKey: "event-1",
      price: { amount: "9.5", currencyCode: "USD" },
    });
  });

  test("that does not exist, or is another shop's or app's, is null", async () => {
    const { admin, billing } = await serveShop();
    const other = admin.addShop({ shop: "other.myshopify.com", accessToken: "shpat_other" });
    other.createSubscription({ ...BIG, status: "ACTIVE" });
    const [foreign] = other.addUsageRecords([{ price: 1 }]);

    expect(await billing.usageRecord("gid://shopify/AppUsageRecord/404")).toBeNull();
    expect(await billing.usageRecord(foreign?.id ?? "")).toBeNull();
  });

  test("of another type is null", async () => {
    const { client, subscription } = await serveShop();
    // An id of another type is refused before it is sent: here a server answers with another type.
    const billing = client({
      fetch: async (url, init) => {
        const body = String(init?.body).replace(
          /gid:\/\/shopify\/AppUsageRecord\/\d+/,
          subscription.id,
        );
        return fetch(url, { ...init, body });
      },
    });

    expect(await billing.usageRecord("gid://shopify/AppUsageRecord/1")).toBeNull();
  });
});

describe("findUsageRecord", () => {
  test("finds what was charged with a key, and charges nothing", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ retry: false });
    admin.faults.next("lostAfter");
    const error = await settled(
      billing.createUsageRecord({
        description: "1000 emails",
        price: { amount: 1, currencyCode: "USD" },
        idempotencyKey: "event-1",
        subscriptionLineItemId: lineItemId,
      }),
    );

    const record = await billing.findUsageRecord({
      idempotencyKey: "event-1",
      createdAfter: "2026-11-21T11:55:00Z",
    });

    expect(error).toMatchObject({ certainty: "unknown" });
    expect(record).toMatchObject({ id: admin.ledger[0]?.id, idempotencyKey: "event-1" });
    expect(admin.ledger).toHaveLength(1);
  });

  test("reads newest first, no further than createdAfter", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 1_000, "2026-11-20T00:00:00Z");
    charge(shop, 10, "2026-11-21T11:00:00Z");

    const record = await billing.findUsageRecord({
      idempotencyKey: "never",
      createdAfter: new Date("2026-11-21T10:00:00Z"),
    });

    expect(record).toBeNull();
    expect(
      admin.requests.filter(({ operationName }) => operationName === "UsageRecords"),
    ).toHaveLength(1);
  });

  test("continues if there is more since then", async () => {
    const { shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 600, "2026-11-21T00:00:00Z");

    expect(
      await billing.findUsageRecord({
        idempotencyKey: "2026-11-21T00:00:00Z 3",
        createdAfter: "2026-11-21T00:00:00Z",
      }),
    ).toMatchObject({ price: { amount: "3.0" } });
  });

  test("does not find what is older than createdAfter", async () => {
    const { shop, billing } = await serveShop({ subscription: BIG });
    charge(shop, 5, "2026-11-21T00:00:00Z");

    expect(
      await billing.findUsageRecord({
        idempotencyKey: "2026-11-21T00:00:00Z 1",
        createdAfter: "2026-11-21T00:01:00Z",
      }),
    ).toBeNull();
  });

  test("finds what was charged to a line item that is named without position", async () => {
    const { shop, billing, lineItemId } = await serveShop({
      subscription: { ...BIG, recurring: { price: { amount: 10, currencyCode: "USD" } } },
    });
    charge(shop, 1);

    const record = await billing.findUsageRecord({
      idempotencyKey: "2026-11-21T00:00:00Z 1",
      createdAfter: "2026-11-20T00:00:00Z",
      subscriptionLineItemId: lineItemId.replace(/\?.*/, ""),
    });

    expect(record).toMatchObject({ id: expect.any(String) });
  });

  test("finds what was charged to a past plan, by its line item", async () => {
    const { shop, billing, lineItemId } = await serveShop({ subscription: BIG });
    charge(shop, 1);
    shop.createSubscription({ ...BIG, status: "ACTIVE" });
    const search = {
      idempotencyKey: "2026-11-21T00:00:00Z 1",
      createdAfter: "2026-11-20T00:00:00Z",
    };

    expect(await billing.findUsageRecord(search)).toBeNull();
    expect(
      await billing.findUsageRecord({ ...search, subscriptionLineItemId: lineItemId }),
    ).toMatchObject({ price: { amount: "1.0" } });
  });

  test("is aborted by a signal", async () => {
    const { billing } = await serveShop();

    expect(
      await settled(
        billing.findUsageRecord(
          { idempotencyKey: "event-1", createdAfter: "2026-11-21T00:00:00Z" },
          { signal: AbortSignal.abort("no") },
        ),
      ),
    ).toMatchObject({ name: "AbortedError", cause: "no" });
  });
});

describe("activeUsageLineItem", () => {
  test("with its balance and cap", async () => {
    const { shop, subscription, billing, lineItemId } = await serveShop({
      subscription: { name: "Pro", test: true, terms: "1 USD for 1000 emails" },
    });
    shop.addUsageRecords([{ price: "32.50" }]);

    expect(await billing.activeUsageLineItem()).toEqual({
      id: lineItemId,
      subscription: expect.objectContaining({ id: subscription.id, name: "Pro", status: "ACTIVE" }),
      test: true,
      balanceUsed: { amount: "32.5", currencyCode: "USD" },
      cappedAmount: { amount: "100.0", currencyCode: "USD" },
      balanceRemaining: { amount: "67.5", currencyCode: "USD" },
      interval: "EVERY_30_DAYS",
      terms: "1 USD for 1000 emails",
      currentPeriodEnd: "2026-12-21T12:00:00Z",
    });
  });

  test.each([
    ["100.00", "100.01", "-0.01"],
    ["9007199254740993.01", "0.02", "9007199254740992.99"],
    ["100.00", "100.00", "0.0"],
  ])("what remains of %s after %s is exactly %s", async (cap, used, remaining) => {
    const { shop, billing } = await serveShop({
      subscription: { cappedAmount: { amount: cap, currencyCode: "USD" } },
    });
    // Put into the ledger by hand: the cap does not stop them.
    shop.addUsageRecords([{ price: used }]);

    expect(await billing.activeUsageLineItem()).toMatchObject({
      balanceRemaining: { amount: remaining, currencyCode: "USD" },
    });
  });

  test("starts again with each period", async () => {
    const { admin, shop, billing } = await serveShop();
    shop.addUsageRecords([{ price: 40 }]);
    admin.clock.advance(30 * 24 * 3_600_000);

    expect(await billing.activeUsageLineItem()).toMatchObject({
      balanceUsed: { amount: "0.0" },
      currentPeriodEnd: "2027-01-20T12:00:00Z",
    });
  });

  test("is null if there is none", async () => {
    const { billing } = await serveShop({ subscription: { status: "PENDING" } });

    expect(await billing.activeUsageLineItem()).toBeNull();
  });

  test("of a test subscription only if it is eligible", async () => {
    const { billing } = await serveShop({ subscription: { test: true } });

    expect(await billing.activeUsageLineItem({ isTest: true })).toMatchObject({ test: true });
    expect(await billing.activeUsageLineItem({ isTest: false })).toBeNull();
  });
});

describe("subscriptions", () => {
  const STATUSES = ["CANCELLED", "DECLINED", "EXPIRED", "ACTIVE", "PENDING"] as const;

  test("all of them, of all statuses, by pages", async () => {
    const { admin, shop, billing } = await serveShop({
      subscription: { status: "CANCELLED", name: "CANCELLED" },
    });
    for (const status of STATUSES.slice(1)) {
      admin.clock.advance(1_000);
      shop.createSubscription({ ...BIG, name: status, status });
    }

    const all = await listOf(billing.subscriptions({ pageSize: 2 }));
    const newest = await listOf(billing.subscriptions({ reverse: true, sortKey: "CREATED_AT" }));

    expect(all.map(({ status }) => status)).toEqual(STATUSES);
    expect(newest.map(({ name }) => name)).toEqual([...STATUSES].reverse());
    expect(all[3]).toMatchObject({
      id: shop.activeSubscription?.id,
      test: false,
      lineItems: [{ plan: { pricingDetails: { __typename: "AppUsagePricing" } } }],
    });
    expect(admin.requests).toHaveLength(4);
  });

  test("with a recurring line item", async () => {
    const { billing } = await serveShop({
      subscription: { recurring: { price: { amount: "10.00", currencyCode: "USD" } } },
    });

    const [subscription] = await listOf(billing.subscriptions());

    expect(subscription?.lineItems.map(({ plan }) => plan.pricingDetails)).toMatchObject([
      { __typename: "AppRecurringPricing" },
      { __typename: "AppUsagePricing" },
    ]);
  });
});

describe("subscription", () => {
  test("returns the subscription with the given id, in any status", async () => {
    const { shop, subscription, billing } = await serveShop();
    shop.cancel(subscription.id);

    expect(await billing.subscription(subscription.id)).toMatchObject({
      id: subscription.id,
      status: "CANCELLED",
      lineItems: [{ plan: { pricingDetails: { cappedAmount: { amount: "100.0" } } } }],
    });
  });

  test("gives null for one of another shop", async () => {
    const { billing } = await serveShop();

    expect(await billing.subscription("gid://shopify/AppSubscription/404")).toBeNull();
  });

  test("refuses an id of something else", async () => {
    const { admin, billing } = await serveShop();

    expect(await settled(billing.subscription("gid://shopify/AppUsageRecord/1"))).toMatchObject({
      name: "InvalidInputError",
      field: "id",
    });
    expect(admin.requests).toHaveLength(0);
  });
});
