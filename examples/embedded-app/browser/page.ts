import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SCREENSHOTS = fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url));

/** Wide as the Shopify admin on a laptop, or narrow as a phone. */
export const WIDE = { width: 1000, height: 760 };
export const NARROW = { width: 360, height: 740 };

/** Opens a page in a browser context of its own, at a given time. */
export async function openPage(
  browser: Browser,
  { now, viewport }: { readonly now: number; readonly viewport: typeof WIDE },
): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    locale: "en-US",
    timezoneId: "UTC",
    acceptDownloads: true,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(now);
  return page;
}

/** Lists the accessibility problems that axe finds. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // Defined by the script above.
    const { axe } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; help: string; nodes: { html: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join("\n")}`,
    );
  });
}

/** Measures how far the page extends beyond the right edge of the screen, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
}

/** Takes a screenshot for the documentation if SCREENSHOTS is set. */
export async function screenshot(page: Page, name: string, fullPage = false): Promise<void> {
  if (process.env["SCREENSHOTS"] === undefined) return;
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage, animations: "disabled" });
}
