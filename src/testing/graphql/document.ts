import {
  GraphQLError,
  Kind,
  Lexer,
  NoDeprecatedCustomRule,
  parse,
  ProvidedRequiredArgumentsRule,
  Source,
  specifiedRules,
  TokenKind,
  validate,
  ValuesOfCorrectTypeRule,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { asSyntaxError, asValidationError } from "./graphql-error.js";
import { literalsRule } from "./literals.js";

/** A document that was parsed and validated. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly operations: readonly OperationDefinitionNode[];
  /** In Shopify's words. Empty if the document is valid. */
  readonly errors: readonly GraphQLFormattedError[];
  /** Whether it uses anything deprecated. */
  readonly deprecated: boolean;
}

const MOST_DOCUMENTS = 500;
/** Deeper documents are refused: what reads them calls itself. That Shopify has a limit, too, is a choice. */
const DEEPEST = 100;
/** Longer documents are refused, so that none keeps the simulator busy. */
const MOST_TOKENS = 20_000;
const UNPREPARED = {
  document: { kind: Kind.DOCUMENT, definitions: [] },
  operations: [],
  deprecated: false,
} satisfies Partial<PreparedDocument>;

const RULES = [
  ...specifiedRules.filter(
    (rule) => rule !== ValuesOfCorrectTypeRule && rule !== ProvidedRequiredArgumentsRule,
  ),
  literalsRule,
];

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
      const depth = depthOf(text);
      if (depth > DEEPEST) {
        const message = `Query has depth of ${depth}, which exceeds max depth of ${DEEPEST}`;
        return { ...UNPREPARED, errors: [{ message }] };
      }
      document = parse(text, { maxTokens: MOST_TOKENS });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return { ...UNPREPARED, errors: [asSyntaxError(error)] };
    }
    const errors = validate(this.#schema, document, RULES).map((error) =>
      asValidationError(document, error),
    );
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

/** How deep braces, brackets and parentheses are nested, counted without a call of its own for each. */
function depthOf(text: string): number {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  let deepest = 0;
  let tokens = 0;
  for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
    if (OPENING.has(kind)) depth++;
    if (CLOSING.has(kind)) depth--;
    deepest = Math.max(deepest, depth);
    if (++tokens > MOST_TOKENS) break;
  }
  return deepest;
}

const OPENING: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);
const CLOSING: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);

/** Returns the operation that a request means, or a message in Shopify's words if that is not clear. */
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
