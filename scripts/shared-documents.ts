import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Plugin } from "esbuild";
import { inOrder } from "./api-version.js";

/** The documents of one version, by the names that they are exported by. */
export type VersionDocuments = Readonly<Record<string, unknown>>;

/** The documents of several versions, each text once. */
export interface SharedDocuments {
  /**
   * For each version, the one whose module has exactly its documents: itself, where no older version
   * does.
   */
  readonly home: ReadonlyMap<string, string>;
  /** The JavaScript of each version that is a home. */
  readonly modules: ReadonlyMap<string, string>;
}

/** A document that cannot be written as text. */
export class DocumentError extends Error {
  override readonly name = "DocumentError" as const;
}

function textOf(version: string, name: string, document: unknown): string {
  const text = JSON.stringify(document);
  if (text === undefined || !isDeepStrictEqual(JSON.parse(text), document)) {
    throw new DocumentError(`${name} of ${version} is more than data`);
  }
  return text;
}

/** The texts of the fragments that a text contains, by name. */
function fragmentsIn(text: string): Map<string, string> {
  const { definitions = [] }: { definitions?: { kind: string; name: { value: string } }[] } =
    JSON.parse(text);
  return new Map(
    definitions
      .filter(({ kind }) => kind === "FragmentDefinition")
      .map((definition) => [definition.name.value, JSON.stringify(definition)]),
  );
}

/** Writes the documents that a version has first, a fragment of several of them once. */
function writeOwn(own: readonly (readonly [name: string, text: string])[]): string[] {
  const fragments = new Map<string, string>();
  const several = new Set<string>();
  for (const [, text] of own) {
    for (const [name, fragment] of fragmentsIn(text)) {
      if (fragments.get(name) === fragment) several.add(name);
      fragments.set(name, fragments.get(name) ?? fragment);
    }
  }
  const shared = [...fragments].filter(([name]) => several.has(name));
  return [
    ...shared.map(([name, fragment]) => `const $${name} = ${fragment};`),
    ...own.map(([name, text]) => {
      const written = shared.reduce(
        (written, [name, fragment]) => written.replace(fragment, () => `$${name}`),
        text,
      );
      return `export const ${name} = ${written};`;
    }),
  ];
}

/**
 * Writes each document once: in the oldest version that has it; later ones export it from there.
 *
 * @throws DocumentError where something other than a document is exported
 */
export function shareDocuments(versions: ReadonlyMap<string, VersionDocuments>): SharedDocuments {
  const home = new Map<string, string>();
  const modules = new Map<string, string>();
  // The oldest version by all of its documents, and by each of them.
  const alike = new Map<string, string>();
  const firstWith = new Map<string, string>();
  for (const version of inOrder(versions.keys())) {
    const texts = Object.entries(versions.get(version) ?? {})
      .map(([name, document]) => [name, textOf(version, name, document)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const whole = JSON.stringify(texts);
    const same = alike.get(whole);
    home.set(version, same ?? version);
    if (same !== undefined) continue;
    alike.set(whole, version);
    const own = texts.filter((entry) => !firstWith.has(entry.join(" ")));
    const lines = [
      ...writeOwn(own),
      ...texts
        .filter((entry) => !own.includes(entry))
        .map((entry) => {
          const first = firstWith.get(entry.join(" "));
          return `export { ${entry[0]} } from "../${first}/graphql.js";`;
        }),
    ];
    for (const entry of own) firstWith.set(entry.join(" "), version);
    modules.set(version, `${lines.join("\n")}\n`);
  }
  return { home, modules };
}

/** Loads what graphql-codegen wrote for each version. */
export async function readDocuments(root: string): Promise<Map<string, VersionDocuments>> {
  const folder = join(root, "src/generated");
  const documents = new Map<string, VersionDocuments>();
  for (const version of readdirSync(folder)) {
    const module: VersionDocuments = await import(
      pathToFileURL(join(folder, version, "graphql.ts")).href
    );
    documents.set(version, { ...module });
  }
  return documents;
}

const generated = /\/generated\/([^/]+)\/graphql\.(?:js|ts)$/;

/** Keeps the documents in files of their own, and leads each version to those it shares. */
export function sharedDocuments({ home, modules }: SharedDocuments): Plugin {
  return {
    name: "shared-documents",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: generated }, ({ path, kind }) => {
        if (kind === "entry-point") return undefined;
        const version = generated.exec(path)?.[1] ?? "";
        // All that is built lies in a folder of `dist/`: it is the same path for all of it.
        return { path: `../generated/${home.get(version)}/graphql.js`, external: true };
      });
      onResolve({ filter: /^\.\.\/[^/]+\/graphql\.js$/ }, ({ path, importer }) =>
        generated.test(importer) ? { path, external: true } : undefined,
      );
      onLoad({ filter: generated }, ({ path }) => {
        const contents = modules.get(generated.exec(path)?.[1] ?? "");
        return contents === undefined ? undefined : { contents, loader: "js" };
      });
    },
  };
}
