import { print } from "@0no-co/graphql.web";
import type { DocumentNode, OperationDefinitionNode } from "graphql/language/ast.js";
import { InvalidInputError } from "./errors/invalid-input-error.js";

function isOperation(node: DocumentNode["definitions"][number]): node is OperationDefinitionNode {
  return node.kind === "OperationDefinition";
}

/** Finds the variables that carry the idempotency keys. `null` if a field has no key. */
function findKeyVariables({ selectionSet }: OperationDefinitionNode): readonly string[] | null {
  const names: string[] = [];
  for (const field of selectionSet.selections) {
    if (field.kind !== "Field") return null;
    // urql's cache exchange adds it.
    if (field.name.value === "__typename") continue;
    const key = field.arguments?.find(({ name }) => name.value === "idempotencyKey")?.value;
    if (key?.kind === "Variable") names.push(key.name.value);
    // A key that is written into the document is as good as one in a variable.
    else if (key?.kind !== "StringValue" || key.value === "") return null;
  }
  return names;
}

/** The one query or mutation of a document, read once and printed once. */
export class DocumentOperation {
  readonly document: DocumentNode;
  readonly kind: "query" | "mutation";
  readonly name: string | null;
  /** How many selections it has at its root. */
  readonly rootFields: number;
  /**
   * The variables that carry the idempotency keys. `null` if a field of the mutation has no key.
   *
   * @remarks
   * A variable that the document does not pass to a field never reaches Shopify.
   */
  readonly keyVariables: readonly string[] | null;
  #printed: string | undefined;

  constructor(document: DocumentNode, definition: OperationDefinitionNode) {
    this.document = document;
    this.kind = definition.operation === "query" ? "query" : "mutation";
    this.name = definition.name?.value ?? null;
    this.rootFields = definition.selectionSet.selections.length;
    this.keyVariables = findKeyVariables(definition);
  }

  /** Returns the JSON of a request. @throws InvalidInputError if the variables cannot be written as JSON */
  body(variables: unknown): string {
    const operationName = this.name ?? undefined;
    this.#printed ??= JSON.stringify({ query: print(this.document), operationName }).slice(0, -1);
    try {
      return `${this.#printed},"variables":${JSON.stringify(variables ?? {})}}`;
    } catch (cause) {
      throw new InvalidInputError("variables", `must be JSON values: ${String(cause)}`);
    }
  }
}

const known = new WeakMap<DocumentNode, DocumentOperation>();

/** Returns the operation of a document. @throws InvalidInputError unless it has exactly one query or mutation */
export function operationOf(document: DocumentNode): DocumentOperation {
  let operation = known.get(document);
  if (operation) return operation;
  const definitions = document?.definitions?.filter(isOperation) ?? [];
  const [definition] = definitions;
  if (!definition || definitions.length > 1 || definition.operation === "subscription") {
    throw new InvalidInputError(
      "document",
      "must be the typed document of exactly one query or mutation",
    );
  }
  operation = new DocumentOperation(document, definition);
  known.set(document, operation);
  return operation;
}
