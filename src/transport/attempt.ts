import { makeErrorResult, makeResult, type Operation, type OperationResult } from "@urql/core";
import { operationOf } from "../document.js";
import { AbortedError, TimeoutError } from "../errors/connection-errors.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { isUsageBillingError } from "../errors/is-usage-billing-error.js";
import type { AnswerFacts, UsageBillingError } from "../errors/usage-billing-error.js";
import { packageVersion } from "../package-version.js";
import type { TokenSource } from "./access-token.js";
import { isRedirect, isSuccess, keptBody, longestBody, readAnswer, readHead } from "./answer.js";
import { discard, readBounded } from "./body.js";
import { callOf, type Call } from "./call.js";
import { connectionFailure } from "./connection-failure.js";
import { failureOf } from "./failure.js";
import { httpFailure, redirectFailure } from "./http-failure.js";

/**
 * Who sends, for Shopify's logs and an app's proxies.
 *
 * @remarks
 * Not in browsers, which have one of their own and would ask the server before each request with another.
 */
const userAgent =
  "document" in globalThis || "importScripts" in globalThis
    ? {}
    : { "user-agent": `shopify-usage-billing/${packageVersion}` };

/** What an attempt needs to reach one shop's Admin API. */
export interface AttemptOptions {
  /** The full URL of the shop's GraphQL endpoint. Nothing else ever receives the token. */
  readonly endpoint: string;
  readonly tokens: TokenSource;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds that one attempt may take. @defaultValue 10000 */
  readonly timeout?: number | undefined;
}

/**
 * Sends an operation once, until the controller is aborted. It does not reject: a failure is the result's error.
 *
 * @remarks
 * When time is up it aborts the controller itself, with the failure as the reason.
 */
export type Attempt = (
  operation: Operation,
  controller: AbortController,
) => Promise<OperationResult>;

/** Attempts to send operations to one shop's Admin API: one POST, no cache, no redirect followed. */
export function attempting({ endpoint, tokens, fetch, timeout }: AttemptOptions): Attempt {
  return async (operation, controller) => {
    const { signal } = controller;
    const call = callOf(operation);
    const token = tokens.latest;
    const within = call.settings.timeout ?? timeout ?? 10_000;
    let takeBack = (): void => undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let result: OperationResult;
    try {
      const body = operationOf(operation.query).body(operation.variables);
      if (signal.aborted) throw new AbortedError("The call was aborted");
      // From here to `fetch` nothing may wait: this is where the call's certainty is decided.
      takeBack = call.handOver();
      call.attempts += 1;
      const answer = request(fetch ?? globalThis.fetch, endpoint, token, body, signal, call);
      timer = setTimeout(() => {
        const message = `No complete answer came within ${within} ms`;
        controller.abort(new TimeoutError(message, factsOf(call)));
      }, within);
      result = makeResult(operation, await unlessAborted(answer, signal));
    } catch (error) {
      result = makeErrorResult(operation, failureFrom(error, call, token, signal));
    }
    clearTimeout(timer);
    if (failureOf(result)?.certainty === "notApplied") takeBack();
    return result;
  };
}

/** Sends the request and reads the answer. */
async function request(
  fetch: typeof globalThis.fetch,
  endpoint: string,
  token: string,
  body: string,
  signal: AbortSignal,
  call: Call,
): Promise<ReturnType<typeof readAnswer>> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "x-shopify-access-token": token,
      ...userAgent,
    },
    body,
    redirect: "manual",
    signal,
  });
  if (signal.aborted) {
    discard(response); // Nothing waits for it.
    throw signal.reason;
  }
  if (typeof response?.status !== "number" || typeof response.headers?.get !== "function") {
    throw new InvalidResponseError("fetch must resolve to a Response", { certainty: "unknown" });
  }
  const head = readHead(response, token);
  call.head = head;
  if (isRedirect(response)) {
    discard(response);
    throw redirectFailure(head);
  }
  const text = await readBounded(response, longestBody(head), signal);
  if (signal.aborted) throw signal.reason;
  call.body = () => keptBody(text, token);
  if (!isSuccess(head)) throw httpFailure(head, keptBody(text, token));
  return readAnswer(head, text, token);
}

/** Settles as the work does, or rejects when the attempt is aborted, even if `fetch` ignores the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error); // whatever it was aborted with
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject);
  });
}

/** What is known of an attempt that has no complete answer. */
function factsOf({ head }: Call): AnswerFacts {
  return { certainty: "unknown", status: head?.status, requestId: head?.requestId };
}

/** Why there is no answer, or none that says what was asked. */
function failureFrom(
  error: unknown,
  call: Call,
  token: string,
  { aborted, reason }: AbortSignal,
): UsageBillingError {
  if (isUsageBillingError(error) && error !== reason) return error;
  const isTimedOut = reason instanceof TimeoutError;
  if (aborted && !isTimedOut) return new AbortedError("The call was aborted", factsOf(call));
  // A failure's status says what happened, even if its body broke off or never ended.
  const { head } = call;
  if (head && head.status >= 400) return httpFailure(head, null);
  return isTimedOut ? reason : connectionFailure(error, head, token);
}
