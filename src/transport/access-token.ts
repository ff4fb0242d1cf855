import { makeErrorResult, type Operation, type OperationResult } from "@urql/core";
import { orAborted } from "../abort.js";
import { AccessTokenError } from "../errors/access-errors.js";
import { failureOf } from "./failure.js";
import { redactCause } from "./redact.js";
import { abortedResult } from "./send.js";

/** An Admin API access token, or a function that returns one. */
export type AccessToken = string | (() => string | Promise<string>);

/** Whether a header can carry it: printable ASCII without spaces, as Shopify's tokens are. */
export function isTokenText(text: unknown): text is string {
  return typeof text === "string" && /^[\x21-\x7e]+$/.test(text);
}

/**
 * The access token of one client.
 *
 * @remarks
 * A token function runs once at a time, for all calls that wait: a refresh token can be used once only,
 * and two refreshes at the same time lock the app out (reported by developers).
 */
export class TokenSource {
  readonly #accessToken: AccessToken;
  readonly #timeout: number;
  #request: Promise<string> | null = null;
  #latest: string;

  /** @param timeout - milliseconds that the token function may take */
  constructor(accessToken: AccessToken, timeout = 10_000) {
    this.#accessToken = accessToken;
    this.#timeout = timeout;
    this.#latest = typeof accessToken === "string" ? accessToken : "";
  }

  /** The latest token, which each attempt is sent with. */
  get latest(): string {
    return this.#latest;
  }

  /** Whether there is a function to call again. */
  get isFunction(): boolean {
    return typeof this.#accessToken === "function";
  }

  /** Resolves to a token. @throws AccessTokenError if the token function fails or takes too long */
  async request(): Promise<string> {
    if (typeof this.#accessToken === "string") return this.#accessToken;
    // A request under way may be about to time out. That must not fail a call that came later.
    // No `await` without one: calls that start together would share the first one's failure.
    const begun = this.#request && (await this.#request.catch(() => null));
    try {
      return begun ?? (await this.#begin(this.#accessToken));
    } catch (cause) {
      // An error for each call that waited: each adds its own facts to it.
      const reason = cause instanceof Error ? `: ${cause.message}` : "";
      throw new AccessTokenError(`The accessToken function failed${reason}`, { cause });
    }
  }

  #begin(accessToken: () => string | Promise<string>): Promise<string> {
    this.#request ??= this.#call(accessToken).finally(() => {
      this.#request = null;
    });
    return this.#request;
  }

  /** Calls the function. No error that it rejects with contains the latest token. */
  async #call(accessToken: () => string | Promise<string>): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`it did not return a token within ${this.#timeout} ms`));
      }, this.#timeout);
    });
    try {
      const token: unknown = await Promise.race([accessToken(), expiry]);
      if (!isTokenText(token)) {
        throw new TypeError("it returned no token that an HTTP header can carry");
      }
      this.#latest = token;
      return token;
    } catch (error) {
      throw this.#latest === "" ? error : redactCause(error, this.#latest);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Sends an operation once there is a token, and once more with another token if Shopify answers 401. */
export async function withToken(
  tokens: TokenSource,
  operation: Operation,
  signal: AbortSignal | undefined,
  send: () => Promise<OperationResult>,
): Promise<OperationResult> {
  try {
    const token = await orAborted(tokens.request(), signal);
    const result = await send();
    if (failureOf(result)?.name !== "AuthenticationError") return result;
    const another = await orAborted(tokens.request(), signal);
    return another === token ? result : await send();
  } catch (error) {
    return error instanceof AccessTokenError
      ? makeErrorResult(operation, error)
      : abortedResult(operation);
  }
}
