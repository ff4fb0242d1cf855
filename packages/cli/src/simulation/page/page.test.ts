import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cliUnderTest, type Running } from "../../cli-under-test.js";

const root = join(import.meta.dirname, "../../../../..");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

test("the page's script is well typed", { timeout: 30_000 }, async () => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  // It runs in the browser, so the repository's own compilation, for Node.js, leaves it out.
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", import.meta.dirname]);
  expect(stdout).toBe("");
});

describe.skipIf(CHROMIUM === undefined)(
  `the live page${CHROMIUM === undefined ? " (no Chromium is installed)" : ""}`,
  () => {
    const cli = cliUnderTest();
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      });
    });
    afterAll(() => browser.close());

    interface Opened {
      readonly page: Page;
      readonly running: Running;
      readonly env: Readonly<Record<string, string>>;
    }

    async function open(size = { width: 1280, height: 900 }, ...args: string[]): Promise<Opened> {
      const running = cli.start(["simulate", "--port", "0", "--json", "--quiet", ...args]);
      const seen = await running.shows("\n");
      const place: Record<string, string> = JSON.parse(seen.split("\n", 1)[0] ?? "");
      const { url = "", endpoint = "", shop = "", accessToken = "" } = place;
      const page = await browser.newPage({ viewport: size });
      // What the page itself does wrong, scripts that its policy stops included.
      const problems: string[] = [];
      page.on("pageerror", ({ message }) => problems.push(message));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      onTestFinished(async () => {
        await page.close();
        // That a simulator which has ended does not answer is told by the browser itself.
        expect(problems.filter((problem) => !problem.includes("net::"))).toEqual([]);
      });
      await page.goto(url);
      await page.getByText("live", { exact: true }).waitFor();
      const env = {
        USAGE_BILLING_SHOP: shop,
        USAGE_BILLING_ACCESS_TOKEN: accessToken,
        USAGE_BILLING_ENDPOINT: endpoint,
      };
      return { page, running, env };
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
      await page.getByText("The classic double charge.").waitFor();
      await page.getByRole("button", { name: "Inject" }).press("Enter");
      await page
        .getByRole("list", { name: "Faults that wait" })
        .getByText("lostAfter 1 ×")
        .waitFor();
      await page.getByRole("textbox", { name: "For" }).press("Enter");
      await page.getByText("The connection broke.").waitFor();
      await page.getByRole("list", { name: "Faults that wait" }).getByText("lostAfter").waitFor({
        state: "detached",
      });
      await page.getByText("no answer").waitFor();
      await page.locator("summary").first().press("Enter");
      await expect
        .poll(() => page.getByText('"description": "1000 emails"').isVisible())
        .toBe(true);
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

    test("keeps what is open and focused while more comes", async () => {
      const { page, env } = await open();
      const args = ["charge", "--amount", "1", "--description", "first"];
      await cli.run(args, { env });
      const summary = page.locator("summary").first();
      await summary.click();
      const id = await page.locator("details[open] dd").first().textContent();
      await cli.run([...args.slice(0, -1), "second"], { env });
      await page.getByRole("cell", { name: "second" }).waitFor();
      expect(await page.locator("details[open] dd").first().textContent()).toBe(id);
      expect(await page.locator("details[open]").count()).toBe(1);
      expect(await page.evaluate("document.activeElement.tagName")).toBe("SUMMARY");
    });

    test.each([320, 390, 768, 1280])("needs no scrolling sideways at %i pixels", async (width) => {
      const { page, env } = await open({ width, height: 800 }, "--history", "20");
      const word =
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
      await cli.run(["charge", "--amount", "1", "--description", word, "--key", word], { env });
      await cli.run(["raise-cap", "--amount", "250"], { env });
      await page.getByText("The app asks for a higher cap").waitFor();
      const excess = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(excess).toBe(0);
    });

    test("tells that the simulator has ended", async () => {
      const { page, running } = await open();
      running.process.kill("SIGINT");
      await expect.poll(() => page.getByText("the simulator has ended").isVisible()).toBe(true);
    });
  },
);
