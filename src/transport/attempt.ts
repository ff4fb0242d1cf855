import { makeErrorResult, makeResult, type Operation, type OperationResult } from "@urql/core";
import { operationOf } from "../document.js";
import { AbortedError, TimeoutError } from "../errors/connection-errors.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { isUsageBillingError } from "../errors/is-usage-billing-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
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
 * It aborts the controller itself when time is up.
 */
export type Attempt = (
  operation: Operation,
  controller: AbortController,
) => Promise<OperationResult>;

/** Attempts to send operations to one shop's Admin API: one POST, no cache, no redirect followed. */
export function attempting({ endpoint, tokens, fetch, timeout }: AttemptOptions): Attempt {
  return async (operation, controller) => {
    const call = callOf(operation);
    const token = tokens.latest;
    const within = call.settings.timeout ?? timeout ?? 10_000;
    let takeBack = (): void => undefined;
    let isTimedOut = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let result: OperationResult;
    try {
      const body = operationOf(operation.query).body(operation.variables);
      if (controller.signal.aborted) throw new AbortedError("The call was aborted");
      // From here to `fetch` nothing may wait: this is where the call's certainty is decided.
      takeBack = call.handOver();
      call.attempts += 1;
      const answer = request(
        fetch ?? globalThis.fetch,
        endpoint,
        token,
        body,
        controller.signal,
        call,
      );
      timer = setTimeout(() => {
        isTimedOut = true;
        controller.abort();
      }, within);
      result = makeResult(operation, await unlessAborted(answer, controller.signal));
    } catch (error) {
      const failure = failureFrom(error, call, token, {
        isTimedOut,
        isAborted: controller.signal.aborted,
        within,
      });
      result = makeErrorResult(operation, failure);
    } finally {
      clearTimeout(timer);
    }
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

/** Why there is no answer, or none that says what was asked. */
function failureFrom(
  error: unknown,
  { head }: Call,
  token: string,
  end: { readonly isTimedOut: boolean; readonly isAborted: boolean; readonly within: number },
): UsageBillingError {
  if (isUsageBillingError(error)) return error;
  const facts = { certainty: "unknown", status: head?.status, requestId: head?.requestId } as const;
  if (end.isAborted && !end.isTimedOut) return new AbortedError("The call was aborted", facts);
  // A failure's status says what happened, even if its body broke off or never ended.
  if (head && head.status >= 400) return httpFailure(head, null);
  if (end.isTimedOut) {
    return new TimeoutError(`No complete answer came within ${end.within} ms`, facts);
  }
  return connectionFailure(error, head, token);
}
