import { parse } from "@0no-co/graphql.web";
import type { DocumentTypeDecoration, TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { DocumentNode } from "graphql/language/ast.js";
import { InvalidInputError } from "./errors/invalid-input-error.js";

/**
 * GraphQL as text: a string, such as one that begins with `#graphql`, or the `TypedDocumentString`
 * that GraphQL Code Generator makes, which carries its types.
 */
export interface DocumentText<Data, Variables> extends DocumentTypeDecoration<Data, Variables> {
  readonly length: number;
  toString(): string;
}

/** One operation: a document node, or text. A plain string is untyped: its data is `unknown`. */
export type AnyDocument<Data, Variables> =
  TypedDocumentNode<Data, Variables> | DocumentText<Data, Variables>;

/** How many texts are cached. An app has a few, unless it builds them from values. */
const REMEMBERED_TEXTS = 100;
const parsed = new Map<string, DocumentNode>();

function isNode<Data, Variables>(
  document: AnyDocument<Data, Variables>,
): document is TypedDocumentNode<Data, Variables> {
  return typeof document === "object" && document !== null && "definitions" in document;
}

/** Whether it is a string, or an object that extends `String`, from any realm. */
function isText(document: unknown): boolean {
  return Object.prototype.toString.call(document) === "[object String]";
}

/** Returns the document node of an operation. @throws InvalidInputError if it is neither a node nor GraphQL text */
export function documentFrom<Data, Variables>(
  document: AnyDocument<Data, Variables>,
): TypedDocumentNode<Data, Variables> {
  if (isNode(document)) return document;
  if (!isText(document)) {
    throw new InvalidInputError(
      "document",
      "must be a document of GraphQL Code Generator or gql.tada, or GraphQL as a string",
    );
  }
  const text = document.toString();
  let node = parsed.get(text);
  if (!node) {
    try {
      node = parse(text, { noLocation: true }) as DocumentNode; // the same nodes, declared by another package
    } catch (cause) {
      throw new InvalidInputError(
        "document",
        `must be valid GraphQL: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
    if (parsed.size >= REMEMBERED_TEXTS) parsed.clear();
    parsed.set(text, node);
  }
  return node;
}
