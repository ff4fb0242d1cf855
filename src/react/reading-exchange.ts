import { makeErrorResult, type Exchange, type Operation } from "@urql/core";
import { filter, map, merge, pipe, share } from "wonka";
import { InvalidInputError } from "../errors/invalid-input-error.js";

function mayPass({ kind }: Operation): boolean {
  return kind === "query" || kind === "teardown";
}

/**
 * Lets queries through and fails everything else, so that nothing is charged from a browser.
 *
 * @remarks
 * What a browser sends can be forged: neither a charge nor its price may come from there. Place it
 * before the exchange that sends.
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
