"use client";

import { createRequest, type AnyVariables } from "@urql/core";
import { useCallback, useMemo, useState } from "react";
import { useQuery } from "urql";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { readErrorOf, toReadError, type ReadError } from "./read-error.js";
import type { Reading } from "./reading.js";

/** What to read, and how to understand the answer. */
export interface ReadingRequest<Data, Variables extends AnyVariables, Value> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** The same object from render to render, as long as nothing changes in it. */
  readonly variables: Variables;
  /** Is it too early to ask, because the variables are not known yet? */
  readonly pause?: boolean;
  /** What an answer says, null where the shop has no usage plan. The same function from render to render. */
  readonly read: (data: Data) => Value | null;
}

/** An answer that was understood, or why there is none. */
interface Outcome<Value> {
  readonly error: ReadError | null;
  /** Beside an error: what was read before. */
  readonly value: Value | null;
}

/** Reads one document through urql, and keeps what was read when reading it anew fails. */
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
    // urql goes on giving the answer to other variables until the one to these comes.
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
      if (data === undefined) throw new InvalidResponseError("The answer has no data");
      return { error: null, value: read(data) };
    } catch (cause) {
      return { error: toReadError(cause), value: null };
    }
  }, [pause, key, operation, data, error, extensions, read]);

  // The outcome stays while it is asked for again, and what was read stays beside an error.
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
