import type { Operation, OperationResult } from "@urql/core";

/**
 * Sends an operation and resolves to its result.
 *
 * @remarks
 * It does not reject: a failure is the result's error, and so is an abort. Once the signal has aborted,
 * nothing more is sent.
 */
export type Send = (operation: Operation, signal?: AbortSignal) => Promise<OperationResult>;
