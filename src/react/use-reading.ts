"use client";

import { createRequest, type AnyVariables } from "@urql/core";
import { useCallback, useMemo, useState } from "react";
import { useQuery } from "urql";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { readErrorOf, toReadError, type ReadError } from "./read-error.js";
import type { Reading } from "./reading.js";

/** What to read, and how to interpret the response. */
export interface ReadingRequest<Data, Variables extends AnyVariables, Value> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** Must be the same object between renders as long as nothing in it changes. */
  readonly variables: Variables;
  /** Whether to wait because the variables are not known yet. */
  readonly pause?: boolean;
  /**
   * Extracts the value from a response; `null` if the shop has no usage plan. Must be the same
   * function between renders.
   */
  readonly read: (data: Data) => Value | null;
}

/** The value of a response, or the error. */
interface Outcome<Value> {
  readonly error: ReadError | null;
  /** The last value read, beside an error. */
  readonly value: Value | null;
}

/** Reads one document through urql, and keeps the last value if reading it again fails. */
export function useReading<Data, Variables extends AnyVariables, Value>({
  document,
  variables,
  pause = false,
  read,
}: ReadingRequest<Data, Variables, Value>): Reading<Value> {
  const { key } = useMemo(() => createRequest(document, variables), [document, variables]);
  const [result, execute] = useQuery({ query: document, variables, pause });
  const { data, error, extensions, operation, fetching, stale } = result;

  const answered = useMemo((): Outcome<Value> | null => {
    // urql keeps returning the result for the old variables until that for the new ones arrives.
    if (pause || operation?.key !== key || (data === undefined && !error)) return null;
    try {
      const failure = readErrorOf({
        operation,
        data,
        ...(error && { error }),
        ...(extensions && { extensions }),
        stale: false,
        hasNext: false,
      });
      if (failure) return { error: failure, value: null };
      if (data === undefined) throw new InvalidResponseError("The response has no data");
      return { error: null, value: read(data) };
    } catch (cause) {
      return { error: toReadError(cause), value: null };
    }
  }, [pause, key, operation, data, error, extensions, read]);

  // The outcome stays during a refresh, and the last value stays beside an error.
  const [last, setLast] = useState<{
    readonly key: number;
    readonly answered: Outcome<Value>;
    readonly outcome: Outcome<Value>;
  }>();
  const before = last?.key === key ? last : undefined;
  let outcome = before?.outcome ?? null;
  if (answered && answered !== before?.answered) {
    outcome = answered.error ? { ...answered, value: before?.outcome.value ?? null } : answered;
    setLast({ key, answered, outcome });
  }

  const refresh = useCallback(() => {
    if (!pause) execute({ requestPolicy: "network-only" });
  }, [pause, execute]);

  return useMemo((): Reading<Value> => {
    if (!outcome) {
      return { status: "loading", data: null, error: null, refreshing: false, refresh };
    }
    const refreshing = fetching || stale;
    if (outcome.error) {
      const { value, error } = outcome;
      return { status: "error", data: value, error, refreshing, refresh };
    }
    return outcome.value === null
      ? { status: "noPlan", data: null, error: null, refreshing, refresh }
      : { status: "ready", data: outcome.value, error: null, refreshing, refresh };
  }, [outcome, fetching, stale, refresh]);
}
