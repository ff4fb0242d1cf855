/**
 * Takes the screenshots of the live page for the documentation: `npm run screenshots -w packages/cli`.
 *
 * It needs a Chromium, at `CHROMIUM_PATH` or /usr/bin/chromium.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import type { PageAction } from "../src/simulation/page-action.js";

const IMAGES = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const COMMAND = fileURLToPath(new URL("../dist/usage-billing.js", import.meta.url));

// The app, as far as webhooks go. It fails once.
let webhooks = 0;
const app = createServer((_request, response) => {
  webhooks += 1;
  response.writeHead(webhooks === 2 ? 503 : 200).end();
}).listen(0, "127.0.0.1");
await once(app, "listening");
const { port } = app.address() as AddressInfo; // a server that listens on TCP has one

const options = `--port 0 --json --quiet --speed 0 --now 2026-11-20T09:26:53Z --history 12
  --expiring-tokens --webhooks http://127.0.0.1:${port}/webhooks --api-version 2026-10`;
const simulator = spawn(process.execPath, [COMMAND, "simulate", ...options.split(/\s+/)]);
simulator.stderr.pipe(process.stderr);
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
try {
  const [line] = await once(createInterface(simulator.stdout), "line");
  const place: { url: string; endpoint: string; shop: string } & Record<
    "accessToken" | "refreshToken",
    string
  > = JSON.parse(String(line));
  await live(place);
  for (const [name, size, colorScheme] of [
    ["simulator-live-page", { width: 1280, height: 1000 }, "light"],
    ["simulator-live-page-dark", { width: 1280, height: 1000 }, "dark"],
    ["simulator-live-page-narrow", { width: 400, height: 860 }, "light"],
  ] as const) {
    const page = await open(browser, place.url, size, colorScheme);
    await page.screenshot({ path: `${IMAGES}${name}.png`, animations: "disabled" });
    if (name === "simulator-live-page") await opened(page);
    await page.close();
  }
} finally {
  await browser.close();
  simulator.kill("SIGINT");
  app.close();
}

/** Does what an app and its developer do on a morning. */
async function live(place: {
  readonly url: string;
  readonly endpoint: string;
  readonly shop: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}): Promise<void> {
  let { accessToken } = place;
  const act = async (action: PageAction): Promise<void> => {
    await fetch(`${place.url}/actions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(action),
    });
  };
  const wait = (seconds: number): Promise<void> =>
    act({ action: "advance", milliseconds: seconds * 1000 });
  const billing = createUsageBillingClient({
    shop: place.shop,
    endpoint: place.endpoint,
    accessToken: () => accessToken,
    retry: { minDelay: 0, maxDelay: 0 },
  });
  const charge = async (description: string, amount: string, key: string): Promise<void> => {
    const price = { amount, currencyCode: "USD" } as const;
    await billing.createUsageRecord({ description, price, idempotencyKey: key });
    await wait(7);
  };

  for await (const { id } of billing.subscriptions({})) {
    await act({ action: "freeze", id });
    await wait(5);
    await act({ action: "unfreeze", id });
  }
  await wait(30);
  await charge("1000 emails", "1.00", "batch-41");
  await charge("250 text messages", "2.00", "batch-42");
  await wait(3_660);
  const refresh = await fetch(new URL("/admin/oauth/access_token", place.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: "simulated-app",
      client_secret: "simulated-secret",
      grant_type: "refresh_token",
      refresh_token: place.refreshToken,
    }),
  });
  ({ access_token: accessToken } = (await refresh.json()) as { access_token: string });
  await wait(2);
  await act({ action: "fault", name: "lostAfter", times: 1, target: "mutations" });
  await charge("500 labels printed", "1.20", "order-1042");
  await charge("A year of everything", "900.00", "batch-44");
  await act({ action: "fault", name: "throttled", times: 1, target: "all" });
  await charge("10,000 page views", "52.00", "batch-43");
  await wait(70);
  await billing.updateCappedAmount({ cappedAmount: { amount: "250.00", currencyCode: "USD" } });
  await act({ action: "fault", name: "twice", times: 1, target: "webhooks" });
}

async function open(
  browser: Browser,
  url: string,
  viewport: { readonly width: number; readonly height: number },
  colorScheme: "light" | "dark",
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
  await page.goto(url);
  await page.getByText("live", { exact: true }).waitFor();
  return page;
}

/** Takes a picture of the requests, one of them open. */
async function opened(page: Page): Promise<void> {
  const card = page.getByRole("region", { name: "Requests and webhooks" });
  await page.setViewportSize({ width: 1280, height: 2200 });
  await card.getByText("user error").click();
  await card.getByText("Response").waitFor();
  await card.screenshot({ path: `${IMAGES}simulator-request.png`, animations: "disabled" });
}
