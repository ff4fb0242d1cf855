/** Reads the parts of a page that tests need: its code, headings and links. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's own folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Code between fences. */
export interface Fence {
  readonly page: string;
  /** The language, such as `ts`. */
  readonly language: string;
  /** What stands behind the language, such as `run`; readers do not see it. */
  readonly marks: readonly string[];
  /** Where the code begins in its page; the first line is 1. */
  readonly line: number;
  readonly code: string;
}

/** A link to a place in this repository. */
export interface Link {
  readonly page: string;
  readonly line: number;
  /** As written: `errors.md#throttlederror`. */
  readonly target: string;
}

/** All pages for users, by their paths from the root. */
export function pagePaths(): readonly string[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !/node_modules|^api\/|^reference\//.test(path))
    .map((path) => `docs/${path}`);
  return ["README.md", "CONTRIBUTING.md", ...docs];
}

/** The modules whose doc comments are part of the API reference. */
export function sourcePaths(): readonly string[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /(?<!\.test|\.test-d|\.bench)\.tsx?$/.test(path))
    .filter((path) => !path.startsWith("generated"))
    .map((path) => `src/${path}`);
}

/** The lines of a page. */
export function linesOf(page: string): readonly string[] {
  return readFileSync(join(root, page), "utf8").split("\n");
}

const FENCE = /^( *(?:\* )?)```(\w*)(.*)$/;

/** The code in a page, or in the doc comments of a module. */
export function fencesOf(page: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { indent: string; language: string; marks: string[]; line: number } | null = null;
  let code: string[] = [];
  for (const [index, text] of linesOf(page).entries()) {
    const [, indent = "", language = "", marks = ""] = FENCE.exec(text) ?? [];
    if (open === null) {
      if (!FENCE.test(text)) continue;
      open = { indent, language, marks: marks.split(" ").filter(Boolean), line: index + 2 };
      code = [];
    } else if (FENCE.test(text)) {
      const { language, marks, line } = open;
      fences.push({ page, language, marks, line, code: code.join("\n") });
      open = null;
    } else {
      code.push(text.slice(open.indent.length));
    }
  }
  if (open) throw new Error(`${page}:${open.line - 1}: this code never ends`);
  return fences;
}

/** The lines of a page that are text, each with its number; code is left out. */
function* proseOf(page: string): Generator<readonly [line: number, text: string]> {
  let inCode = false;
  for (const [index, text] of linesOf(page).entries()) {
    if (FENCE.test(text)) inCode = !inCode;
    else if (!inCode) yield [index + 1, text];
  }
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, text] of proseOf(page)) {
    const heading = /^#{1,6} +(.*?) *$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The links of a page that stay in this repository. */
export function linksOf(page: string): readonly Link[] {
  const links: Link[] = [];
  for (const [line, text] of proseOf(page)) {
    for (const [, target = ""] of text.replaceAll(/`[^`]*`/g, "``").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (!/^[a-z][a-z+.-]*:/i.test(target)) links.push({ page, line, target });
    }
  }
  return links;
}
