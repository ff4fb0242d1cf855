import { AccessTokenError, AuthenticationError } from "../errors/access-errors.js";
import { AbortedError, NetworkError, TimeoutError } from "../errors/connection-errors.js";
import { UsageBillingError, withCallFacts } from "../errors/usage-billing-error.js";
import { askForToken, type AccessToken } from "./access-token.js";
import { isRedirect, longestBody, readAnswer, readHead, redirected } from "./answer.js";
import { readBounded } from "./body.js";
import type { AnswerHead, Call } from "./call.js";
import { neverConnected } from "./connection-failure.js";
import { emit, type EventListener } from "./events.js";
import { httpFailure } from "./http-failure.js";
import { cancelled, failed, type Done, type Outcome, type Send } from "./layer.js";
import { redact, redactCause } from "./redact.js";

/** What sending needs to reach one shop's Admin API. */
export interface SendingOptions {
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

/** Why an attempt was ended from our side. */
type Interruption = "timeout" | "cancelled";

/** Sends one shop's calls; made once per client. */
class Sender {
  readonly #options: SendingOptions;
  readonly #timeout: number;
  /** What was told already: the version served, and deprecation reasons. */
  #told: Set<string> | undefined;

  constructor(options: SendingOptions) {
    this.#options = options;
    this.#timeout = options.timeout ?? 10_000;
  }

  /** Sends a call; a token function whose token was refused is asked once more. */
  send(call: Call, end: Done): void {
    const { accessToken } = this.#options;
    if (typeof accessToken === "string") this.#attempt(call, accessToken, end);
    else void this.#ask(accessToken, call).then(end);
  }

  async #ask(accessToken: () => string | Promise<string>, call: Call): Promise<Outcome> {
    let refused: Outcome | null = null;
    let last: string | null = null;
    for (;;) {
      // A token function that never answers must not keep a cancelled call under way.
      const stopped = new Promise<null>((resolve) => {
        call.stop = () => resolve(null);
      });
      let token: string | null;
      try {
        token = await Promise.race([askForToken(accessToken), stopped]);
      } catch (cause) {
        return failed(
          new AccessTokenError("The accessToken function failed", {
            certainty: "notApplied",
            cause: last === null ? cause : redactCause(cause, last),
          }),
        );
      }
      if (token === null || call.cancelled) return cancelled();
      if (refused && token === last) return refused;
      const sent = token;
      const outcome = await new Promise<Outcome>((done) => this.#attempt(call, sent, done));
      if (refused || !(outcome.failure instanceof AuthenticationError)) return outcome;
      refused = outcome;
      last = token;
    }
  }

  /**
   * One request and its answer, told to the listener.
   *
   * @remarks
   * It waits no longer than it may take, also where `fetch` does not heed its signal.
   */
  #attempt(call: Call, token: string, done: Done): void {
    const { onEvent } = this.#options;
    const start = performance.now();
    call.begin(start);
    const about = onEvent && {
      operationName: call.operation.name,
      idempotencyKey: call.idempotencyKey,
      attempt: call.attempts,
    };
    if (about) emit(onEvent, { type: "request", ...about });
    let ended = false;
    const end = (outcome: Outcome): void => {
      if (ended) return; // What comes later is nobody's: the call may be on its next attempt.
      ended = true;
      clearTimeout(timer);
      call.stop = null;
      const { failure } = outcome;
      call.end(failure && failure.certainty);
      if (failure) {
        const { idempotencyKey, attempts } = call;
        withCallFacts(failure, { certainty: failure.certainty, idempotencyKey, attempts });
      }
      if (about) {
        emit(onEvent, {
          type: "response",
          ...about,
          status: failure?.status ?? call.head?.status ?? null,
          requestId: failure?.requestId ?? call.head?.requestId ?? null,
          duration: performance.now() - start,
          error: failure,
        });
      }
      done(outcome);
    };
    const controller = new AbortController();
    const interrupt = (why: Interruption = "cancelled"): void => {
      controller.abort();
      end(failed(this.#failureOf(call, null, why, token)));
    };
    const timer = setTimeout(interrupt, this.#timeout, "timeout");
    // The listener may have ended the call, when there was nothing to stop yet.
    if (call.cancelled) {
      end(cancelled());
      return;
    }
    call.stop = interrupt;
    this.#request(call, controller.signal, token).then(end, (cause: unknown) =>
      end(failed(this.#failureOf(call, cause, null, token))),
    );
  }

  /** Why there is no answer, or none that says what was asked. */
  #failureOf(
    { operation, head }: Call,
    cause: unknown,
    interruption: Interruption | null,
    token: string,
  ): UsageBillingError {
    if (cause instanceof UsageBillingError) return cause;
    const certainty = operation.kind === "query" ? "notApplied" : "unknown";
    const facts = { certainty, status: head?.status, requestId: head?.requestId } as const;
    if (interruption === "cancelled") return new AbortedError("The call was aborted", facts);
    // A failure's status says what happened, though its body broke off or never ended.
    if (head && head.status >= 400) {
      const { status, requestId, retryAfter } = head;
      return httpFailure({ status, requestId, retryAfter, body: null });
    }
    if (interruption === "timeout") {
      return new TimeoutError(`No complete answer came within ${this.#timeout} ms`, facts);
    }
    return new NetworkError(
      head ? "The connection broke within the answer" : "The connection to Shopify failed",
      {
        ...facts,
        certainty: head || !neverConnected(cause) ? certainty : "notApplied",
        cause: redactCause(cause, token),
      },
    );
  }

  /** Sends the request and reads the answer. */
  async #request(call: Call, signal: AbortSignal, token: string): Promise<Outcome> {
    const response = await (this.#options.fetch ?? fetch)(this.#options.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-shopify-access-token": token,
      },
      body: call.operation.body(call.variables),
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
    // Never followed: `fetch` would hand the token's header to the redirect's target.
    if (isRedirect(response)) {
      response.body?.cancel().catch(() => undefined);
      throw redirected(head);
    }
    const body = await readBounded(response, longestBody(head), signal);
    return readAnswer(call.operation.kind, head, body, token);
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
    const told = (this.#told ??= new Set());
    if (told.has(once) || told.size >= 100) return;
    told.add(once);
    emit(this.#options.onEvent, event);
  }
}

/**
 * Sends calls to one shop's Admin API by POST, each once.
 *
 * @remarks
 * No cache, no redirect followed. Headers of successes and bodies of failures are read, which urql's own
 * exchange hides.
 */
export function sending(options: SendingOptions): Send {
  const sender = new Sender(options);
  return (call, done) => sender.send(call, done);
}
