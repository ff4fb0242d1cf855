/** Every `fetch` that Node apps use sends, reads, redirects, aborts and fails alike. */
import nodeFetch from "node-fetch";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, test } from "vitest";
import { CHARGE, serveShop, settled } from "./served-shop.js";

type Fetch = typeof globalThis.fetch;

/** It has no types of its own. */
const nodeFetch2: Fetch = createRequire(import.meta.url)("node-fetch-2");

/** Answers with objects of another realm: none of them is an `instanceof` anything here. */
const otherRealm: Fetch = async (url, init) => {
  const response = await fetch(url, init);
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const make = runInNewContext(
    "(status, headers, text) => ({ status, headers: { get: (name) => headers[name] }, text: async () => text })",
  ) as (status: number, headers: object, text: string) => Response;
  return make(status, headers, await response.text());
};

const IMPLEMENTATIONS: readonly (readonly [string, Fetch])[] = [
  ["Node's own", fetch],
  ["node-fetch 3", nodeFetch as unknown as Fetch], // its types differ, as its bodies do
  ["node-fetch 2, which cross-fetch is in Node", nodeFetch2],
  ["one of another realm", otherRealm],
];

/** Serves HTTP until the test ends, and returns the URL. */
async function serve(
  status: number,
  headers: Record<string, string>,
  body: string,
): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // It listens on a port.
}

/** An endpoint that nothing listens at any more. */
async function closedEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo; // It listens on a port.
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return `http://127.0.0.1:${port}/`;
}

describe.each(IMPLEMENTATIONS)("%s", (_, implementation) => {
  test("charges once, and reads what stands beside the record", async () => {
    const { admin, client } = await serveShop();

    const result = await client({ fetch: implementation }).createUsageRecord(CHARGE);

    expect(result).toMatchObject({
      ok: true,
      meta: { attempts: 1, apiVersion: { served: "2026-10" }, requestId: expect.any(String) },
    });
    expect(admin.ledger).toHaveLength(1);
  });

  test("says why a call failed, in Shopify's own words", async () => {
    const { client } = await serveShop({ shop: { status: "frozen" } });

    const outcome = await settled(client({ fetch: implementation }).createUsageRecord(CHARGE));

    expect(outcome).toMatchObject({
      name: "ShopUnavailableError",
      status: 402,
      certainty: "notApplied",
      message: "The shop is frozen (402): Unavailable Shop",
      body: expect.stringContaining("Unavailable Shop"),
    });
  });

  test("follows no redirect", async () => {
    const { client, lineItemId } = await serveShop();
    const endpoint = await serve(307, { location: "http://127.0.0.1:9/" }, "");

    const outcome = await settled(
      client({ fetch: implementation, endpoint }).createUsageRecord({
        ...CHARGE,
        subscriptionLineItemId: lineItemId,
      }),
    );

    expect(outcome).toMatchObject({
      name: "InvalidResponseError",
      message: expect.stringContaining("redirected"),
      certainty: "notApplied",
    });
  });

  test("proves that a refused connection executed nothing, and says why", async () => {
    const { client, lineItemId } = await serveShop();
    const endpoint = await closedEndpoint();
    const billing = client({ fetch: implementation, endpoint, retry: false });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({
      name: "NetworkError",
      certainty: "notApplied",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("is given up after the timeout", async () => {
    const { admin, client, lineItemId } = await serveShop();
    admin.faults.next("noAnswerAfter");
    const billing = client({ fetch: implementation, timeout: 200, retry: false });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({ name: "TimeoutError", certainty: "unknown" });
  });
});

test.each([undefined, null, "data", { data: {} }, []])(
  "a fetch that resolves to %j is an error that says what to return",
  async (answer) => {
    const { client, lineItemId } = await serveShop();
    const billing = client({ fetch: (async () => answer) as unknown as Fetch }); // what an app may do

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({
      name: "InvalidResponseError",
      message: "fetch must resolve to a Response",
      certainty: "unknown",
      attempts: 1,
    });
  },
);
