import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { FAULT_NAMES, WEBHOOK_FAULT_NAMES } from "shopify-usage-billing/testing";
import { cliUnderTest, type Running } from "../../cli-under-test.js";
import { act, startSimulator, type Place } from "../simulator-under-test.js";

const CHROMIUM = [
  process.env["CHROMIUM_PATH"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
].find(existsSync);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(CHROMIUM === undefined)(
  `the live page${CHROMIUM === undefined ? " (no Chromium is installed)" : ""}`,
  () => {
    const cli = cliUnderTest();
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
        args: [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      });
    });
    afterAll(() => browser.close());

    interface Opened {
      readonly page: Page;
      readonly place: Place;
      readonly running: Running;
      readonly env: Readonly<Record<string, string>>;
    }

    async function open(
      view: Parameters<Browser["newPage"]>[0] = {},
      ...args: string[]
    ): Promise<Opened> {
      const place = await startSimulator(cli, "--quiet", ...args);
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...view });
      // What the page itself does wrong, including what its policy stops.
      const problems: string[] = [];
      page.on("pageerror", ({ message }) => problems.push(message));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      onTestFinished(async () => {
        await page.close();
        // The browser itself reports that a simulator which has ended does not answer.
        expect(problems.filter((problem) => !problem.includes("net::"))).toEqual([]);
      });
      await page.goto(place.url);
      await page.getByText("live", { exact: true }).waitFor();
      const env = {
        USAGE_BILLING_SHOP: place.shop,
        USAGE_BILLING_ACCESS_TOKEN: place.accessToken,
        USAGE_BILLING_ENDPOINT: place.endpoint,
      };
      return { page, place, running: place.running, env };
    }

    test("shows a charge of another process as it is made, as text", async () => {
      const { page, env } = await open();
      await page.getByText("Nothing was charged yet.").waitFor();
      const description = "<img src=x onerror=alert(1)> & more";
      const args = ["charge", "--amount", "60.00", "--description", description];
      await cli.run(args, { env });
      await page.getByRole("cell", { name: description }).waitFor();
      const meter = page.getByRole("meter", { name: "Used of the capped amount of Pro plan" });
      expect(await meter.getAttribute("aria-valuenow")).toBe("60");
      expect(await meter.getAttribute("aria-valuetext")).toBe("60.00 USD of 100.00 USD");
      await page.getByText("60.00 USD", { exact: true }).first().waitFor();
      await page.getByText("appUsageRecordCreate", { exact: true }).waitFor();
    });

    test("is worked by the keyboard: a fault, then a charge that meets it", async () => {
      const { page } = await open();
      await page.getByLabel("meets the fault").selectOption("lostAfter");
      await page.getByText("the classic double charge").waitFor();
      await page.getByRole("button", { name: "Inject" }).press("Enter");
      const waiting = page.getByRole("list", { name: "Faults that wait" });
      await waiting.getByText("lostAfter 1 ×").waitFor();
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Inject");
      await page.getByRole("textbox", { name: "For" }).press("Enter");
      await page.getByText("The connection broke.").waitFor();
      await waiting.waitFor({ state: "detached" });
      const requests = page.getByRole("listitem").filter({ hasText: "appUsageRecordCreate" });
      expect(await requests.locator(".badge").allTextContents()).toEqual(["lostAfter"]);
      await page.locator("summary").first().press("Enter");
      for (const part of ["Query", "Variables", "Response"]) {
        await page.getByLabel(part, { exact: true }).waitFor();
      }
      await page.getByText("mutation ChargeFromThePage").waitFor();
      await page.getByText('"description": "1000 emails"').waitFor();
      await page.getByText("Nothing was sent.").waitFor();
    });

    test("shows the answer of a request, and the time of rows under their day", async () => {
      const { page, env } = await open({}, "--speed", "0", "--now", "2026-03-31T12:00:00Z");
      await cli.run(["charge", "--amount", "1", "--description", "first"], { env });
      await page.getByRole("button", { name: "+ 1 day" }).click();
      await page.getByText("2026-04-01 12:00:00").waitFor();
      await page.getByRole("button", { name: "Charge as the app" }).click();
      await page.getByText("Charged.").waitFor();
      const ledger = page.getByRole("region", { name: "Charges" });
      await ledger.getByText("1000 emails").waitFor();
      // With or without a comma, by the browser's version.
      expect(await ledger.getByRole("rowheader").allTextContents()).toEqual([
        expect.stringMatching(/^Wednesday,? 1 April 2026$/),
        expect.stringMatching(/^Tuesday,? 31 March 2026$/),
      ]);
      expect(await ledger.locator(".time").allTextContents()).toEqual(["12:00:00", "12:00:00"]);
      await page.locator("summary").first().click();
      await page.getByText('"actualQueryCost"').waitFor();
    });

    test("offers every fault", async () => {
      const { page } = await open();
      const faults = page.getByLabel("meets the fault").locator("option");
      expect((await faults.allTextContents()).toSorted()).toEqual(FAULT_NAMES.toSorted());
      await page.getByLabel("The next").selectOption("webhook");
      expect(await faults.allTextContents()).toEqual([...WEBHOOK_FAULT_NAMES]);
      await page.getByText("It arrives a simulated minute later.").waitFor();
      await page.getByRole("button", { name: "Inject" }).click();
      await page.getByText("late 1 ×, webhooks").waitFor();
      await page.getByRole("button", { name: "no more faults" }).click();
      await page.getByText("late 1 ×, webhooks").waitFor({ state: "detached" });
    });

    test("approves what the app asks for", async () => {
      const { page, env } = await open();
      await cli.run(["raise-cap", "--amount", "250"], { env });
      await page.getByText("The app asks for a higher cap on “Pro plan”").waitFor();
      await page.getByRole("button", { name: "Approve Pro plan" }).click();
      await page.getByText("of 250.00 USD").waitFor();
      await page.getByRole("button", { name: "freeze Pro plan", exact: true }).click();
      await expect.poll(() => page.getByText("FROZEN").isVisible()).toBe(true);
    });

    test("shows webhooks and token refreshes beside the requests", async () => {
      const { page, place } = await open({}, "--expiring-tokens");
      await page.getByLabel("Send webhooks to").fill(`${place.url}/nowhere`);
      await page.getByRole("button", { name: "Send them" }).click();
      await page.getByRole("button", { name: "freeze Pro plan", exact: true }).click();
      const rows = page.getByRole("listitem");
      await rows.filter({ hasText: "app_subscriptions_update" }).getByText("404").waitFor();
      await page.getByText(String(place.refreshToken)).waitFor();
      await fetch(`${place.url}/admin/oauth/access_token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          client_id: "simulated-app",
          client_secret: "simulated-secret",
          grant_type: "refresh_token",
          refresh_token: place.refreshToken,
        }),
      });
      await rows.getByText("access token refreshed").waitFor();
      // The card with the tokens shows the new ones.
      await page.getByText(String(place.refreshToken)).waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Webhooks" }).click();
      await rows.getByText("access token refreshed").waitFor({ state: "detached" });
      expect(await rows.locator(".badge").allTextContents()).toEqual(["404"]);
    });

    test("keeps what is open and focused while more comes", async () => {
      const { page, env } = await open();
      const args = ["charge", "--amount", "1", "--description", "first"];
      await cli.run(args, { env });
      const summary = page.locator("summary").first();
      await summary.click();
      const id = await page.locator("details[open] dd").last().textContent();
      await cli.run([...args.slice(0, -1), "second"], { env });
      await page.getByRole("cell", { name: "second" }).waitFor();
      expect(await page.locator("details[open] dd").last().textContent()).toBe(id);
      expect(await page.locator("details[open]").count()).toBe(1);
      expect(await page.evaluate("document.activeElement.tagName")).toBe("SUMMARY");
    });

    test.each([320, 400, 768, 1280])("needs no scrolling sideways at %i pixels", async (width) => {
      const { page, env } = await open({ viewport: { width, height: 800 } }, "--history", "20");
      const word =
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
      await cli.run(["charge", "--amount", "1", "--description", word, "--key", word], { env });
      await cli.run(["raise-cap", "--amount", "250"], { env });
      await page.getByText("The app asks for a higher cap").waitFor();
      await page.locator("summary").last().click();
      await page.getByLabel("Response", { exact: true }).waitFor();
      const excess = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(excess).toBe(0);
    });

    test.each([
      ["light", 1280],
      ["dark", 400],
    ] as const)("has no accessibility problem that axe finds, %s", async (colorScheme, width) => {
      const view = {
        colorScheme,
        viewport: { width, height: 900 },
        reducedMotion: "reduce",
      } as const;
      const { page, place, env } = await open(view, "--history", "5", "--cap", "20", "--test");
      await page.getByText("history-5-1").waitFor();
      await cli.run(["raise-cap", "--amount", "250"], { env });
      await act(place, { action: "fault", name: "throttled", times: 1, target: "all" });
      await act(place, { action: "charge", amount: "1", description: "x" });
      await act(place, { action: "charge", amount: "100", description: "x" });
      await act(place, { action: "fault", name: "echo", times: 1, target: "all" });
      await page.getByText("user error").click();
      await page.getByLabel("Response", { exact: true }).waitFor();
      await page.getByRole("button", { name: "drain" }).click();
      await page.getByText("The bucket is empty.").waitFor();
      await page.evaluate(AXE);
      const violations: unknown = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
      );
      expect(violations).toEqual([]);
      const running = await page.evaluate("document.getAnimations().length");
      expect(running).toBe(0);
    });

    test("says that the simulator has ended", async () => {
      const { page, running } = await open();
      running.process.kill("SIGINT");
      await expect.poll(() => page.getByText("the simulator has ended").isVisible()).toBe(true);
    });
  },
);
