import { print } from "@0no-co/graphql.web";
import type { DocumentNode, OperationDefinitionNode } from "graphql/language/ast.js";
import { InvalidInputError } from "./errors/invalid-input-error.js";

function isOperation(node: DocumentNode["definitions"][number]): node is OperationDefinitionNode {
  return node.kind === "OperationDefinition";
}

/** The variables that bring the idempotency keys of an operation's fields; null where a field has no key. */
function findKeyVariables({ selectionSet }: OperationDefinitionNode): readonly string[] | null {
  const names: string[] = [];
  for (const field of selectionSet.selections) {
    if (field.kind !== "Field") return null;
    const key = field.arguments?.find(({ name }) => name.value === "idempotencyKey")?.value;
    if (key?.kind === "Variable") names.push(key.name.value);
    // A key written into the document is as good as one that a variable brings.
    else if (key?.kind !== "StringValue" || key.value === "") return null;
  }
  return names;
}

/** The one query or mutation of a document, and what sending it takes; read once, printed once. */
export class DocumentOperation {
  readonly document: DocumentNode;
  readonly kind: "query" | "mutation";
  readonly name: string | null;
  /**
   * The variables that bring the idempotency keys; null where a field of the mutation has none.
   *
   * @remarks
   * A key that is only among the variables, and neither declared nor passed, never reaches the server.
   */
  readonly keyVariables: readonly string[] | null;
  #printed: string | undefined;

  constructor(document: DocumentNode, definition: OperationDefinitionNode) {
    this.document = document;
    this.kind = definition.operation === "query" ? "query" : "mutation";
    this.name = definition.name?.value ?? null;
    this.keyVariables = findKeyVariables(definition);
  }

  /** The JSON of a request. @throws InvalidInputError where the variables are no JSON */
  body(variables: unknown): string {
    const operationName = this.name ?? undefined;
    this.#printed ??= JSON.stringify({ query: print(this.document), operationName }).slice(0, -1);
    try {
      return `${this.#printed},"variables":${JSON.stringify(variables ?? {})}}`;
    } catch (cause) {
      throw new InvalidInputError("variables", `is no JSON (${String(cause)})`, "give JSON values");
    }
  }
}

const known = new WeakMap<DocumentNode, DocumentOperation>();

/** The operation of a document. @throws InvalidInputError where it does not hold exactly one query or mutation */
export function operationOf(document: DocumentNode): DocumentOperation {
  let operation = known.get(document);
  if (operation) return operation;
  const definitions = document?.definitions?.filter(isOperation) ?? [];
  const [definition] = definitions;
  if (!definition || definitions.length > 1 || definition.operation === "subscription") {
    throw new InvalidInputError(
      "document",
      "does not hold exactly one query or mutation",
      "give the typed document of one operation",
    );
  }
  operation = new DocumentOperation(document, definition);
  known.set(document, operation);
  return operation;
}
