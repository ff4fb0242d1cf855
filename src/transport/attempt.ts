import {
  makeErrorResult,
  makeResult,
  type ExecutionResult,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { operationOf } from "../document.js";
import { TimeoutError } from "../errors/connection-errors.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { isUsageBillingError } from "../errors/is-usage-billing-error.js";
import {
  hasEndedCall,
  type AnswerFacts,
  type UsageBillingError,
} from "../errors/usage-billing-error.js";
import { packageVersion } from "../package-version.js";
import type { TokenSource } from "./access-token.js";
import { isRedirect, isSuccess, keptBody, longestBody, readAnswer, readHead } from "./answer.js";
import { discard, readBounded } from "./body.js";
import { callOf, type Call } from "./call.js";
import { connectionFailure } from "./connection-failure.js";
import { failureOf } from "./failure.js";
import { httpFailure, redirectFailure } from "./http-failure.js";
import { abortedResult } from "./send.js";

/**
 * Names this package in Shopify's logs and an app's proxies.
 *
 * @remarks
 * Not in browsers: they send their own, and another one would cause a CORS preflight for each request.
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
 * Sends an operation once. It does not reject: a failure is the result's error.
 *
 * @remarks
 * It aborts the controller itself when time is up. Nothing waits for the result of an aborted attempt.
 */
export type Attempt = (
  operation: Operation,
  controller: AbortController,
) => Promise<OperationResult>;

/** Creates the function that sends operations to one shop's Admin API: one POST, and no redirect is followed. */
export function attempting({ endpoint, tokens, fetch, timeout }: AttemptOptions): Attempt {
  return async (operation, controller) => {
    const { signal } = controller;
    const call = callOf(operation);
    const token = tokens.latest;
    let takeBack = (): void => undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let result: OperationResult;
    try {
      const body = operationOf(operation.query).body(operation.variables);
      if (signal.aborted) return abortedResult(operation);
      // No `await` from here to `fetch`: an abort in between would make the certainty wrong.
      takeBack = call.handOver();
      call.attempts += 1;
      const answer = request(fetch ?? globalThis.fetch, endpoint, token, body, signal, call);
      const within = call.settings.timeout ?? timeout ?? 10_000;
      const inTime = new Promise<ExecutionResult>((resolve, reject) => {
        timer = setTimeout(() => {
          const failure = brokenOff(call, (facts) => {
            return new TimeoutError(`No complete response came within ${within} ms`, facts);
          });
          controller.abort(failure);
          reject(failure); // Even if `fetch` ignores the signal.
        }, within);
        answer.then(resolve, reject);
      });
      result = makeResult(operation, await inTime);
    } catch (error) {
      // An app's own `fetch` may make calls of its own. How they ended says nothing about this one.
      const isOfAttempt = isUsageBillingError(error) && !hasEndedCall(error);
      result = makeErrorResult(
        operation,
        isOfAttempt ? error : brokenOff(call, () => connectionFailure(error, call.head, token)),
      );
    }
    clearTimeout(timer);
    if (!signal.aborted && failureOf(result)?.certainty === "notApplied") takeBack();
    return result;
  };
}

/** Sends the request and reads the response. */
async function request(
  fetch: typeof globalThis.fetch,
  endpoint: string,
  token: string,
  body: string,
  signal: AbortSignal,
  call: Call,
): Promise<ExecutionResult> {
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
    discard(response);
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

/** The failure of a response that broke off. An error status says enough, even without its body. */
function brokenOff(
  { head }: Call,
  otherwise: (facts: AnswerFacts) => UsageBillingError,
): UsageBillingError {
  return head && head.status >= 400
    ? httpFailure(head, null)
    : otherwise({ certainty: "unknown", status: head?.status, requestId: head?.requestId });
}
