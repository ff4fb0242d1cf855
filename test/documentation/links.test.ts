import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorsOf, linesOf, linksOf, pagePaths, root } from "./page.js";
import { stableVersion } from "../stable-version.js";

/** Describes what is wrong with a page's links. */
function brokenLinks(page: string): readonly string[] {
  const broken: string[] = [];
  for (const { line, target } of linksOf(page)) {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(root, file))) broken.push(`${page}:${line}: there is no ${file}`);
    else if (anchor !== undefined && !anchorsOf(file).has(anchor)) {
      broken.push(`${page}:${line}: ${file} has no #${anchor}`);
    }
  }
  return broken;
}

describe.each(pagePaths())("%s", (page) => {
  it("has links that lead somewhere", () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it("names commands that exist", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    );
    const named = linesOf(page).flatMap((text) =>
      [...text.matchAll(/npm (?:run )?((?<=run )[\w:-]+|test|start)\b/g)].map(
        ([, name = ""]) => name,
      ),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

it("reads a page's headings as GitHub does", () => {
  expect(anchorsOf("docs/versions.md")).toContain("when-shopify-no-longer-serves-a-version");
  expect(anchorsOf("docs/versions.md")).toContain(`${stableVersion(0)}--${stableVersion(1)}`);
});
