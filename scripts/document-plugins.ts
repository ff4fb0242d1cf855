import { relative } from "node:path";
import type { CodegenPlugin, Types } from "@graphql-codegen/plugin-helpers";
import {
  Kind,
  visit,
  type DefinitionNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from "graphql";

/** One operation or fragment of `graphql/`, with the names that codegen's types go by. */
interface NamedDocument {
  /** The name of the constant: `UsageRecordsDocument`, `MoneyFragmentDoc`. */
  readonly constant: string;
  readonly definition: OperationDefinitionNode | FragmentDefinitionNode;
  /** The types of its result and its variables, as `typescript-operations` names them. */
  readonly result: string;
  readonly variables: string;
  /** `mutation` or `fragment`, say. */
  readonly kind: string;
  readonly name: string;
  /** Its file, as codegen was given it. */
  readonly location: string | undefined;
}

function named(definition: DefinitionNode, location: string | undefined): NamedDocument[] {
  if (definition.kind === Kind.FRAGMENT_DEFINITION) {
    const name = definition.name.value;
    const result = `${name}Fragment`;
    const constant = `${name}FragmentDoc`;
    return [
      { constant, definition, result, variables: "unknown", kind: "fragment", name, location },
    ];
  }
  if (definition.kind === Kind.OPERATION_DEFINITION && definition.name) {
    const name = definition.name.value;
    const kind = definition.operation;
    const result = `${name}${kind === "query" ? "Query" : "Mutation"}`;
    const constant = `${name}Document`;
    return [
      { constant, definition, result, variables: `${result}Variables`, kind, name, location },
    ];
  }
  return [];
}

/** The documents by file, fragments first because operations refer to them. */
function namedDocuments(files: readonly Types.DocumentFile[]): NamedDocument[] {
  const all = files.flatMap(({ document, location }) =>
    (document?.definitions ?? []).flatMap((definition) => named(definition, location)),
  );
  const isFragment = ({ kind }: NamedDocument): boolean => kind === "fragment";
  return [...all.filter(isFragment), ...all.filter((document) => !isFragment(document))];
}

/** The names of the fragments that a definition spreads, through others too. */
function fragmentsOf(
  definition: DefinitionNode,
  fragments: ReadonlyMap<string, DefinitionNode>,
): Set<string> {
  const names = new Set<string>();
  const follow = (next: DefinitionNode): void => {
    visit(next, {
      FragmentSpread({ name: { value: name } }) {
        const fragment = fragments.get(name);
        if (names.has(name) || fragment === undefined) return;
        names.add(name);
        follow(fragment);
      },
    });
  };
  follow(definition);
  return names;
}

/** A definition as JSON, without its place in the source and without empty lists. */
function textOf(definition: DefinitionNode): string {
  return JSON.stringify(definition, (key, value: unknown) =>
    key === "loc" || (Array.isArray(value) && value.length === 0) ? undefined : value,
  );
}

/**
 * Writes each operation and fragment once, as a document node without a version's types.
 *
 * A fragment's definition is written once and shared by the documents that spread it.
 */
export const documentNodes: CodegenPlugin = {
  plugin(_schema, files) {
    const documents = namedDocuments(files);
    const fragments = new Map(
      documents
        .filter(({ kind }) => kind === "fragment")
        .map(({ name, definition }) => [name, definition]),
    );
    return {
      prepend: [`import type { DocumentNode } from "graphql";\n`],
      content: [
        ...Array.from(
          fragments,
          ([name, definition]) => `const ${name} = ${textOf(definition)};\n`,
        ),
        ...documents.map(({ constant, definition, kind, name }) => {
          const spread = fragmentsOf(definition, fragments);
          const definitions = [
            kind === "fragment" ? name : textOf(definition),
            ...[...fragments.keys()].filter((fragment) => spread.has(fragment)),
          ];
          return `export const ${constant} = {"kind":"Document","definitions":[${definitions.join(",")}]} as unknown as DocumentNode;\n`;
        }),
      ].join("\n"),
    };
  },
};

/** Gives each document node the types of one version, made by `typescript-operations`. */
export function typedDocuments(root: string, documentsModule: string): CodegenPlugin {
  return {
    plugin(_schema, files) {
      return {
        prepend: [
          `import type { TypedDocumentNode } from "@graphql-typed-document-node/core";`,
          `import * as documents from "${documentsModule}";\n`,
        ],
        content: namedDocuments(files)
          .map(({ constant, result, variables, kind, name, location }) =>
            [
              `/** The ${kind} \`${name}\`, from \`${relative(root, location ?? "").replaceAll("\\", "/")}\`. */`,
              `export const ${constant}: TypedDocumentNode<${result}, ${variables}> = documents.${constant};`,
              "",
            ].join("\n"),
          )
          .join("\n"),
      };
    },
  };
}
