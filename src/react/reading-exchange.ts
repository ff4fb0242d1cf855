import { makeErrorResult, type Exchange, type Operation } from "@urql/core";
import { filter, map, merge, pipe, share } from "wonka";
import { InvalidInputError } from "../errors/invalid-input-error.js";

function mayPass({ kind }: Operation): boolean {
  return kind === "query" || kind === "teardown";
}

/**
 * Lets queries through and answers everything else with an error, so that nothing is charged from a browser.
 *
 * @remarks
 * What a browser says can be forged: neither the price nor the fact of a charge may come from there.
 * It goes before the exchange that sends.
 */
export const readingExchange: Exchange =
  ({ forward }) =>
  (operations$) => {
    const shared$ = share(operations$);
    const refused$ = pipe(
      shared$,
      filter((operation) => !mayPass(operation)),
      map((operation) =>
        makeErrorResult(
          operation,
          new InvalidInputError(
            "document",
            `is a ${operation.kind}`,
            "charge from the app's server",
          ),
        ),
      ),
    );
    return merge([refused$, pipe(shared$, filter(mayPass), forward)]);
  };
