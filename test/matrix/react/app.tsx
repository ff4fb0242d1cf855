/** An app's page with the packed package: rendered on a server, and brought to life in a browser. */
import type { ReactElement } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createReadingClient,
  UsageBillingProvider,
  useUsageBalance,
  useUsageRecords,
} from "shopify-usage-billing/react";
import { answerRead, prefetchUsage } from "shopify-usage-billing/react/server";
import { createAdminSimulator } from "shopify-usage-billing/testing";

const shop = "example.myshopify.com";
const accessToken = "shpat_test";
const admin = createAdminSimulator();
const installed = admin.addShop({ shop, accessToken });
installed.createSubscription({
  cappedAmount: { amount: "10", currencyCode: "USD" },
  status: "ACTIVE",
});
installed.addUsageRecords(["a", "b", "c"].map((description) => ({ price: "1.5", description })));
const billing = createUsageBillingClient({ shop, accessToken, fetch: admin.fetch });

let loadMore = (): void => undefined;

function Usage(): ReactElement {
  const balance = useUsageBalance();
  const records = useUsageRecords({ reverse: true, pageSize: 2 });
  ({ loadMore } = records);
  if (balance.status !== "ready") return <p>{balance.status}</p>;
  const descriptions = (records.data ?? []).map(({ description }) => description).join("");
  return <p>{`${balance.data.balanceRemaining.amount} ${descriptions}`}</p>;
}

/** Waits until the page shows the expected text. */
async function shows(
  container: { readonly textContent: string | null },
  text: string,
): Promise<string> {
  for (let rounds = 0; container.textContent !== text; rounds += 1) {
    if (rounds > 200)
      throw new Error(`Expected the page to show ${text}, got ${container.textContent}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return text;
}

const client = createReadingClient({
  endpoint: "/api/usage-billing",
  fetch: (_path, init) => answerRead(new Request("https://app.example/", init), billing),
});
const container = document.createElement("div");
const root = createRoot(container);
root.render(
  <UsageBillingProvider client={client}>
    <Usage />
  </UsageBillingProvider>,
);
const mounted = await shows(container, "5.5 cb");
loadMore();
const more = await shows(container, "5.5 cba");
root.unmount();

const initialState = await prefetchUsage(billing, { records: { reverse: true, pageSize: 2 } });
const page = (
  <UsageBillingProvider endpoint="/api/usage-billing" initialState={initialState}>
    <Usage />
  </UsageBillingProvider>
);
const html = renderToString(page);
container.innerHTML = html;
const problems: string[] = [];
hydrateRoot(container, page, {
  onRecoverableError: (error) => problems.push(String(error)),
});
const hydrated = await shows(container, "5.5 cb");
console.log(JSON.stringify({ mounted, more, html, hydrated, problems }));
process.exit(0);
