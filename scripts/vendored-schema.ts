import {
  buildClientSchema,
  buildSchema,
  printSchema,
  type DocumentNode,
  type GraphQLSchema,
} from "graphql";
import { billingPart } from "./billing-part.js";
import type { Introspection } from "./introspection.js";
import {
  deprecatedOperations,
  InvalidOperationsError,
  invalidOperations,
  type OperationProblem,
} from "./operations.js";

/** Where a version's part is, from the repository's root. */
export function schemaFile(version: string): string {
  return `schema/${version}.graphql`;
}

/** A version's part, ready to be written. */
export interface VendoredSchema {
  /** The content of `schema/<version>.graphql`. */
  readonly sdl: string;
  /** What our operations use that this version deprecates. */
  readonly deprecated: readonly OperationProblem[];
  /** What is about apps and stays outside of the part: see {@link BillingPart}. */
  readonly leftOut: readonly string[];
}

/**
 * Cuts the part out of a full schema, and makes sure that it serves our operations.
 *
 * They are checked against the full schema first, which is what Shopify will check them against, and
 * then against the part as it will be read back, so that a gap in the part is found here.
 *
 * @throws InvalidOperationsError
 */
export function vendorSchema(
  version: string,
  { schema }: Introspection,
  operations: DocumentNode,
  previous?: GraphQLSchema,
): VendoredSchema {
  const full = buildClientSchema(schema);
  const invalid = invalidOperations(operations, full, previous);
  if (invalid.length > 0) throw new InvalidOperationsError(version, invalid);

  const part = billingPart(schema);
  const sdl = `${header(version)}\n${printSchema(part.schema)}\n`;
  const missing = invalidOperations(operations, buildSchema(sdl));
  if (missing.length > 0) throw new InvalidOperationsError(`our part of ${version}`, missing);

  return { sdl, deprecated: deprecatedOperations(operations, full), leftOut: part.leftOut };
}

function header(version: string): string {
  return [
    `# The usage-billing part of Shopify's GraphQL Admin API, version ${version}.`,
    "# Cut out of the full schema by `npm run add-version`, never edited; provenance.json names the source.",
    "",
  ].join("\n");
}
