import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** One entry of a GraphQL response's `errors`. */
export interface GraphQLErrorEntry {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The response has GraphQL errors: validation, an invalid variable, `MAX_COST_EXCEEDED`, or an error of a resolver.
 *
 * @remarks
 * It is not {@link retryable}, not even if its certainty is `"unknown"`: the same request gets the
 * same error. To settle an unknown outcome, look with `findUsageRecord`.
 */
export class GraphQLRequestError extends UsageBillingError {
  override readonly name = "GraphQLRequestError" as const;
  /** The response's `errors`, as Shopify sent them. */
  readonly errors: readonly GraphQLErrorEntry[];

  constructor(message: string, options: AnswerFacts & { errors: readonly GraphQLErrorEntry[] }) {
    super(message, options);
    this.errors = options.errors;
  }
}
