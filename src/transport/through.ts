import { makeErrorResult, type Client, type OperationResult } from "@urql/core";
import { onAbort } from "../abort.js";
import { isUsageBillingError } from "../errors/is-usage-billing-error.js";
import { callOf } from "./call.js";
import { abortedResult, type Send } from "./send.js";

/** Sends operations through a urql client, whatever its exchanges are. */
export function through(client: Client): Send {
  return (operation, signal) =>
    new Promise((resolve) => {
      // A listener of the app's may have aborted it a moment ago: nothing may be sent any more.
      if (signal?.aborted) {
        resolve(abortedResult(operation));
        return;
      }
      const call = callOf(operation);
      call.dispatches += 1;
      call.disclosed = false;
      // The app's own exchanges may send it in any way; `adminExchange` keeps account of its attempts itself.
      const takeBack = call.handOver();
      let isSettled = false;
      let unsubscribe = (): void => undefined;
      const settle = (result: OperationResult): void => {
        isSettled = true;
        release();
        unsubscribe();
        resolve(result);
      };
      const release = onAbort(signal, () => {
        // Unsubscribing tears down queries only: urql lets mutations run to their end.
        if (operation.kind === "mutation") {
          client.reexecuteOperation({ ...operation, kind: "teardown" });
        }
        settle(abortedResult(operation));
      });
      try {
        ({ unsubscribe } = client.executeRequestOperation(operation).subscribe((result) => {
          if (result.stale || result.hasNext) return;
          // Not ours, and so not from `adminExchange`: an exchange of the app's sent it another way.
          const cause = result.error?.networkError;
          if (cause && !isUsageBillingError(cause)) call.disclosed = false;
          if (call.disclosed) takeBack();
          settle(result);
        }));
        if (isSettled) unsubscribe(); // It was settled before there was anything to unsubscribe.
      } catch (error) {
        settle(makeErrorResult(operation, error as Error)); // whatever the app's exchanges throw
      }
    });
}
