import type { DocumentNode } from "graphql/language/ast.js";

/**
 * A GraphQL document with the types of its result and of its variables.
 *
 * @remarks
 * It is `TypedDocumentNode` of `@graphql-typed-document-node/core`, member for member, so that
 * each is taken where the other is asked for. It is written here over graphql's syntax tree alone:
 * that package's declarations make a compiler load all of graphql's.
 */
export interface TypedDocumentNode<Data, Variables> extends DocumentNode {
  /** Never there at run time: it carries the two types. */
  __apiType?: (variables: Variables) => Data;
}
