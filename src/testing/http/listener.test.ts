import { Agent, request } from "node:http";
import { getIntrospectionQuery, buildClientSchema } from "graphql";
import { afterEach, describe, expect, test, vi } from "vitest";
import { newestApiVersion } from "../../api-versions.js";
import {
  createAdminSimulator,
  type AdminSimulator,
  type ListenOptions,
  type Shop,
  type SimulatorListener,
} from "../index.js";
import { stableVersion } from "../../../test/stable-version.js";

const TOKEN = "shpat_example";
const QUERY = JSON.stringify({ query: "{ currentAppInstallation { id } }" });
const HEADERS = { "content-type": "application/json", "x-shopify-access-token": TOKEN };

let open: SimulatorListener | undefined;
afterEach(() => open?.close());

async function setUp(
  options: ListenOptions = {},
): Promise<{ admin: AdminSimulator; shop: Shop; listener: SimulatorListener }> {
  const admin = createAdminSimulator({ now: "2025-01-31T12:00:00Z", clock: "manual" });
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: TOKEN });
  const listener = await admin.listen(0, options);
  open = listener;
  return { admin, shop, listener };
}

test("the endpoint is the newest stable version's, or that of the given one", async () => {
  const { listener } = await setUp();
  const of = (version: string): string => `${listener.url}/admin/api/${version}/graphql.json`;
  expect(listener.endpoint()).toBe(of(newestApiVersion));
  expect(listener.endpoint("2025-01")).toBe(of("2025-01"));
});

describe("the envelope", () => {
  test("headers of an answer", async () => {
    const { admin, listener } = await setUp();
    const { status, headers } = await fetch(listener.endpoint(stableVersion(1)), {
      method: "POST",
      headers: HEADERS,
      body: QUERY,
    });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      date: "Fri, 31 Jan 2025 12:00:00 GMT",
      "x-request-id": admin.requests[0]?.id,
      "x-shopify-api-version": stableVersion(1),
    });
  });

  const post = (body: string, headers: Record<string, string> = HEADERS): RequestInit => ({
    method: "POST",
    headers,
    body,
  });
  const endpoint = "/admin/api/2025-01/graphql.json";
  const unauthorized =
    "[API] Invalid API key or access token (unrecognized login or wrong password)";
  const missing = { query: "Required parameter missing or invalid" };
  test.each<[string, string, RequestInit, number, unknown]>([
    [
      "a wrong token",
      endpoint,
      post(QUERY, { ...HEADERS, "x-shopify-access-token": "shpat_wrong" }),
      401,
      unauthorized,
    ],
    ["no token", endpoint, post(QUERY, { "content-type": "application/json" }), 401, unauthorized],
    ["an unknown version", "/admin/api/2024-13/graphql.json", post(QUERY), 404, "Not Found"],
    ["a path out of the tree", "/admin/api/../../etc/graphql.json", post(QUERY), 404, "Not Found"],
    ["an unknown path", "/admin/api/2025-01/products.json", post(QUERY), 404, "Not Found"],
    ["GET", endpoint, { headers: HEADERS }, 404, "Not Found"],
    ["broken JSON", endpoint, post("{"), 400, "Bad Request"],
    ["a list of requests", endpoint, post(`[${QUERY}]`), 400, missing],
    ["no query", endpoint, post("{}"), 400, missing],
    [
      "a form",
      endpoint,
      post(QUERY, { ...HEADERS, "content-type": "application/x-www-form-urlencoded" }),
      400,
      missing,
    ],
  ])("%s", async (_, path, init, status, errors) => {
    const { listener } = await setUp();
    const response = await fetch(listener.url + path, init);
    expect([response.status, await response.json()]).toEqual([status, { errors }]);
    expect(response.headers.has("x-request-id")).toBe(true);
  });

  test.each([
    ["frozen", 402],
    ["forbidden", 403],
    ["closed", 404],
    ["locked", 423],
  ] as const)("a shop that is %s, and opens again", async (shopStatus, status) => {
    const { shop, listener } = await setUp();
    shop.setStatus(shopStatus);
    const response = await fetch(listener.endpoint(), post(QUERY));
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ errors: expect.any(String) });
    shop.setStatus("open");
    expect((await fetch(listener.endpoint(), post(QUERY))).status).toBe(200);
  });

  test("a query without an envelope", async () => {
    const { listener } = await setUp();
    const response = await fetch(
      listener.endpoint(),
      post("{ currentAppInstallation { id } }", {
        ...HEADERS,
        "content-type": "application/graphql",
      }),
    );
    expect(await response.json()).toHaveProperty("data.currentAppInstallation.id");
  });
});

test("GraphQL IDEs can read the schema", async () => {
  const { listener } = await setUp();
  const response = await fetch(listener.endpoint(), {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ query: getIntrospectionQuery() }),
  });
  const { data } = (await response.json()) as { data: Parameters<typeof buildClientSchema>[0] }; // JSON enters
  const schema = buildClientSchema(data);
  expect(schema.getMutationType()?.getFields()).toHaveProperty("appUsageRecordCreate");
});

test("pages of other origins may call where that is allowed", async () => {
  const { listener } = await setUp({ cors: true });
  const preflight = await fetch(listener.endpoint(), { method: "OPTIONS" });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toBe("*");
  const { headers } = await fetch(listener.endpoint(), {
    method: "POST",
    headers: HEADERS,
    body: QUERY,
  });
  expect(headers.get("access-control-allow-origin")).toBe("*");
});

test("and may not where it is not", async () => {
  const { listener } = await setUp();
  const { headers } = await fetch(listener.endpoint(), {
    method: "POST",
    headers: HEADERS,
    body: QUERY,
  });
  expect(headers.has("access-control-allow-origin")).toBe(false);
});

describe("a page beside the API", () => {
  test("answers what the API does not", async () => {
    const { listener } = await setUp({
      fallback: async (request) =>
        new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`, {
          status: 201,
          headers: { "x-page": "yes" },
        }),
    });
    const response = await fetch(`${listener.url}/page`, { method: "POST", body: "hello" });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-page")).toBe("yes");
    expect(await response.text()).toBe("POST /page hello");
    expect((await fetch(listener.endpoint(), { method: "POST" })).status).toBe(401);
  });

  test("streams, and hears when its reader goes away", async () => {
    let cancelled = (): void => {};
    const cancellation = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    const { listener } = await setUp({
      fallback: () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
            cancel: cancelled,
          }),
          { headers: { "content-type": "text/event-stream" } },
        ),
    });
    const controller = new AbortController();
    const response = await fetch(`${listener.url}/events`, { signal: controller.signal });
    const piece = await response.body?.getReader().read();
    expect(new TextDecoder().decode(piece?.value)).toBe("data: 1\n\n");
    controller.abort();
    await cancellation;
  });
});

describe("what a browser page or a careless client can do", () => {
  const send = (
    listener: { readonly port: number },
    path: string,
    options: {
      readonly method?: string;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    } = {},
  ): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const { method = "GET", headers = {}, body } = options;
      const sent = request({ port: listener.port, path, method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece) => (text += String(piece)));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });

  test("a malformed path is refused in one line", async () => {
    const { listener } = await setUp();
    expect(await send(listener, "//")).toEqual({ status: 400, text: "The path is malformed\n" });
  });

  test("a name that somebody else points here is refused", async () => {
    const { listener } = await setUp();
    const headers = { host: "evil.example" };
    const { status, text } = await send(listener, "/admin/charges/1/x", { headers });
    expect(status).toBe(421);
    expect(text).toMatch(/^This is not evil.example: .*\n$/);
  });

  test.each(["https://evil.example", "null"])("a page of %s changes nothing", async (origin) => {
    const { admin, shop, listener } = await setUp();
    const { id } = shop.createSubscription({ cappedAmount: { amount: 1, currencyCode: "USD" } });
    const open = shop.openApprovals.find((approval) => approval.id === id);
    const { pathname, search } = new URL(open?.confirmationUrl ?? "");
    const post = { method: "POST", body: "decision=approve" };
    const { status } = await send(listener, pathname + search, { ...post, headers: { origin } });
    expect(status).toBe(403);
    expect(shop.openApprovals.map((approval) => approval.id)).toContain(id);

    const own = { origin: listener.url, host: new URL(listener.url).host };
    expect((await send(listener, pathname + search, { ...post, headers: own })).status).toBe(302);
    expect(admin.requests).toHaveLength(1);
  });

  test.each([
    [
      "variables",
      `{"query":"{ __typename }","variables":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`,
    ],
    [
      "lists",
      `{"query":"{ __typename }","variables":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`,
    ],
  ])("%s nested 20,000 deep are refused in one line", async (_what, body) => {
    const { listener } = await setUp();
    const { pathname } = new URL(listener.endpoint());
    const headers = { "content-type": "application/json", "x-shopify-access-token": TOKEN };
    const answer = await send(listener, pathname, { method: "POST", headers, body });
    expect(answer).toEqual({ status: 400, text: '{"errors":"Bad Request"}' });
  });
});

describe("connections", () => {
  test("are kept for many requests", async () => {
    const { listener } = await setUp();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let times = 0; times < 3; times++) {
      await new Promise<void>((resolve, reject) => {
        const sent = request(
          listener.endpoint(),
          { method: "POST", agent, headers: HEADERS },
          (response) => {
            ports.add(response.socket.localPort);
            response.resume().on("end", resolve);
          },
        );
        sent.on("error", reject).end(QUERY);
      });
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test("are gone after close, which can be called twice", async () => {
    const { admin, listener } = await setUp();
    admin.faults.next("noAnswerBefore");
    const silent = fetch(listener.endpoint(), {
      method: "POST",
      headers: HEADERS,
      body: QUERY,
    }).catch((error: unknown) => error);
    await vi.waitUntil(() => admin.requests[0]?.fault === "noAnswerBefore");
    await Promise.all([listener.close(), listener.close()]);
    expect(await silent).toBeInstanceOf(TypeError);
    await expect(fetch(listener.url)).rejects.toThrow(TypeError);
  });

  test("a port that is taken is refused by name", async () => {
    const { admin, listener } = await setUp();
    await expect(admin.listen(listener.port)).rejects.toThrow(
      new RegExp(`^Cannot listen on port ${listener.port}: .*Give a free port, or 0 for any\\.$`),
    );
  });

  test("a body that is too large is refused", async () => {
    const { listener } = await setUp();
    const { status } = await fetch(listener.endpoint(), {
      method: "POST",
      headers: HEADERS,
      body: " ".repeat(17 * 1024 * 1024),
    }).catch(() => ({ status: 413 }));
    expect(status).toBe(413);
  });
});

describe("the confirmation page", () => {
  test("asks the merchant, who approves and returns to the app", async () => {
    const { shop } = await setUp();
    const subscription = shop.createSubscription({
      name: 'Emails & "more"',
      cappedAmount: { amount: 100, currencyCode: "USD" },
      terms: "<b>$1</b> for 1000 emails",
      returnUrl: "https://app.example/return?session=1",
    });
    const page = await fetch(subscription.confirmationUrl);
    const html = await page.text();
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html).toContain("<h1>Emails &amp; &quot;more&quot;</h1>");
    expect(html).toContain(
      "Usage up to 100.0 USD every 30 days: &lt;b&gt;$1&lt;/b&gt; for 1000 emails",
    );
    expect(html).toContain('<form method="post">');

    const decided = await fetch(subscription.confirmationUrl, {
      method: "POST",
      body: new URLSearchParams({ decision: "approve" }),
      redirect: "manual",
    });
    expect(decided.status).toBe(302);
    expect(decided.headers.get("location")).toBe(
      "https://app.example/return?session=1&charge_id=1029266946",
    );
    expect(subscription.status).toBe("ACTIVE");

    const again = await (await fetch(subscription.confirmationUrl)).text();
    expect(again).toContain("This was decided: ACTIVE.");
    expect(again).not.toContain("<form");
  });

  test("asks for a higher cap, which the merchant declines", async () => {
    const { shop, listener } = await setUp();
    shop.createSubscription({
      cappedAmount: { amount: 100, currencyCode: "USD" },
      status: "ACTIVE",
    });
    const response = await shop.graphql(
      `mutation ($id: ID!) {
        appSubscriptionLineItemUpdate(id: $id, cappedAmount: { amount: 200, currencyCode: USD }) {
          confirmationUrl
        }
      }`,
      { variables: { id: shop.activeSubscription?.usageLineItem?.id } },
    );
    const { data } = (await response.json()) as {
      data: { appSubscriptionLineItemUpdate: { confirmationUrl: string } }; // JSON enters
    };
    const { confirmationUrl } = data.appSubscriptionLineItemUpdate;
    expect(confirmationUrl.startsWith(listener.url)).toBe(true);
    expect(await (await fetch(confirmationUrl)).text()).toContain(
      "Usage up to 200.0 USD every 30 days",
    );
    await fetch(confirmationUrl, {
      method: "POST",
      body: new URLSearchParams({ decision: "decline" }),
      redirect: "manual",
    });
    expect(shop.openApprovals).toEqual([]);
    expect(shop.activeSubscription?.usageLineItem?.usagePricing?.cappedAmount.amount).toBe("100.0");
  });

  test("is not found without the right signature, and does nothing without a decision", async () => {
    const { shop } = await setUp();
    const subscription = shop.createSubscription({
      cappedAmount: { amount: 100, currencyCode: "USD" },
    });
    const { confirmationUrl } = subscription;
    expect((await fetch(confirmationUrl.slice(0, -1))).status).toBe(404);
    expect((await fetch(confirmationUrl, { method: "POST" })).status).toBe(400);
    expect(subscription.status).toBe("PENDING");
  });
});
