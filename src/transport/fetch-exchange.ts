import {
  getOperationName,
  makeErrorResult,
  stringifyDocument,
  type Exchange,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { filter, makeSubject, merge, pipe } from "wonka";
import { onAbort } from "../abort.js";
import { AuthenticationError } from "../errors/access-errors.js";
import { AbortedError, NetworkError, TimeoutError } from "../errors/connection-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { UsageBillingError, withCallFacts } from "../errors/usage-billing-error.js";
import { askForToken, type AccessToken } from "./access-token.js";
import { readAnswer, readHead } from "./answer.js";
import { callOf, type AnswerHead, type Call } from "./call.js";
import { neverConnected } from "./connection-failure.js";
import { emit, type EventListener } from "./events.js";
import { failureOf } from "./failure.js";
import { httpFailure } from "./http-failure.js";
import type { Layer } from "./pipeline.js";
import { redact, redactCause } from "./redact.js";

/** What the fetch exchange needs to reach one shop's Admin API. */
export interface FetchExchangeOptions {
  /** The full URL of the shop's GraphQL endpoint. Only it ever receives the token. */
  readonly endpoint: string;
  /** The API version that the endpoint names, to notice that another was served; null for none. */
  readonly apiVersion?: string | null | undefined;
  readonly accessToken: AccessToken;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds that one attempt may take. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  readonly onEvent?: EventListener | undefined;
}

/** The JSON of a request up to its variables, printed once per document. */
const printed = new WeakMap<Operation["query"], string>();

function bodyOf({ query, variables }: Operation): string {
  let head = printed.get(query);
  if (head === undefined) {
    const operationName = getOperationName(query);
    const fields = { query: stringifyDocument(query), ...(operationName && { operationName }) };
    head = JSON.stringify(fields).slice(0, -1);
    printed.set(query, head);
  }
  try {
    return `${head},"variables":${JSON.stringify(variables ?? {})}}`;
  } catch (cause) {
    throw new InvalidInputError("variables", `is no JSON (${String(cause)})`, "give JSON values");
  }
}

/** Waits for work no longer than a signal allows, also where the work does not heed it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => reject(signal.reason as Error)); // as `abort` gave it
    work.then(resolve, reject).finally(release);
  });
}

/** Sends one shop's operations; made once per client. */
class Sender {
  readonly #options: FetchExchangeOptions;
  readonly #timeout: number;
  /** What was told already: the version served, and deprecation reasons. */
  readonly #told = new Set<string>();

  constructor(options: FetchExchangeOptions) {
    this.#options = options;
    this.#timeout = options.timeout ?? 10_000;
  }

  /** Sends an operation; a token function whose token was refused is asked once more. */
  async send(operation: Operation, controller: AbortController): Promise<OperationResult> {
    const { accessToken } = this.#options;
    if (typeof accessToken === "string") return this.#attempt(operation, controller, accessToken);
    let refused: OperationResult | null = null;
    let last: string | null = null;
    for (;;) {
      let token: string;
      try {
        token = await askForToken(accessToken);
      } catch (cause) {
        return makeErrorResult(
          operation,
          new AuthenticationError("The accessToken function failed", {
            certainty: "notApplied",
            cause: last === null ? cause : redactCause(cause, last),
          }),
        );
      }
      if (refused && token === last) return refused;
      // Checked here, as not every `fetch` refuses a signal that aborted before.
      if (controller.signal.aborted) {
        const aborted = new AbortedError("The call was aborted", { certainty: "notApplied" });
        return makeErrorResult(operation, aborted);
      }
      const result = await this.#attempt(operation, controller, token);
      if (refused || !(result.error?.networkError instanceof AuthenticationError)) return result;
      refused = result;
      last = token;
    }
  }

  /** One request and its answer, told to the listener. */
  async #attempt(
    operation: Operation,
    controller: AbortController,
    token: string,
  ): Promise<OperationResult> {
    const { onEvent } = this.#options;
    const call = callOf(operation);
    const start = performance.now();
    call.begin(start);
    const about = onEvent && {
      operationName: getOperationName(operation.query) ?? null,
      idempotencyKey: call.idempotencyKey,
      attempt: call.attempts,
    };
    if (about) emit(onEvent, { type: "request", ...about });
    const result = await this.#exchange(operation, call, controller, token);
    const error = failureOf(result);
    call.end(error && error.certainty);
    if (error) {
      const { certainty } = error;
      const { idempotencyKey, attempts } = call;
      withCallFacts(error, { certainty, idempotencyKey, attempts });
    }
    if (about) {
      emit(onEvent, {
        type: "response",
        ...about,
        status: error?.status ?? call.head?.status ?? null,
        requestId: error?.requestId ?? call.head?.requestId ?? null,
        duration: performance.now() - start,
        error,
      });
    }
    return result;
  }

  async #exchange(
    operation: Operation,
    call: Call,
    controller: AbortController,
    token: string,
  ): Promise<OperationResult> {
    const certainty = operation.kind === "query" ? "notApplied" : "unknown";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      controller.abort();
    }, this.#timeout);
    try {
      return await orAborted(
        this.#request(operation, call, controller.signal, token),
        controller.signal,
      );
    } catch (cause) {
      if (cause instanceof UsageBillingError) return makeErrorResult(operation, cause);
      const { head } = call;
      const facts = { certainty, status: head?.status, requestId: head?.requestId } as const;
      if (controller.signal.aborted && !timedOut) {
        return makeErrorResult(operation, new AbortedError("The call was aborted", facts));
      }
      // A failure's status says what happened, though its body broke off or never ended.
      if (head && head.status >= 400) {
        const { status, requestId, retryAfter } = head;
        const failure = httpFailure({ status, requestId, retryAfter, body: null });
        return makeErrorResult(operation, failure);
      }
      if (timedOut) {
        const problem = `No complete answer came within ${this.#timeout} ms`;
        return makeErrorResult(operation, new TimeoutError(problem, facts));
      }
      return makeErrorResult(
        operation,
        new NetworkError(
          head ? "The connection broke within the answer" : "The connection to Shopify failed",
          {
            ...facts,
            certainty: head || !neverConnected(cause) ? certainty : "notApplied",
            cause: redactCause(cause, token),
          },
        ),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends the request and reads the answer. */
  async #request(
    operation: Operation,
    call: Call,
    signal: AbortSignal,
    token: string,
  ): Promise<OperationResult> {
    const response = await (this.#options.fetch ?? fetch)(this.#options.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-shopify-access-token": token,
      },
      body: bodyOf(operation),
      redirect: "manual",
      signal,
    });
    if (signal.aborted) {
      response.body?.cancel().catch(() => undefined); // Too late: nobody waits for it.
      throw signal.reason;
    }
    const head = readHead(response, token);
    call.head = head;
    this.#watchVersion(head, response.headers, token);
    return readAnswer(operation, response, head, token);
  }

  /** Tells what the head says of API versions. */
  #watchVersion({ servedVersion: served }: AnswerHead, headers: Headers, token: string): void {
    const { onEvent, apiVersion: requested = null } = this.#options;
    if (!onEvent) return;
    if (requested !== null && served !== null && served !== requested) {
      this.#tell(served, { type: "versionDrift", requested, served });
    }
    const reason = headers.get("x-shopify-api-deprecated-reason");
    if (reason !== null) {
      this.#tell(reason, { type: "deprecation", requested, reason: redact(reason, token) });
    }
  }

  #tell(once: string, event: Parameters<EventListener>[0]): void {
    if (this.#told.has(once) || this.#told.size >= 100) return;
    this.#told.add(once);
    emit(this.#options.onEvent, event);
  }
}

/** Sends queries and mutations; everything else goes on to the next exchange. */
export function sending(options: FetchExchangeOptions): Layer {
  const sender = new Sender(options);
  return (forward) => (operations$) => {
    const { source: results$, next } = makeSubject<OperationResult>();
    const running = new Map<number, AbortController>();
    const start = async (operation: Operation): Promise<void> => {
      const controller = new AbortController();
      running.set(operation.key, controller);
      const result = await sender.send(operation, controller);
      if (running.get(operation.key) !== controller) return; // Torn down, or sent anew.
      running.delete(operation.key);
      next(result);
    };
    const others$ = filter((operation: Operation) => {
      if (operation.kind === "query" || operation.kind === "mutation") {
        void start(operation);
        return false;
      }
      if (operation.kind === "teardown") {
        running.get(operation.key)?.abort();
        running.delete(operation.key);
      }
      return true;
    });
    return merge([results$, forward(pipe(operations$, others$))]);
  };
}

/**
 * The terminal exchange: sends operations to one shop's Admin API by POST.
 *
 * @remarks
 * It replaces urql's own, which hides the headers of successes and the bodies of failures,
 * sends queries by GET and follows redirects with the token. No cache, one attempt; a failed
 * one is an error with `networkError` of a `UsageBillingError`.
 *
 * @example
 * ```ts
 * new Client({
 *   url: endpoint,
 *   exchanges: [retryExchange(), pacingExchange(), fetchExchange({ endpoint, accessToken })],
 * });
 * ```
 */
export function fetchExchange(options: FetchExchangeOptions): Exchange {
  const layer = sending(options);
  return ({ forward }) => layer(forward);
}
