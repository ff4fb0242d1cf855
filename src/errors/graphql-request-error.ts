import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** One entry of a GraphQL answer's `errors`. */
export interface GraphQLErrorEntry {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** GraphQL refused the request or part of it: validation, a bad variable, `MAX_COST_EXCEEDED`, and the like. */
export class GraphQLRequestError extends UsageBillingError {
  override readonly name = "GraphQLRequestError" as const;
  /** The answer's `errors`, as Shopify gave them. */
  readonly errors: readonly GraphQLErrorEntry[];

  constructor(message: string, options: AnswerFacts & { errors: readonly GraphQLErrorEntry[] }) {
    super(message, options);
    this.errors = options.errors;
  }
}
