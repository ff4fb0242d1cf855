import { readFileSync } from "node:fs";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startExample, type Example } from "../server/example.js";
import { DEMO_SHOPS, type DemoShop } from "../server/shops.js";
import { chromiumPath, launch } from "./chromium.js";
import { accessibilityProblems, NARROW, openPage, overflow, screenshot, WIDE } from "./page.js";

const NOW = Date.parse("2026-03-20T15:00:00Z");

if (chromiumPath === null) {
  console.warn(
    "Chromium was not found, so the example's page is not tested. Install it or set CHROMIUM_PATH.",
  );
}

describe.skipIf(chromiumPath === null)("the page of usage", () => {
  let browser: Browser;
  let example: Example;
  let page: Page;
  /** Errors that the page logged. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch(chromiumPath ?? "");
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    example = await startExample({ now: NOW });
    complaints = [];
  });
  afterEach(async () => {
    await page.context().close();
    await example.close();
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join("\n")}`);
  });

  async function open(shop: DemoShop, viewport = WIDE): Promise<void> {
    page = await openPage(browser, { now: NOW, viewport });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      // The browser logs every failed request as an error, even if the page handles it.
      const told = message.text();
      if (message.type() === "error" && !told.startsWith("Failed to load")) complaints.push(told);
    });
    await page.goto(example.pageOf(shop));
  }

  const button = (name: string): Locator => page.getByRole("button", { name });
  const heading = (name: string): Locator => page.getByRole("heading", { name });
  const shopOf = ({ domain }: DemoShop) => {
    const shop = example.shopify.shops.find((known) => known.domain === domain);
    if (!shop) throw new Error(`There is no ${domain}`);
    return shop;
  };
  /** Chooses one of the segments. */
  const choose = (name: string): Promise<void> => page.getByRole("radio", { name }).check();

  test("shows what was used of the cap", async () => {
    await open(DEMO_SHOPS.calm);
    const meter = page.getByRole("meter", { name: "Usage of this period" });
    await meter.waitFor();
    const balance = shopOf(DEMO_SHOPS.calm).activeSubscription?.usageLineItem?.usagePricing;
    expect(await meter.getAttribute("aria-valuetext")).toContain(
      `$${balance?.balanceUsed.amount} of $100.00`,
    );
    await page.getByText("On track").waitFor();
    await page.getByRole("slider", { name: "Usage per day" }).waitFor();
    expect(await page.getByRole("status").filter({ hasText: "cap" }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "usage", true);
  });

  test.each([
    ["well below the cap", DEMO_SHOPS.calm],
    ["close to the cap", DEMO_SHOPS.nearCap],
    ["at the cap", DEMO_SHOPS.atCap],
    ["before the first charge", DEMO_SHOPS.unused],
  ])("offers to raise the cap beneath the meter and nowhere else, %s", async (_, shop) => {
    await open(shop);
    await page.getByRole("meter").waitFor();
    expect(await button("Raise cap").count()).toBe(1);
    const thisPeriod = page.getByRole("region", { name: "This period" });
    expect(await thisPeriod.getByRole("button", { name: "Raise cap" }).count()).toBe(1);
  });

  test("rounds the share of the cap as people do, and gives the period to the minute", async () => {
    await open(DEMO_SHOPS.unused);
    await heading("No charges yet").waitFor();
    await page.getByText("Mar 20, 3:00 PM – Apr 19, 3:00 PM").waitFor();
    shopOf(DEMO_SHOPS.unused).addUsageRecords([{ price: "49.97", description: "Emails" }]);
    await button("Refresh").click();
    await page.getByText("50%", { exact: true }).waitFor();
    expect(await page.getByRole("meter").getAttribute("aria-valuetext")).toBe(
      "$49.97 of $100.00, 50 percent",
    );
  });

  test("fits a narrow screen in every state", async () => {
    for (const shop of Object.values(DEMO_SHOPS)) {
      await open(shop, NARROW);
      await page.locator("main h2").first().waitFor();
      expect(await overflow(page), shop.domain).toBe(0);
      expect(await accessibilityProblems(page), shop.domain).toEqual([]);
      if (shop === DEMO_SHOPS.atCap) await screenshot(page, "cap-reached-narrow", true);
      if (shop !== DEMO_SHOPS.frozen) await page.context().close();
    }
  });

  test("moves through the days by keyboard and shows them as a table", async () => {
    await open(DEMO_SHOPS.calm);
    const chart = page.getByRole("slider", { name: "Usage per day" });
    await chart.focus();
    await page.keyboard.press("End");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^Friday, March 20: /);
    await page.keyboard.press("ArrowLeft");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/^Thursday, March 19: \$/);
    await page.locator(".chart__tip", { hasText: "Thursday, March 19" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator(".chart__tip").count()).toBe(0);
    await choose("Total");
    await page.getByRole("slider", { name: "Usage added up over the period" }).waitFor();
    await choose("Table");
    const days = page.getByRole("group", { name: "Usage per day" });
    await days.getByRole("row", { name: "Fri, Mar 20" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    // The last day's sum is the balance.
    const meter = await page.getByRole("meter").getAttribute("aria-valuetext");
    const sofar = await days.getByRole("row").nth(1).getByRole("cell").last().textContent();
    expect(meter?.startsWith(`${sofar} of`)).toBe(true);
  });

  test("searches the charges, shows more of them and exports them all", async () => {
    await open(DEMO_SHOPS.calm);
    const rows = page.locator(".charges tbody tr");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(12);
    await button("Show more").click();
    expect(await rows.count()).toBe(24);

    await page.getByRole("searchbox", { name: "Search charges" }).fill("text messages");
    await page.getByText(/^4 charges/).waitFor();
    expect(await rows.count()).toBe(4);
    await page.getByRole("searchbox").fill("nothing like it");
    await heading("Nothing found").waitFor();
    await page.getByRole("searchbox").fill("");

    await choose("All");
    const [file] = await Promise.all([page.waitForEvent("download"), button("Export").click()]);
    const lines = readFileSync(await file.path(), "utf8")
      .trim()
      .split("\r\n");
    const charged = example.shopify.ledger.filter(({ shop }) => shop === DEMO_SHOPS.calm.domain);
    expect(charged.length).toBeGreaterThan(50); // More than one page of Shopify's.
    expect(lines).toHaveLength(charged.length + 1);
    expect(file.suggestedFilename()).toBe("usage.csv");
    expect(lines[0]).toContain("Amount,Currency");
    for (const { id, price } of charged) {
      expect(lines.filter((line) => line.endsWith(`,${price.amount},USD,${id}`))).toHaveLength(1);
    }
  });

  test("asks to raise the cap, and goes to Shopify and back", async () => {
    await open(DEMO_SHOPS.nearCap);
    await heading("$6.60 left of your $100.00 cap").waitFor();
    await page.getByText("Close to the cap").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "close-to-the-cap");

    await button("Raise cap").focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Raise your cap" });
    await dialog.waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "raise-cap");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await button("Raise cap").and(page.locator(":focus")).count()).toBe(1);

    // What Shopify refuses is said beside what was entered.
    await button("Raise cap").click();
    await dialog.getByRole("radio", { name: "Another amount" }).check();
    await dialog.getByRole("textbox", { name: "Amount in USD" }).fill("50");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByRole("alert").getByText("can only be increased").waitFor();
    await dialog.getByRole("textbox").fill("a lot");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await dialog.getByRole("alert").getByText("Enter an amount").waitFor();

    await dialog.getByRole("radio", { name: "$150.00" }).check();
    await dialog.getByRole("button", { name: "Continue" }).click();
    await heading("Growth").waitFor(); // Shopify's page of confirmation.
    expect(new URL(page.url()).pathname).toMatch(/^\/admin\/charges\//);
    await button("Approve").click();

    await heading("Your cap is now $150.00").waitFor();
    expect(await page.getByRole("meter").getAttribute("aria-valuetext")).toBe(
      "$93.40 of $150.00, 62 percent",
    );
    expect(new URL(page.url()).search).toBe("");
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "cap-raised");
    await button("Dismiss").click();
    expect(await heading("Your cap is now").count()).toBe(0);
    await page.reload();
    await page.getByText("On track").waitFor();
    expect(await heading("Your cap is now").count()).toBe(0);
  });

  test("says that the merchant declined a higher cap", async () => {
    await open(DEMO_SHOPS.atCap);
    await heading("Sending is paused: your cap is reached").waitFor();
    await button("Raise cap").click();
    await button("Continue").click();
    await button("Decline").click();
    await heading("Your cap stays at $100.00").waitFor();
    expect(await heading("Sending is paused: your cap is reached").count()).toBe(1);
  });

  test("offers a plan to a merchant who has none", async () => {
    await open(DEMO_SHOPS.noPlan);
    await heading("Pay only for what you send").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "no-plan");
    await button("Choose the Growth plan").click();
    await button("Approve").click();
    await heading("No charges yet").waitFor();
    await page.getByText("Growth plan").waitFor();
    expect(await page.getByRole("meter").getAttribute("aria-valuenow")).toBe("0");
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "no-charges");
  });

  test("shows that it is loading", async () => {
    example.shopify.faults.latency(2_000);
    await open(DEMO_SHOPS.calm);
    await page.getByText("Loading usage").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "loading");
    await page.getByRole("meter").waitFor();
  });

  test("says what is wrong, and tries again", async () => {
    await open(DEMO_SHOPS.frozen);
    await heading("Shopify doesn’t give access to this store at the moment").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, "error");
    shopOf(DEMO_SHOPS.frozen).setStatus("open");
    await button("Try again").click();
    await page.getByRole("meter").waitFor();
  });

  test("keeps what it has if a refresh fails", async () => {
    await open(DEMO_SHOPS.calm);
    await page.getByRole("meter").waitFor();
    shopOf(DEMO_SHOPS.calm).setStatus("locked");
    await button("Refresh").click();
    await page.getByRole("alert").getByText("This is what was known before.").waitFor();
    expect(await page.getByRole("meter").count()).toBe(1);
    expect(await page.locator(".charges tbody tr").count()).toBe(12);
    shopOf(DEMO_SHOPS.calm).setStatus("open");
    shopOf(DEMO_SHOPS.calm).addUsageRecords([{ price: "1.00", description: "One more" }]);
    await button("Try again").click();
    await page.getByRole("cell", { name: "One more" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test("has no way to charge, and no token", async () => {
    const answers: Promise<string>[] = [];
    page = await openPage(browser, { now: NOW, viewport: WIDE });
    page.on("requestfinished", (request) => {
      if (!request.url().includes("/api/")) return;
      answers.push(request.response().then((response) => response?.text() ?? ""));
    });
    await page.goto(example.pageOf(DEMO_SHOPS.calm));
    await page.getByRole("meter").waitFor();
    const before = example.shopify.ledger.length;
    const statuses = await page.evaluate(async () => {
      const charge = `mutation { appUsageRecordCreate(subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1", description: "Forged", price: { amount: 1, currencyCode: USD }) { appUsageRecord { id } } }`;
      const send = async (body: object): Promise<number> => {
        const headers = { "content-type": "application/json" };
        const init = { method: "POST", headers, body: JSON.stringify(body) };
        return (await fetch("/api/usage-billing", init)).status;
      };
      return [
        await send({ query: charge }),
        await send({ operationName: "AppUsageRecordCreate", query: charge }),
        await send({ operationName: "ActiveSubscriptions", query: charge }),
      ];
    });
    expect(statuses).toEqual([400, 400, 200]);
    expect(example.shopify.ledger).toHaveLength(before);
    await expect.poll(() => answers.length).toBeGreaterThan(1);
    const texts = await Promise.all(answers);
    expect(texts.join("")).not.toContain(DEMO_SHOPS.calm.accessToken);
  });

  test("answers only signed-in merchants, regardless of the shop that a request names", async () => {
    page = await openPage(browser, { now: NOW, viewport: WIDE });
    const { origin } = new URL(example.pageOf(DEMO_SHOPS.calm));
    const answer = await page.request.post(`${origin}/api/usage-billing?shop=calm.myshopify.com`, {
      data: { operationName: "ActiveSubscriptions" },
    });
    expect(answer.status()).toBe(401);
    await page.goto(origin);
    await heading("You’re signed out").waitFor();
  });
});
