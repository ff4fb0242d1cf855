import { makeErrorResult, type Client, type OperationResult } from "@urql/core";
import { onAbort } from "../abort.js";
import { AbortedError } from "../errors/connection-errors.js";
import { callOf } from "./call.js";
import type { Send } from "./send.js";

/** Sends operations through a urql client, whatever its exchanges are. */
export function through(client: Client): Send {
  return (operation, signal) =>
    new Promise((resolve) => {
      const call = callOf(operation);
      const aborted = (): OperationResult => {
        const { certainty } = call;
        return makeErrorResult(operation, new AbortedError("The call was aborted", { certainty }));
      };
      // A listener of the app's may have aborted it a moment ago: nothing may be sent any more.
      if (signal?.aborted) {
        resolve(aborted());
        return;
      }
      call.dispatches += 1;
      call.disclosed = false;
      // The app's own exchanges may send it in any way; `adminExchange` keeps account of its attempts itself.
      const takeBack = call.handOver();
      let isSettled = false;
      let release = (): void => undefined;
      const settle = (result: OperationResult): void => {
        isSettled = true;
        release();
        resolve(result);
      };
      const { unsubscribe } = client.executeRequestOperation(operation).subscribe((result) => {
        if (isSettled || result.stale || result.hasNext) return;
        if (call.disclosed) takeBack();
        settle(result);
        queueMicrotask(() => unsubscribe()); // The result may come before `unsubscribe` does.
      });
      const stop = (): void => {
        unsubscribe();
        // Unsubscribing tears down queries only: urql lets mutations run to their end.
        if (operation.kind === "mutation") {
          client.reexecuteOperation({ ...operation, kind: "teardown" });
        }
        settle(aborted());
      };
      if (isSettled) return;
      release = onAbort(signal, stop);
      if (signal?.aborted) stop(); // The app's `fetch` aborted it.
    });
}
