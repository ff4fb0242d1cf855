import { type Exchange, type Operation, type OperationResult } from "@urql/core";
import { filter, makeSubject, merge, pipe } from "wonka";
import { TokenSource, withToken, type AccessToken } from "./access-token.js";
import { attempting, type Attempt } from "./attempt.js";
import { callOf, carryingCall } from "./call.js";

/** A terminal exchange that sends each query and mutation by an attempt, until it is torn down. */
export function terminal(attempt: Attempt): Exchange {
  return ({ forward }) =>
    (operations$) => {
      const { source: results$, next } = makeSubject<OperationResult>();
      const running = new Map<number, AbortController>();

      const start = async (dispatched: Operation): Promise<void> => {
        const operation = carryingCall(dispatched);
        const { key } = operation;
        callOf(operation).disclosed = true;
        running.get(key)?.abort(); // Dispatched again: it replaces the first.
        const controller = new AbortController();
        running.set(key, controller);
        const result = await attempt(operation, controller);
        if (running.get(key) !== controller) return; // Torn down, or dispatched again.
        running.delete(key);
        next(result);
      };

      const others$ = pipe(
        operations$,
        filter((operation) => {
          const { kind, key } = operation;
          if (kind === "query" || kind === "mutation") {
            void start(operation);
            return false;
          }
          if (kind === "teardown") {
            running.get(key)?.abort();
            running.delete(key);
          }
          return true;
        }),
      );
      return merge([results$, forward(others$)]);
    };
}

/** What `adminExchange` needs. */
export interface AdminExchangeOptions {
  /** The full URL of the shop's GraphQL endpoint, with its API version. Nothing else ever receives the token. */
  readonly endpoint: string;
  readonly accessToken: AccessToken;
  /** An implementation of `fetch`, which must not retry by itself. @defaultValue the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds that one attempt may take, and the token function, too. @defaultValue 10000 */
  readonly timeout?: number | undefined;
}

/**
 * The terminal exchange for one shop's Admin API, to put last in an app's own urql client.
 *
 * @remarks
 * It sends each operation once, by POST, and follows no redirect. urql's own hides the headers of
 * successes and the bodies of failures, sends queries by GET and follows redirects with the token.
 * A failure's `networkError` is a `UsageBillingError`.
 *
 * @example
 * ```ts
 * const client = new Client({ url: endpoint, exchanges: [adminExchange({ endpoint, accessToken })] });
 * const billing = createUsageBillingClient({ client });
 * ```
 */
export function adminExchange({ accessToken, ...options }: AdminExchangeOptions): Exchange {
  const tokens = new TokenSource(accessToken, options.timeout);
  const attempt = attempting({ ...options, tokens });
  if (!tokens.isFunction) return terminal(attempt);
  return terminal((operation, controller) =>
    withToken(tokens, operation, controller.signal, () => attempt(operation, controller)),
  );
}
