import { makeErrorResult, type Operation, type OperationResult } from "@urql/core";
import { AbortedError } from "../errors/connection-errors.js";
import { callOf } from "./call.js";

/**
 * Sends an operation and resolves to its result.
 *
 * @remarks
 * It does not reject: a failure is the result's error, and so is an abort. Nothing is sent after an abort.
 */
export type Send = (operation: Operation, signal?: AbortSignal) => Promise<OperationResult>;

/** The result of an operation whose signal aborted. */
export function abortedResult(operation: Operation): OperationResult {
  const { certainty } = callOf(operation);
  return makeErrorResult(operation, new AbortedError("The call was aborted", { certainty }));
}
