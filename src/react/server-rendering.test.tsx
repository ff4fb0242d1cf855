import { createContainer } from "../../test/react/dom.js";
import { Client, ssrExchange, type SSRData } from "@urql/core";
import { act, Suspense, type ReactElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { text } from "node:stream/consumers";
import { PassThrough } from "node:stream";
import { beforeEach, expect, test, vi } from "vitest";
import { appBridgeFetch } from "../../test/react/app-bridge.js";
import { createAdminSimulator, type AdminSimulator, type Shop } from "../testing/index.js";
import { createUsageBillingClient } from "../index.js";
import { adminExchange, type AccessToken } from "../urql/index.js";
import {
  createReadingClient,
  UsageBillingProvider,
  useUsageBalance,
  useUsageRecords,
} from "./index.js";
import { prefetchUsage } from "./server.js";

const DOMAIN = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_test";

let admin: AdminSimulator;
let shop: Shop;

beforeEach(() => {
  admin = createAdminSimulator({ now: "2025-01-31T12:00:00Z" });
  shop = admin.addShop({ shop: DOMAIN, accessToken: ACCESS_TOKEN });
  shop.createSubscription({
    cappedAmount: { amount: "100", currencyCode: "USD" },
    status: "ACTIVE",
  });
  shop.addUsageRecords([
    { price: "12.5", description: "1000 emails" },
    { price: "1", description: "80 emails" },
  ]);
});

function Usage(): ReactElement {
  const balance = useUsageBalance();
  const records = useUsageRecords({ reverse: true, pageSize: 1 });
  if (balance.status === "error") {
    return (
      <p>
        {balance.error.name}: {balance.error.message}
      </p>
    );
  }
  if (balance.status !== "ready" || !records.data) return <p>{balance.status}</p>;
  return (
    <section>
      <p>{balance.data.balanceUsed.amount} used</p>
      {records.data.map(({ id, description }) => (
        <p key={id}>{description}</p>
      ))}
    </section>
  );
}

function App({ client }: { readonly client: Client }): ReactElement {
  return (
    <UsageBillingProvider client={client}>
      <Suspense fallback={<p>waiting</p>}>
        <Usage />
      </Suspense>
    </UsageBillingProvider>
  );
}

/** As an app's server renders a page: with the access token, and with what it read beside the HTML. */
async function render(
  accessToken: AccessToken = ACCESS_TOKEN,
): Promise<{ html: string; data: SSRData }> {
  const ssr = ssrExchange({ isClient: false });
  const endpoint = `https://${DOMAIN}/admin/api/2026-10/graphql.json`;
  const client = new Client({
    url: endpoint,
    suspense: true,
    exchanges: [ssr, adminExchange({ endpoint, accessToken, fetch: admin.fetch })],
  });
  const stream = await new Promise<PassThrough>((resolve, reject) => {
    const { pipe } = renderToPipeableStream(<App client={client} />, {
      onAllReady: () => resolve(pipe(new PassThrough())),
      onError: reject,
    });
  });
  // Through JSON, as it travels in the page.
  return {
    html: await text(stream),
    data: JSON.parse(JSON.stringify(ssr.extractData())) as SSRData,
  };
}

/** The same page in the browser. */
async function hydrate(
  html: string,
  data: SSRData,
): Promise<{ text: string; problems: unknown[] }> {
  const client = createReadingClient({
    fetch: appBridgeFetch(admin, DOMAIN, ACCESS_TOKEN),
    initialState: data,
    retry: false,
  });
  const container = createContainer();
  container.innerHTML = html;
  const problems: unknown[] = [];
  // React warns about two renderers in one process, which only a test has.
  const complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const root = await act(async () =>
    hydrateRoot(container, <App client={client} />, {
      onRecoverableError: (error) => problems.push(error),
    }),
  );
  const shown = container.textContent;
  await act(async () => root.unmount());
  complaints.mockRestore();
  return { text: shown, problems };
}

test("a server without suspense renders the loading state", () => {
  const client = createReadingClient({ fetch: appBridgeFetch(admin, DOMAIN, ACCESS_TOKEN) });
  expect(renderToString(<App client={client} />)).toContain("<p>loading</p>");
});

test("a server renders what it read, and the browser continues without reading again", async () => {
  const { html, data } = await render();
  expect(html).toContain("13.5<!-- --> used");
  expect(html).toContain("80 emails");
  expect(html).not.toContain("1000 emails");
  expect(html + JSON.stringify(data)).not.toContain(ACCESS_TOKEN);
  expect(admin.requests).toHaveLength(2);

  const { text: shown, problems } = await hydrate(html, data);
  expect(shown).toContain("13.5 used80 emails");
  expect(problems).toEqual([]);
  expect(admin.requests).toHaveLength(2);
});

test("the page contains what a loader prefetched, and the browser continues with it", async () => {
  const billing = createUsageBillingClient({
    shop: DOMAIN,
    accessToken: ACCESS_TOKEN,
    fetch: admin.fetch,
  });
  const records = { reverse: true, pageSize: 1 };
  const data = JSON.parse(JSON.stringify(await prefetchUsage(billing, { records }))) as SSRData;
  expect(JSON.stringify(data)).not.toContain(ACCESS_TOKEN);
  expect(admin.requests).toHaveLength(2);
  const html = renderToString(
    <UsageBillingProvider endpoint="/api/usage-billing" initialState={data}>
      <Usage />
    </UsageBillingProvider>,
  );
  expect(html).toContain("13.5<!-- --> used");
  expect(html).toContain("80 emails");
  const { text: shown, problems } = await hydrate(`<!--$-->${html}<!--/$-->`, data);
  expect(shown).toContain("13.5 used80 emails");
  expect(problems).toEqual([]);
  expect(admin.requests).toHaveLength(2);
});

test("a loader leaves out what it cannot read", async () => {
  const billing = createUsageBillingClient({
    shop: DOMAIN,
    accessToken: ACCESS_TOKEN,
    fetch: admin.fetch,
    retry: false,
  });
  shop.setStatus("locked");
  expect(await prefetchUsage(billing, { records: {} })).toEqual({});
  shop.setStatus("open");
  expect(Object.keys(await prefetchUsage(billing))).toHaveLength(1);
  await expect(prefetchUsage(billing, { records: { pageSize: 0 } })).rejects.toThrow(/pageSize/);
});

test.each([
  ["closed", "ShopUnavailableError: Shopify has no such shop or API version (404)"],
  ["forbidden", "AccessDeniedError: Shopify denied access (403)"],
] as const)(
  "an error that the server met at a shop that is %s stays what it was",
  async (status, told) => {
    shop.setStatus(status);
    const { html, data } = await render();
    expect(html.replaceAll("<!-- -->", "")).toContain(told);
    const { text: shown, problems } = await hydrate(html, data);
    expect(shown).toContain(told);
    expect(problems).toEqual([]);
  },
);

test("a failure to get the access token stays what it was", async () => {
  const { html, data } = await render(() => Promise.reject(new Error("database is down")));
  const told = "AccessTokenError: The accessToken function failed: database is down";
  expect(html.replaceAll("<!-- -->", "")).toContain(told);
  expect((await hydrate(html, data)).text).toContain(told);
});

test("a GraphQL error that the server met stays what it was", async () => {
  admin.faults.next("throttled", 2);
  const { html, data } = await render();
  const told = "ThrottledError: Shopify throttled the request";
  expect(html.replaceAll("<!-- -->", "")).toContain(told);
  const { text: shown, problems } = await hydrate(html, data);
  expect(shown).toContain(told);
  expect(problems).toEqual([]);
});
