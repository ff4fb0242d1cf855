import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { createUsageBillingClient, type UsageBillingEvent } from "shopify-usage-billing/2026-10";
import { FAULT_NAMES } from "shopify-usage-billing/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { CHARGE, serveShop, settled, SHOP, TOKEN, type OwnOptions } from "./served-shop.js";

const NAMED = {
  ...CHARGE,
  idempotencyKey: "event-1",
  subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0",
};

/** Everything of a value that a log could show. */
function shown(value: unknown): string {
  const options = {
    depth: null,
    showHidden: true,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
  } as const;
  const parts = [inspect(value, options), JSON.stringify(value), String(value)];
  for (let error = value; error instanceof Error; error = error.cause) {
    parts.push(error.message, error.stack ?? "", JSON.stringify({ ...error }));
  }
  const text = parts.join("\n");
  // Also what is only escaped, once or twice.
  const unescaped = text.replace(/\\+u00([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return `${text}\n${unescaped}`;
}

/** Serves HTTP until the test ends, and gives the URL. */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // It listens on a port.
}

/** What a charge ends with, and everything that the listener received. */
async function outcomeOf(options: OwnOptions): Promise<{ outcome: unknown; events: unknown[] }> {
  const events: UsageBillingEvent[] = [];
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    retry: { attempts: 2, minDelay: 0, maxDelay: 0 },
    ...options,
    onEvent: (event) => {
      events.push(event);
    },
  });
  const outcome = await settled(billing.createUsageRecord(NAMED));
  expect(shown(billing)).not.toContain(TOKEN);
  return { outcome, events };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) body += String(piece);
  return body;
}

/** The token as JSON may write it. */
const ESCAPED = {
  "as it is": TOKEN,
  "escaped in part": `\\u0073${TOKEN.slice(1)}`,
  "escaped in whole": [...TOKEN]
    .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join(""),
  "escaped in capitals": `shpat\\u005F${TOKEN.slice(6)}`,
};

describe("a server that echoes the token", () => {
  describe.each(Object.entries(ESCAPED))("%s", (_, token) => {
    test.each([200, 400, 401, 403, 404, 423, 429, 500, 502])(
      "in a JSON body, with %i",
      async (status) => {
        const endpoint = await listen(async (request, response) => {
          await bodyOf(request);
          response
            .writeHead(status, { "content-type": "application/json" })
            .end(
              `{"errors":[{"message":"Wrong token ${token}","extensions":{"token":"${token}","${token}":1}}]}`,
            );
        });

        const { outcome, events } = await outcomeOf({ endpoint });

        expect(outcome).toBeInstanceOf(Error);
        expect(shown(outcome)).not.toContain(TOKEN);
        expect(shown(events)).not.toContain(TOKEN);
        expect(shown(outcome)).toContain("[redacted]");
      },
    );

    test("in the record itself, which is not altered", async () => {
      const record = {
        id: "gid://shopify/AppUsageRecord/1",
        createdAt: "2026-11-21T12:00:00Z",
        description: "TOKEN",
        idempotencyKey: "event-1",
        price: { amount: "1.0", currencyCode: "USD" },
        subscriptionLineItem: { id: NAMED.subscriptionLineItemId, plan: {} },
      };
      const data = { appUsageRecordCreate: { appUsageRecord: record, userErrors: [] } };
      const endpoint = await listen((_, response) => {
        response.end(JSON.stringify({ data }).replace("TOKEN", token));
      });

      const { outcome, events } = await outcomeOf({ endpoint });

      expect(outcome).toMatchObject({ ok: true, usageRecord: { description: TOKEN } });
      expect(shown(events)).not.toContain(TOKEN);
    });

    test("in a body that is not JSON", async () => {
      const endpoint = await listen((_, response) => {
        response.end(`<h1>${token}</h1>`);
      });

      const { outcome, events } = await outcomeOf({ endpoint });

      expect(outcome).toMatchObject({ name: "InvalidResponseError" });
      expect(shown([outcome, events])).not.toContain(TOKEN);
    });
  });

  test("in headers", async () => {
    const endpoint = await listen((_, response) => {
      response
        .writeHead(500, `Broken ${TOKEN}`, {
          "x-request-id": TOKEN,
          "x-shopify-api-version": `2026-07 ${TOKEN}`,
          "x-shopify-api-deprecated-reason": TOKEN,
          "retry-after": "0",
          date: TOKEN,
        })
        .end("broken");
    });

    const { outcome, events } = await outcomeOf({ endpoint });

    expect(outcome).toMatchObject({ name: "ServerError", requestId: "[redacted]" });
    expect(shown([outcome, events])).not.toContain(TOKEN);
  });

  test("in a body that is cut within the token", async () => {
    const accessToken = "abcdefgh".repeat(25);
    const endpoint = await listen((_, response) => {
      response.writeHead(500).end(`${accessToken} `.repeat(1_000));
    });

    const { outcome, events } = await outcomeOf({ endpoint, accessToken });

    expect(shown([outcome, events])).not.toContain("abcd");
  });

  test("and keeps 2,000 characters of it at most", async () => {
    const endpoint = await listen((_, response) => {
      response.writeHead(500).end("x".repeat(100_000));
    });

    const { outcome } = await outcomeOf({ endpoint });

    expect(outcome).toMatchObject({ body: "x".repeat(2_000) });
  });
});

describe("a fetch that fails with the token in its error", () => {
  class Holder {
    readonly #token = TOKEN;
    [inspect.custom](): string {
      return this.#token;
    }
  }
  const circular: { token: string; self?: unknown } = { token: TOKEN };
  circular.self = circular;

  test.each<[string, () => unknown]>([
    ["its message", () => new TypeError(`"${TOKEN}" is an invalid header value`)],
    ["its cause", () => new Error("failed", { cause: new Error(TOKEN) })],
    ["an aggregate", () => new AggregateError([new Error("one"), new Error(TOKEN)])],
    ["its request", () => Object.assign(new Error(), { request: { headers: { t: TOKEN } } })],
    ["a list", () => Object.assign(new Error(), { headers: [["x-token", TOKEN]] })],
    ["a name", () => Object.assign(new Error(), { [TOKEN]: 1 })],
    ["a symbol's value", () => Object.assign(new Error(), { [Symbol("headers")]: TOKEN })],
    ["a symbol's name", () => Object.assign(new Error(), { [Symbol(TOKEN)]: 1 })],
    ["Headers", () => Object.assign(new Error(), { headers: new Headers({ t: TOKEN }) })],
    [
      "a Request",
      () =>
        Object.assign(new Error(), {
          request: new Request("https://a.example", { headers: { t: TOKEN } }),
        }),
    ],
    ["a Map", () => Object.assign(new Error(), { headers: new Map([["t", TOKEN]]) })],
    ["a Set", () => Object.assign(new Error(), { headers: new Set([TOKEN]) })],
    ["private fields", () => Object.assign(new Error(), { holder: new Holder() })],
    ["a circle", () => Object.assign(new Error(), { circular })],
    ["a hidden property", () => Object.defineProperty(new Error(), "token", { value: TOKEN })],
    ["a getter", () => Object.defineProperty(new Error(), "token", { get: () => TOKEN })],
    ["escapes", () => new Error(JSON.stringify({ body: `{"t":"${ESCAPED["escaped in part"]}"}` }))],
    ["text that is thrown", () => TOKEN],
    ["an object that is thrown", () => ({ token: TOKEN })],
  ])("%s", async (_, failure) => {
    const { outcome, events } = await outcomeOf({
      fetch: async () => {
        throw failure();
      },
    });

    expect(outcome).toMatchObject({ name: "NetworkError", cause: expect.anything() });
    expect(shown(outcome)).not.toContain(TOKEN);
    expect(shown(events)).not.toContain(TOKEN);
  });

  test("whose getter throws", async () => {
    const { outcome } = await outcomeOf({
      fetch: async () => {
        throw Object.defineProperty(new Error("failed"), "secret", {
          enumerable: true,
          get: () => {
            throw new Error(TOKEN);
          },
        });
      },
    });

    expect(outcome).toMatchObject({ name: "NetworkError", cause: { message: "failed" } });
    expect(shown(outcome)).not.toContain(TOKEN);
  });

  test("any other error is the cause itself", async () => {
    const failure = new TypeError("fetch failed", {
      cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104 }),
    });

    const { outcome } = await outcomeOf({
      fetch: async () => {
        throw failure;
      },
    });

    expect(outcome).toBeInstanceOf(Error);
    expect(Reflect.get(Object(outcome), "cause")).toBe(failure);
  });
});

describe("where the token goes", () => {
  test.each([301, 302, 303, 307, 308])(
    "not to another host by a redirect with %i",
    async (status) => {
      const received: IncomingMessage[] = [];
      const elsewhere = await listen((request, response) => {
        received.push(request);
        response.end("{}");
      });
      const endpoint = await listen((_, response) => {
        response.writeHead(status, { location: elsewhere, "x-request-id": "request-1" }).end();
      });

      const { outcome } = await outcomeOf({ endpoint });

      expect(outcome).toMatchObject({
        name: "InvalidResponseError",
        status,
        requestId: "request-1",
        // 303 points to the result of what was executed.
        certainty: status === 303 ? "unknown" : "notApplied",
        attempts: 1,
      });
      expect(received).toEqual([]);
    },
  );

  test("in its own header, and nowhere else in the request", async () => {
    let head: unknown;
    let body = "";
    const endpoint = await listen(async (request, response) => {
      const { "x-shopify-access-token": token, ...headers } = request.headers;
      expect(token).toBe(TOKEN);
      head = [request.method, request.url, headers];
      body = await bodyOf(request);
      response.end("{}");
    });

    await outcomeOf({ endpoint, retry: false });

    expect(head).toMatchObject(["POST", "/", { "content-type": "application/json" }]);
    expect(JSON.stringify([head, body])).not.toContain(TOKEN);
  });

  test.each(FAULT_NAMES)("into nothing that is reported of %s", async (fault) => {
    const { admin, client, events, lineItemId } = await serveShop();
    const billing = client({ retry: false, timeout: 100 });
    admin.faults.next(fault);

    const outcome = await settled(
      billing.createUsageRecord({ ...NAMED, subscriptionLineItemId: lineItemId }),
    );

    expect(shown([outcome, events, admin.requests])).not.toContain(TOKEN);
  });
});
