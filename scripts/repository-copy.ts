import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildSchema,
  introspectionFromSchema,
  Kind,
  parse,
  print,
  visit,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type TypeDefinitionNode,
} from "graphql";
import { onTestFinished } from "vitest";
import { printProvenance, readProvenance, provenanceFile } from "./provenance.js";

/** For tests: a copy of what this repository generates from, which a test may change. */
export interface RepositoryCopy {
  readonly root: string;
  read(path: string): string;
  write(path: string, content: string): void;
  /** All files with their content. */
  snapshot(): Record<string, string>;
}

const repository = join(import.meta.dirname, "..");

/** Copies the operations, the docs and the parts of these versions. The copy is removed after the test. */
export function copyRepository(versions: readonly string[]): RepositoryCopy {
  const root = mkdtempSync(join(tmpdir(), "usage-billing-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const write = (path: string, content: string): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  };

  for (const path of [
    "graphql",
    "docs/versions.md",
    "package.json",
    ".prettierrc.json",
    ...versions.map((version) => `schema/${version}.graphql`),
  ]) {
    if (existsSync(join(repository, path))) {
      cpSync(join(repository, path), join(root, path), { recursive: true });
    }
  }
  const provenance = Object.entries(readProvenance(repository));
  write(
    provenanceFile,
    printProvenance(
      Object.fromEntries(provenance.filter(([version]) => versions.includes(version))),
    ),
  );

  return {
    root,
    read,
    write,
    snapshot: () =>
      Object.fromEntries(
        readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
          .map((file) => [file.slice(root.length + 1), readFileSync(file, "utf8")]),
      ),
  };
}

/** A vendored part, as it is in this repository. */
export function partOf(version: string): string {
  return readFileSync(join(repository, `schema/${version}.graphql`), "utf8");
}

/** An SDL with some members, named by coordinate (`Type.field`), gone or deprecated. */
export function edited(
  sdl: string,
  { gone = [], deprecated = {} }: { gone?: string[]; deprecated?: Record<string, string> },
): string {
  const path: string[] = [];
  const member = {
    enter(node: FieldDefinitionNode | EnumValueDefinitionNode) {
      const coordinate = [path.at(-1), node.name.value].join(".");
      if (gone.includes(coordinate)) return null;
      const reason = deprecated[coordinate];
      if (reason === undefined) return undefined;
      return {
        ...node,
        directives: [
          {
            kind: Kind.DIRECTIVE,
            name: { kind: Kind.NAME, value: "deprecated" },
            arguments: [
              {
                kind: Kind.ARGUMENT,
                name: { kind: Kind.NAME, value: "reason" },
                value: { kind: Kind.STRING, value: reason },
              },
            ],
          },
        ],
      };
    },
  };
  const type = {
    enter: (node: TypeDefinitionNode) => void path.push(node.name.value),
    leave: () => void path.pop(),
  };
  return print(
    visit(parse(sdl), {
      ObjectTypeDefinition: type,
      EnumTypeDefinition: type,
      FieldDefinition: member,
      EnumValueDefinition: member,
    }),
  );
}

/** The introspection JSON of a schema, as Shopify would return it. */
export function introspectionJson(sdl: string): string {
  return JSON.stringify({ data: introspectionFromSchema(buildSchema(sdl)) });
}
