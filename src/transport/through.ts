import { makeErrorResult, type Client, type OperationResult } from "@urql/core";
import { onAbort } from "../abort.js";
import { TimeoutError } from "../errors/connection-errors.js";
import { isUsageBillingError } from "../errors/is-usage-billing-error.js";
import { callOf } from "./call.js";
import { abortedResult, type Send } from "./send.js";

/** Sends operations through a urql client, with any exchanges. */
export function through(client: Client): Send {
  return (operation, signal) =>
    new Promise((resolve) => {
      // The app's `onEvent` may just have aborted it.
      if (signal?.aborted) {
        resolve(abortedResult(operation));
        return;
      }
      const call = callOf(operation);
      const { timeout } = call.settings;
      call.dispatches += 1;
      call.disclosed = false;
      // The app's own exchanges may send it in any way. `adminExchange` counts its attempts itself.
      const takeBack = call.handOver();
      let isSettled = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let unsubscribe = (): void => undefined;
      const settle = (result: OperationResult): void => {
        isSettled = true;
        clearTimeout(timer);
        release();
        unsubscribe();
        resolve(result);
      };
      const breakOff = (result: OperationResult): void => {
        // Unsubscribing tears down queries only: urql lets mutations run to their end.
        if (operation.kind === "mutation") {
          client.reexecuteOperation({ ...operation, kind: "teardown" });
        }
        settle(result);
      };
      const release = onAbort(signal, () => breakOff(abortedResult(operation)));
      try {
        ({ unsubscribe } = client.executeRequestOperation(operation).subscribe((result) => {
          if (result.stale || result.hasNext) return;
          // An error that is not ours is not from `adminExchange`: the app's exchanges sent it another way.
          const cause = result.error?.networkError;
          if (cause && !isUsageBillingError(cause)) call.disclosed = false;
          if (call.disclosed) takeBack();
          settle(result);
        }));
        if (isSettled) unsubscribe(); // It was settled before there was anything to unsubscribe.
      } catch (error) {
        settle(makeErrorResult(operation, error as Error)); // whatever the app's exchanges throw
      }
      // `adminExchange` times its attempts itself. Other exchanges may never answer.
      if (timeout === undefined || isSettled || call.disclosed) return;
      timer = setTimeout(() => {
        const message = `No complete response came within ${timeout} ms`;
        breakOff(makeErrorResult(operation, new TimeoutError(message, { certainty: "unknown" })));
      }, timeout);
    });
}
