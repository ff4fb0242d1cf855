import { afterEach, describe, expect, test, vi } from "vitest";
import {
  createAdminSimulator,
  FAULT_NAMES,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Fault,
  type FaultName,
  type Shop,
  type SimulatorListener,
} from "../index.js";
import { stableVersion } from "../../../test/stable-version.js";

const CHARGE = `mutation Charge($lineItem: ID!, $key: String) {
  appUsageRecordCreate(
    subscriptionLineItemId: $lineItem
    price: { amount: 1, currencyCode: USD }
    description: "1000 emails"
    idempotencyKey: $key
  ) {
    appUsageRecord { id }
    userErrors { field message }
  }
}`;
const TOKEN = "shpat_secret";

interface World {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  /** Sends a charge, by default with a key. */
  charge(key?: string | null, init?: RequestInit): Promise<Response>;
}

let listener: SimulatorListener | undefined;
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

/** The same simulator by both ways into it. */
const WAYS = ["fetch", "HTTP"] as const;

async function setUp(
  way: (typeof WAYS)[number],
  options: AdminSimulatorOptions = {},
): Promise<World> {
  const admin = createAdminSimulator(options);
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: TOKEN });
  shop.createSubscription({
    cappedAmount: { amount: 10_000, currencyCode: "USD" },
    status: "ACTIVE",
  });
  if (way === "HTTP") listener = await admin.listen();
  const url =
    listener?.endpoint("2025-01") ?? "https://example.myshopify.com/admin/api/2025-01/graphql.json";
  const send = way === "HTTP" ? fetch : admin.fetch;
  const variables = { lineItem: shop.activeSubscription?.usageLineItem?.id };
  return {
    admin,
    shop,
    charge: (key = "event-1", init = {}) =>
      send(url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-shopify-access-token": TOKEN },
        body: JSON.stringify({ query: CHARGE, variables: { ...variables, key } }),
        ...init,
      }),
  };
}

describe.each(WAYS)("over %s", (way) => {
  const executed: readonly [FaultName, number][] = [
    ["lostBefore", 0],
    ["lostAfter", 1],
    ["tooManyRequests", 0],
    ["serverErrorBefore", 0],
    ["serverErrorAfter", 1],
    ["requestTimeoutBefore", 0],
    ["requestTimeoutAfter", 1],
    ["unauthorized", 0],
    ["redirect", 0],
    ["throttled", 0],
    ["accessDenied", 0],
    ["resolverError", 0],
    ["keyInProgress", 0],
    ["internalErrorBefore", 0],
    ["internalErrorAfter", 1],
    ["nullRecord", 1],
    ["brokenJson", 1],
    ["truncatedBody", 1],
    ["emptyBody", 1],
    ["slowBody", 1],
    ["echo", 1],
    ["otherVersion", 1],
    ["duplicateDelivery", 1],
  ];

  test.each(executed)(
    "%s: %i charge is made, and one more attempt with the key leaves one charge in all",
    async (name, charges) => {
      const { admin, charge } = await setUp(way);
      admin.faults.next({ name, milliseconds: 10 });
      await charge("event-1", { redirect: "manual" })
        .then((response) => response.text())
        .catch(() => {});
      expect(admin.ledger).toHaveLength(charges);
      expect(admin.requests[0]?.fault).toBe(name);
      expect(admin.faults.counts[name]).toBe(1);

      expect(await (await charge()).json()).toHaveProperty(
        "data.appUsageRecordCreate.appUsageRecord.id",
        admin.ledger[0]?.id,
      );
      expect(admin.ledger).toHaveLength(1);
      expect(admin.ledger[0]?.attempts).toHaveLength(
        admin.requests.length - (charges === 0 ? 1 : 0),
      );
    },
  );

  test.each(["lostBefore", "lostAfter"] as const)("%s: the request fails", async (name) => {
    const { admin, charge } = await setUp(way);
    admin.faults.next(name);
    await expect(charge()).rejects.toThrow(new TypeError("fetch failed"));
  });

  test.each([
    ["noAnswerBefore", 0],
    ["noAnswerAfter", 1],
  ] as const)("%s: nothing comes until the app gives up", async (name, charges) => {
    const { admin, charge } = await setUp(way);
    admin.faults.next(name);
    const controller = new AbortController();
    const answer = charge("event-1", { signal: controller.signal });
    await vi.waitUntil(() => admin.requests[0]?.duration !== null && admin.requests.length === 1);
    controller.abort(new Error("gave up"));
    await expect(answer).rejects.toThrow("gave up");
    expect(admin.ledger).toHaveLength(charges);
    expect(admin.requests[0]?.status).toBeNull();
  });

  test.each(["serverErrorBefore", "serverErrorAfter"] as const)(
    "%s: a page of HTML",
    async (name) => {
      const { admin, charge } = await setUp(way);
      admin.faults.next({ name, status: 503, retryAfter: 2 });
      const response = await charge();
      expect(response.status).toBe(503);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(response.headers.get("retry-after")).toBe("2");
      expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
    },
  );

  test.each([
    ["1", "1"],
    [0.5, "0.5"],
    ["2.0", "2.0"],
    ["date", "Fri, 31 Jan 2025 12:00:02 GMT"],
  ])("tooManyRequests: Retry-After of %s", async (retryAfter, header) => {
    const { admin, charge } = await setUp(way, {
      now: "2025-01-31T12:00:00.500Z",
      clock: "manual",
    });
    admin.faults.next({ name: "tooManyRequests", retryAfter });
    const response = await charge();
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, header]);
  });

  test("throttled: an answer like that of an empty bucket", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("throttled");
    expect(await (await charge()).json()).toMatchObject({
      errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
      extensions: {
        cost: {
          requestedQueryCost: 10,
          actualQueryCost: null,
          throttleStatus: { currentlyAvailable: 9 },
        },
      },
    });
  });

  test.each(["internalErrorBefore", "internalErrorAfter"] as const)(
    "%s: an error that names the request",
    async (name) => {
      const { admin, charge } = await setUp(way);
      admin.faults.next(name);
      const response = await charge();
      expect(response.status).toBe(200);
      const answer: unknown = await response.json();
      expect(answer).toEqual({
        data: null,
        errors: [
          {
            message: expect.stringContaining(response.headers.get("x-request-id") ?? "?"),
            extensions: { code: "INTERNAL_SERVER_ERROR", requestId: expect.any(String) },
          },
        ],
      });
      expect(response.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}-\d+$/);
    },
  );

  test.each([
    ["resolverError", "RESOURCE_NOT_FOUND", "invalid id"],
    [{ name: "resolverError", code: "BAD_REQUEST", message: "no" }, "BAD_REQUEST", "no"],
  ] as const)("%j: a null payload beside %s", async (fault, code, message) => {
    const { admin, charge } = await setUp(way);
    admin.faults.next(fault);
    expect(await (await charge()).json()).toMatchObject({
      data: { appUsageRecordCreate: null },
      errors: [{ message, path: ["appUsageRecordCreate"], extensions: { code } }],
    });
  });

  test("nullRecord: the charge was made, and the answer hides it", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("nullRecord");
    expect(await (await charge()).json()).toMatchObject({
      data: { appUsageRecordCreate: { appUsageRecord: null, userErrors: [] } },
      errors: [
        {
          path: ["appUsageRecordCreate", "appUsageRecord"],
          extensions: { code: "INTERNAL_SERVER_ERROR" },
        },
      ],
    });
    expect(admin.ledger).toHaveLength(1);
  });

  test("brokenJson: a body that no parser takes", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("brokenJson");
    const response = await charge();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test("truncatedBody: the connection breaks off in the middle", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("truncatedBody");
    const response = await charge();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow(new TypeError("terminated"));
  });

  test("emptyBody: nothing at all", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("emptyBody");
    expect(await (await charge()).text()).toBe("");
  });

  test("slowBody: the whole answer, drop by drop", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next({ name: "slowBody", milliseconds: 20 });
    expect(await (await charge()).json()).toHaveProperty("data");
  });

  test("endlessBody: it goes on until the reader stops", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("endlessBody");
    const response = await charge();
    const reader = response.body?.getReader();
    let length = 0;
    while (length < 1_000_000) length += (await reader?.read())?.value?.length ?? Infinity;
    expect(length).toBeLessThan(Infinity);
    await reader?.cancel();
  });

  test("endlessBody: an abort ends it, too", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("endlessBody");
    const controller = new AbortController();
    const response = await charge("event-1", { signal: controller.signal });
    const text = response.text();
    controller.abort(new Error("enough"));
    await expect(text).rejects.toThrow("enough");
  });

  test.each<[FaultName, RegExp]>([
    ["lostAfter", /^null$/],
    ["noAnswerAfter", /^null$/],
    ["tooManyRequests", /^\{"errors":"Too Many Requests"\}$/],
    ["serverErrorAfter", /^<!DOCTYPE html>.*<\/html>\n$/s],
    ["redirect", /^$/],
    ["brokenJson", /^\{"data":.*<!-- $/],
    ["truncatedBody", /^\{"data":.*[^}]$/],
    ["emptyBody", /^$/],
    ["slowBody", /^\{"data":.*\}$/],
    ["endlessBody", /^\{"data":.*\} +$/],
    ["echo", /^<!DOCTYPE html>.*\[token\]/s],
  ])("%s: the request keeps what was sent of the answer: %s", async (name, sent) => {
    const { admin, charge } = await setUp(way);
    admin.faults.next({ name, milliseconds: 10 });
    const signal = AbortSignal.timeout(500);
    await charge("event-1", { redirect: "manual", signal })
      .then((response) => response.text())
      .catch(() => {});
    const response = String(admin.requests[0]?.response);
    expect(response).toMatch(sent);
    expect(response.length).toBeLessThan(300_000);
  });

  test("echo: a careless page that shows the token", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("echo");
    const response = await charge();
    expect(response.status).toBe(502);
    expect(await response.text()).toContain(TOKEN);
  });

  test.each([
    [{ name: "otherVersion" } as Fault, stableVersion(1)],
    [{ name: "otherVersion", version: stableVersion(2) } as Fault, stableVersion(2)],
    [{ name: "otherVersion", version: "2030-01" } as Fault, "2030-01"],
  ])("otherVersion: %j is seen in the header", async (fault, served) => {
    const { admin, charge } = await setUp(way);
    admin.faults.next(fault);
    const response = await charge();
    expect(response.headers.get("x-shopify-api-version")).toBe(served);
    expect(await response.json()).toHaveProperty("data.appUsageRecordCreate.appUsageRecord.id");
    expect(admin.requests[0]).toMatchObject({ apiVersion: "2025-01", servedVersion: served });
  });

  test.each([
    ["first", 0],
    ["second", 1],
  ] as const)("duplicateDelivery, %s answer: charges twice without a key", async (answer, nth) => {
    const { admin, charge } = await setUp(way);
    admin.faults.next({ name: "duplicateDelivery", answer });
    expect(await (await charge(null)).json()).toHaveProperty(
      "data.appUsageRecordCreate.appUsageRecord.id",
      admin.ledger[nth]?.id,
    );
    expect(admin.ledger).toHaveLength(2);
    expect(admin.requests).toHaveLength(2);
    expect(admin.ledger.map(({ attempts }) => attempts)).toEqual(
      admin.requests.map(({ id }) => [id]),
    );
  });

  test("duplicateDelivery: the second copy can meet the first, which still runs", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.latency(20);
    admin.faults.next({ name: "duplicateDelivery", answer: "second" });
    expect(await (await charge()).text()).toContain("is being processed");
    expect(admin.ledger).toHaveLength(1);
  });

  test("redirect: to another host, or where the test wants it", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("redirect");
    const response = await charge("event-1", { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([
      307,
      "https://elsewhere.example/",
    ]);
    admin.faults.next({ name: "redirect", status: 302, location: "https://evil.example/x" });
    const other = await charge("event-1", { redirect: "manual" });
    expect([other.status, other.headers.get("location")]).toEqual([302, "https://evil.example/x"]);
  });

  test("unauthorized and requestTimeout: statuses that the token does not deserve", async () => {
    const { admin, charge } = await setUp(way);
    admin.faults.next("unauthorized");
    expect((await charge()).status).toBe(401);
    admin.faults.next("requestTimeoutBefore");
    expect((await charge()).status).toBe(408);
    expect((await charge()).status).toBe(200);
  });
});

test("every fault has a name, and every name is tested above", () => {
  expect(FAULT_NAMES).toHaveLength(26);
});

describe("which requests meet a fault", () => {
  const QUERY = "{ currentAppInstallation { id } }";

  test("as many as were asked for, in the order of asking", async () => {
    const { admin, charge } = await setUp("fetch");
    admin.faults.next("serverErrorBefore", 2);
    admin.faults.next("unauthorized");
    const statuses = [];
    for (let times = 0; times < 4; times++) statuses.push((await charge()).status);
    expect(statuses[0]).toBeGreaterThanOrEqual(500);
    expect(statuses[1]).toBeGreaterThanOrEqual(500);
    expect(statuses.slice(2)).toEqual([401, 200]);
  });

  test.each(["mutations", ["Charge"], ["appUsageRecordCreate"]] as const)(
    "only %s",
    async (target) => {
      const { admin, shop, charge } = await setUp("fetch");
      admin.faults.next("unauthorized", 1, target);
      expect((await shop.graphql(QUERY)).status).toBe(200);
      expect((await charge()).status).toBe(401);
      admin.faults.rate({ unauthorized: 1 }, target);
      expect((await shop.graphql(QUERY)).status).toBe(200);
      expect((await charge()).status).toBe(401);
    },
  );

  test("faults of charges wait for a charge", async () => {
    const { admin, shop, charge } = await setUp("fetch");
    admin.faults.next("keyInProgress");
    expect(await (await shop.graphql(QUERY)).json()).toHaveProperty("data");
    expect(await (await charge()).text()).toContain("Another request for the same idempotency key");
  });

  test("a rate is kept, and repeats with its seed", async () => {
    const run = async (seed: number): Promise<string> => {
      const { admin, charge } = await setUp("fetch", {
        seed,
        requestLimit: 500,
        bucket: { maximumAvailable: 10_000, restoreRate: 1 },
      });
      admin.faults.rate({ lostBefore: 0.2, serverErrorAfter: { rate: 0.1, status: 500 } });
      for (let n = 0; n < 500; n++) await charge(`event-${n}`).catch(() => {});
      const { lostBefore, serverErrorAfter } = admin.faults.counts;
      expect(lostBefore / 500).toBeCloseTo(0.2, 1);
      expect(serverErrorAfter / 500).toBeCloseTo(0.1, 1);
      expect(admin.ledger).toHaveLength(500 - lostBefore);
      return admin.requests.map(({ fault }) => fault ?? "-").join();
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
  });

  test("none, once they are cleared", async () => {
    const { admin, charge } = await setUp("fetch");
    admin.faults.next("unauthorized");
    admin.faults.rate({ unauthorized: 1 });
    admin.faults.latency(1_000_000);
    admin.faults.clear();
    expect((await charge()).status).toBe(200);
  });
});

describe("latency", () => {
  test("is waited for on the simulated clock", async () => {
    const { admin, charge } = await setUp("fetch", { clock: "manual" });
    admin.faults.latency({ min: 50, max: 100 });
    const answers = [charge("a"), charge("b")];
    await vi.waitUntil(() => admin.clock.waiting === 2);
    expect(admin.ledger).toEqual([]);
    admin.clock.advance(100);
    await Promise.all(answers);
    expect(admin.ledger).toHaveLength(2);
    expect(admin.requests.map(({ duration }) => duration)).toEqual([100, 100]);
  });

  test("can be set for each request", async () => {
    const { admin, shop, charge } = await setUp("fetch", { clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 10 : 0));
    expect((await shop.graphql("{ currentAppInstallation { id } }")).status).toBe(200);
    const answer = charge();
    await vi.waitUntil(() => admin.clock.waiting === 1);
    admin.clock.advance(10);
    expect((await answer).status).toBe(200);
  });

  test("runs down by itself on a clock that runs", async () => {
    const { admin, charge } = await setUp("fetch", { clock: { speed: 1000 } });
    admin.faults.latency(5000);
    expect((await charge()).status).toBe(200);
    expect(admin.requests[0]?.duration).toBeGreaterThanOrEqual(4000);
  });
});

describe("invalid input is refused by name, with a remedy", () => {
  const { faults } = createAdminSimulator();
  test.each<[string, () => void, string]>([
    [
      "an unknown name",
      () => faults.next(JSON.parse('"lost"') as FaultName), // as plain JavaScript might
      'Unknown fault "lost"; expected one of lostBefore,',
    ],
    [
      "no request",
      () => faults.next("lostBefore", 0),
      "times must be a whole number of one or more, got 0",
    ],
    [
      "a rate above one",
      () => faults.rate({ lostBefore: 10 }),
      "rates.lostBefore must be a probability from 0 to 1, got 10",
    ],
    [
      "rates above one together",
      () => faults.rate({ lostBefore: 0.75, lostAfter: 0.5 }),
      "rates must add up to 1 or less, because a request meets one fault at most, got 1.25",
    ],
    [
      "a negative latency",
      () => faults.latency({ min: 10, max: 5 }),
      'latency must be milliseconds such as 50, or { min: 20, max: 80 }, got {"min":10,"max":5}',
    ],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
