import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inOrder } from "./api-version.js";

const declaration = ".d.ts";

/** The declarations that one imports, by path. */
function importedBy(file: string, text: string): string[] {
  return [...text.matchAll(/(?:from |import |import\()["'](\.[^"']+)\.js["']/g)].map(
    ([, path = ""]) => join(dirname(file), path) + declaration,
  );
}

/** Keeps the declarations that entries lead to, and removes the others. */
export function removeUnreachable(directory: string, entries: readonly string[]): void {
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    importedBy(file, readFileSync(file, "utf8")).forEach(follow);
  };
  for (const entry of entries) follow(join(directory, entry + declaration));
  for (const path of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
    const file = join(directory, path);
    if (file.endsWith(declaration) && !reached.has(file)) rmSync(file);
  }
}

/** Lets the declarations of a version whose text is that of an older version's export those. */
export function shareGenerated(directory: string): void {
  const folder = join(directory, "generated");
  const firstWith = new Map<string, string>();
  for (const version of inOrder(readdirSync(folder)).filter((name) => !name.includes("."))) {
    const file = join(folder, version, `graphql${declaration}`);
    const text = readFileSync(file, "utf8");
    const first = firstWith.get(text);
    if (first === undefined) firstWith.set(text, version);
    else writeFileSync(file, `export * from "../${first}/graphql.js";\n`);
  }
}
