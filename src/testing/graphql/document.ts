import {
  GraphQLError,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { asSyntaxError, asValidationError } from "./graphql-error.js";

/** A document that was parsed and validated. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly operations: readonly OperationDefinitionNode[];
  /** In Shopify's words; empty where the document is valid. */
  readonly errors: readonly GraphQLFormattedError[];
  /** Does it use anything deprecated? */
  readonly deprecated: boolean;
}

const MOST_DOCUMENTS = 500;
const NO_DOCUMENT: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** Parses and validates documents, each text once. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #prepared: Map<string, PreparedDocument> = new Map();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  prepare(text: string): PreparedDocument {
    const known = this.#prepared.get(text);
    if (known) return known;
    const prepared = this.#prepare(text);
    if (this.#prepared.size >= MOST_DOCUMENTS) this.#prepared.clear();
    this.#prepared.set(text, prepared);
    return prepared;
  }

  #prepare(text: string): PreparedDocument {
    let document: DocumentNode;
    try {
      document = parse(text);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const errors = [asSyntaxError(error)];
      return { document: NO_DOCUMENT, operations: [], errors, deprecated: false };
    }
    const errors = validate(this.#schema, document).map(asValidationError);
    return {
      document,
      operations: document.definitions.filter(
        (definition) => definition.kind === Kind.OPERATION_DEFINITION,
      ),
      errors,
      deprecated:
        errors.length === 0 &&
        validate(this.#schema, document, [NoDeprecatedCustomRule]).length > 0,
    };
  }
}

/** The operation that a request means; a message in Shopify's words where that is not clear. */
export function chooseOperation(
  { operations }: PreparedDocument,
  name: string | null,
): OperationDefinitionNode | string {
  if (name !== null) {
    const named = operations.find((operation) => operation.name?.value === name);
    return named ?? `No operation named "${name}"`;
  }
  const [only, ...others] = operations;
  return only && others.length === 0 ? only : "An operation name is required";
}

/** The names of the fields at the root of an operation, as far as they are not in fragments. */
export function rootFields(operation: OperationDefinitionNode): readonly string[] {
  return operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}
