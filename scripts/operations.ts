import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  concatAST,
  GraphQLError,
  NoDeprecatedCustomRule,
  NoUnusedFragmentsRule,
  parse,
  Source,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
} from "graphql";

/** One thing in our operations that a schema does not allow or has deprecated. */
export interface OperationProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The schema coordinate, such as `AppSubscription.trialDays`, if there is one. */
  readonly field: string | undefined;
  readonly message: string;
  /** Shopify's reason, from this schema or, if it is gone there, from the previous one. */
  readonly deprecationReason: string | undefined;
}

/** An operation or fragment that cannot be parsed. */
export class OperationSyntaxError extends Error {
  override name = "OperationSyntaxError" as const;

  constructor(file: string, error: GraphQLError) {
    const [place] = error.locations ?? [];
    super(`${file}:${place?.line}:${place?.column}: ${error.message} Nothing was written.`);
  }
}

/**
 * Reads all operations and fragments below `graphql/` as one document that knows its files.
 *
 * @throws OperationSyntaxError
 */
export function readOperations(root: string): DocumentNode {
  const files = readdirSync(join(root, "graphql"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".graphql"))
    .map((file) => `graphql/${file.replaceAll("\\", "/")}`)
    .sort();
  return concatAST(
    files.map((file) => {
      try {
        return parse(new Source(readFileSync(join(root, file), "utf8"), file));
      } catch (error) {
        throw error instanceof GraphQLError ? new OperationSyntaxError(file, error) : error;
      }
    }),
  );
}

// Apps use the fragments too, so one that no operation here uses is not a mistake.
const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);

/** Returns what is not valid. `previous` has the deprecation reasons of what is gone in `schema`. */
export function invalidOperations(
  operations: DocumentNode,
  schema: GraphQLSchema,
  previous?: GraphQLSchema,
): OperationProblem[] {
  const elements = new Map([
    ...schemaElements(operations, schema),
    ...(previous ? schemaElements(operations, previous) : []),
  ]);
  return validate(schema, operations, rules, { maxErrors: Infinity }).map((error) =>
    problem(error, elements),
  );
}

/** Returns what is valid but deprecated. */
export function deprecatedOperations(
  operations: DocumentNode,
  schema: GraphQLSchema,
): OperationProblem[] {
  const elements = schemaElements(operations, schema);
  return validate(schema, operations, [NoDeprecatedCustomRule]).map((error) =>
    problem(error, elements),
  );
}

/** Operations that are not valid in a version's full schema. */
export class InvalidOperationsError extends Error {
  override name = "InvalidOperationsError" as const;
  readonly problems: readonly OperationProblem[];

  constructor(version: string, problems: readonly OperationProblem[]) {
    super(
      [
        `The operations are not valid in ${version}. Nothing was written.`,
        ...problems.map((each) => `  ${describe(each)}`),
      ].join("\n"),
    );
    this.problems = problems;
  }
}

/** Formats a problem as one line: file, place, field, message, reason. */
export function describe({
  file,
  line,
  column,
  field,
  message,
  deprecationReason,
}: OperationProblem): string {
  return [
    `${file}:${line}:${column}`,
    field === undefined ? "" : ` ${field}`,
    `: ${message}`,
    deprecationReason === undefined ? "" : ` Shopify's reason: ${deprecationReason}`,
  ].join("");
}

interface SchemaElement {
  readonly coordinate: string;
  readonly deprecationReason: string | undefined;
}

/** The schema element that each field, argument and enum value in the operations refers to. */
function schemaElements(
  operations: DocumentNode,
  schema: GraphQLSchema,
): Map<ASTNode, SchemaElement> {
  const elements = new Map<ASTNode, SchemaElement>();
  const types = new TypeInfo(schema);
  visit(
    operations,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        if (!parent) return;
        elements.set(node, {
          coordinate: `${parent.name}.${node.name.value}`,
          deprecationReason: types.getFieldDef()?.deprecationReason ?? undefined,
        });
      },
      Argument(node) {
        const parent = types.getParentType();
        const field = types.getFieldDef();
        if (!parent || !field) return;
        elements.set(node, {
          coordinate: `${parent.name}.${field.name}(${node.name.value}:)`,
          deprecationReason: types.getArgument()?.deprecationReason ?? undefined,
        });
      },
      EnumValue(node) {
        const value = types.getEnumValue();
        const type = types.getInputType();
        if (!value || !type) return;
        elements.set(node, {
          coordinate: `${String(type).replace(/[![\]]/g, "")}.${value.name}`,
          deprecationReason: value.deprecationReason ?? undefined,
        });
      },
    }),
  );
  return elements;
}

function problem(
  error: GraphQLError,
  elements: ReadonlyMap<ASTNode, SchemaElement>,
): OperationProblem {
  const [node] = error.nodes ?? [];
  const [place] = error.locations ?? [];
  const element = node && elements.get(node);
  return {
    file: node?.loc?.source.name ?? "graphql",
    line: place?.line ?? 1,
    column: place?.column ?? 1,
    field: element?.coordinate,
    message: error.message,
    deprecationReason: element?.deprecationReason,
  };
}
