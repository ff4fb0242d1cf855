/** Checks that the site made from docs/ builds, and that everything it links to exists. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = mkdtempSync(join(tmpdir(), "site-"));
const BASE = "/usage-billing-docs/";

beforeAll(async () => {
  // VitePress fails on a link to a page that does not exist.
  const vitepress = join(root, "node_modules/.bin/vitepress");
  const env = { ...process.env, DOCS_BASE: BASE, NODE_ENV: "production" };
  await promisify(execFile)(vitepress, ["build", "docs", "--outDir", site], { cwd: root, env });
}, 300_000);

afterAll(() => rmSync(site, { recursive: true, force: true }));

const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && !/node_modules|^api\/|^reference\//.test(path))
  .map((path) => path.replace(/README\.md$/, "index.md").replace(/\.md$/, ""));

function read(page: string): string {
  return readFileSync(join(site, `${page}.html`), "utf8");
}

/** The links of a page to other pages of the site, from its root, with their anchors. */
function linksOf(page: string): readonly string[] {
  return [...read(page).matchAll(/<a [^>]*href="([^"]+)/g)]
    .map(([, href = ""]) => new URL(href, `https://site.example${BASE}${page}`))
    .filter(({ host, pathname }) => host === "site.example" && pathname.startsWith(BASE))
    .map(({ pathname, hash }) => pathname.slice(BASE.length) + decodeURIComponent(hash))
    .filter((link) => !link.startsWith("api/"));
}

function exists(link: string): boolean {
  const [page = "", anchor] = link.split("#");
  if (!existsSync(join(site, `${page === "" ? "index" : page}.html`))) return false;
  return anchor === undefined || read(page === "" ? "index" : page).includes(`id="${anchor}"`);
}

it.each(pages)("has the page %s, in its sidebar, with links that lead somewhere", (page) => {
  const links = linksOf(page);
  expect(links.filter((link) => !exists(link))).toEqual([]);
  expect(["index", ...links]).toContain(page);
});

it("leads from pages to the repository for what is not a page", () => {
  expect(read("index").includes("/blob/main/examples/first-charges")).toBe(true);
});

// `npm run api -w docs` comes first.
it("has the API reference that its pages link to", () => {
  expect(existsSync(join(site, "api/index.html"))).toBe(true);
});

it("is searched without a server", () => {
  const assets = readdirSync(join(site, "assets/chunks"));
  expect(assets.some((name) => name.includes("localSearchIndex"))).toBe(true);
});
