/**
 * All TypeScript in README.md, in docs/ and in the doc comments is compiled, under the settings of the
 * source itself. What is marked ` ```ts run `, and all of README.md, is run as well, on the simulator.
 *
 * - Each piece of code is a module of its own. It may use the names of `context.ts`; in doc comments
 *   those of `reference-context.ts` as well.
 * - ` ```ts continued ` continues the piece before it. In an HTML comment it is not shown: there a
 *   page checks what its code does, and brings what the code needs to run.
 * - In code that is run, `expression; // => value` is checked.
 * - ` ```ts as:NAME ` names a piece, and ` ```ts from:NAME ` begins another one with its code.
 * - ` ```ts run redis ` needs a Redis, and is skipped without one: see `redis.ts`.
 * - Code that is a file in examples/ is compiled and tested there.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { minifyIntrospection, outputIntrospectionFile } from "@gql.tada/internal";
import { buildSchema, introspectionFromSchema } from "graphql";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createContext } from "./context.js";
import { hasRedis, startRedis } from "./redis.js";
import { fencesOf, pagePaths, root, sourcePaths } from "./page.js";

/** A module made of one fence, or of one and those that continue it. */
interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly extension: string;
  readonly isRun: boolean;
  readonly needsRedis: boolean;
  /** Behind as many empty lines as stand before it in its page, so that the compiler tells the page's lines. */
  code: string;
}

/** Code without the names of the modules it imports from, which differ between an example and an app. */
function withoutModuleNames(code: string): string {
  return code.trim().replaceAll(/from "[^"]+"/g, "from");
}

const examples = new Set(
  readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules"))
    .map((path) => withoutModuleNames(readFileSync(join(root, "examples", path), "utf8"))),
);

/** Code, and below it other code at the line of the page at which it stands. */
function append(code: string, line: number, more: string): string {
  const gap = line - 1 - code.split("\n").length;
  return `${code}${"\n".repeat(gap + 1)}${more}`;
}

/** What stands behind `name:` in the marks of a fence. */
function mark(marks: readonly string[], name: string): string | undefined {
  return marks.find((one) => one.startsWith(`${name}:`))?.slice(name.length + 1);
}

function snippetsOf(page: string): readonly Snippet[] {
  const snippets: Snippet[] = [];
  const named = new Map<string, Snippet>();
  for (const { language, marks, line, code } of fencesOf(page)) {
    if (language !== "ts" && language !== "tsx") continue;
    if (examples.has(withoutModuleNames(code))) continue;
    const last = snippets.at(-1);
    if (last && marks.includes("continued")) {
      last.code = append(last.code, line, code);
      continue;
    }
    const from = named.get(mark(marks, "from") ?? "");
    const snippet: Snippet = {
      page,
      line,
      extension: language,
      isRun: marks.includes("run") || page === "README.md",
      needsRedis: marks.includes("redis"),
      code: append(from?.code ?? "", line, code),
    };
    snippets.push(snippet);
    named.set(mark(marks, "as") ?? `line ${line}`, snippet);
  }
  return snippets;
}

/** Code in which each `expression; // => value` checks itself. */
function withChecks(code: string): string {
  return code.replaceAll(
    /^( *(?:if \([^)]*\) |else )?)(?:console\.log\()?(.+?)\)?; \/\/ => (.+)$/gm,
    (line, indent: string, expression: string, value: string) => {
      const isLogged = line.slice(indent.length).startsWith("console.log(");
      const checked = isLogged || !line.includes(");") ? expression : `${expression})`;
      return `${indent}expect(${checked}).toEqual(${value});`;
    },
  );
}

const inPages = pagePaths().flatMap(snippetsOf);
const inDocComments = sourcePaths().flatMap(snippetsOf);
const toRun = inPages.filter(({ isRun }) => isRun).map((snippet) => [snippet] as const);

// In docs/, where the libraries are found that pages use; hidden, so that no other tool looks at it.
const folder = mkdtempSync(join(root, "docs/.snippets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// What gql.tada's command writes for an app.
const schema = buildSchema(readFileSync(join(root, "schema/2026-10.graphql"), "utf8"));
write(
  join(folder, "docs/guide/graphql-env.d.ts"),
  outputIntrospectionFile(minifyIntrospection(introspectionFromSchema(schema)), {
    fileType: ".d.ts",
    shouldPreprocess: true,
  }),
);

function fileOf({ page, line, extension }: Snippet, kind = ""): string {
  return join(folder, `${page}.${line}${kind}.${extension}`);
}

function write(file: string, code: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${code}\nexport {};\n`);
}

/** The compiler's errors in pieces of code, at the lines of their pages. */
async function compile(snippets: readonly Snippet[], context: string): Promise<readonly string[]> {
  for (const snippet of snippets) write(fileOf(snippet), snippet.code);
  const project = join(folder, `tsconfig.${context}.json`);
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    // By name: the compiler finds nothing in hidden folders by itself.
    files: [...snippets.map((snippet) => fileOf(snippet)), join(import.meta.dirname, context)],
    include: [],
  };
  writeFileSync(project, JSON.stringify(config));
  const tsc = join(root, "node_modules/.bin/tsc");
  const output = await promisify(execFile)(tsc, ["-p", project, "--pretty", "false"], {
    cwd: root,
  }).then(
    () => "",
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
  const prefix = `${relative(root, folder)}/`;
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line.startsWith(prefix)
        ? line.slice(prefix.length).replace(/\.\d+\.tsx?\((\d+),\d+\)/, ":$1")
        : line,
    );
}

describe("code in the documentation", () => {
  it("compiles in README.md and docs/", { timeout: 60_000 }, async () => {
    expect(inPages.length).toBeGreaterThan(10);
    expect(await compile(inPages, "context.ts")).toEqual([]);
  });

  it("compiles in doc comments", { timeout: 60_000 }, async () => {
    expect(inDocComments.length).toBeGreaterThan(10);
    expect(await compile(inDocComments, "reference-context.ts")).toEqual([]);
  });

  async function run(snippet: Snippet): Promise<void> {
    const file = fileOf(snippet, ".run");
    write(file, withChecks(snippet.code));
    const context = createContext();
    vi.stubGlobal("fetch", context.admin.fetch);
    for (const [name, value] of Object.entries(context)) vi.stubGlobal(name, value);
    const tests: Promise<void>[] = [];
    vi.stubGlobal("test", (_: string, start: () => Promise<void>) => void tests.push(start()));
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    try {
      await expect(import(file)).resolves.toBeDefined();
      await Promise.all(tests);
    } finally {
      log.mockRestore();
      vi.unstubAllGlobals();
    }
  }

  it.each(toRun.filter(([{ needsRedis }]) => !needsRedis))(
    "runs: $page:$line",
    { timeout: 120_000 },
    run,
  );

  it.each(toRun.filter(([{ needsRedis }]) => needsRedis))(
    "runs on Redis: $page:$line",
    { timeout: 60_000, skip: !hasRedis },
    async (snippet) => {
      const { port, stop } = await startRedis();
      vi.stubEnv("REDIS_PORT", port);
      try {
        await expect(run(snippet)).resolves.toBeUndefined();
      } finally {
        vi.unstubAllEnvs();
        stop();
      }
    },
  );
});

describe("the checks of code that is run", () => {
  it.each([
    ["a.b; // => 1", "expect(a.b).toEqual(1);"],
    ["f(x); // => [1]", "expect(f(x)).toEqual([1]);"],
    ["  await f(x); // => 'a'", "  expect(await f(x)).toEqual('a');"],
    ["console.log(f(x)); // => 1", "expect(f(x)).toEqual(1);"],
    ["if (a.ok) f(x); // => 1", "if (a.ok) expect(f(x)).toEqual(1);"],
    ["f(x); // a comment", "f(x); // a comment"],
  ])("%s", (code, expected) => {
    expect(withChecks(code)).toBe(expected);
  });
});
