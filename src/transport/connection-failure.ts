import { NetworkError } from "../errors/connection-errors.js";
import type { Certainty } from "../errors/usage-billing-error.js";
import { isObject } from "../is-object.js";
import type { AnswerHead } from "./call.js";
import { certaintyOfConnectionError } from "./certainty.js";
import { redact, redactCause } from "./redact.js";

/** The innermost message of an error of `fetch`: undici's own says no more than "fetch failed". */
function reasonOf(error: unknown): string {
  let reason = isObject(error) ? "" : String(error);
  let cause = error;
  for (let depth = 0; depth < 5 && isObject(cause); depth += 1) {
    const { message, errors, cause: inner } = cause;
    if (typeof message === "string" && message !== "") reason = message;
    // A host with several addresses fails with all of their errors at once, and no message of its own.
    cause = inner ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return reason.slice(0, 300);
}

/**
 * Returns the failure for an error of `fetch`.
 *
 * @remarks
 * It never throws: the error may be anything, such as a circle of causes or an object whose getters throw.
 *
 * @param head - the response's head; null if the connection broke before it came
 */
export function connectionFailure(
  error: unknown,
  head: AnswerHead | null,
  token: string,
): NetworkError {
  let certainty: Certainty = "unknown";
  let reason = "";
  try {
    reason = redact(reasonOf(error), token);
    if (!head) certainty = certaintyOfConnectionError(error);
  } catch {
    // What cannot be read proves nothing.
  }
  const what = head
    ? "The connection broke within the response"
    : "The connection to Shopify failed";
  return new NetworkError(reason === "" ? what : `${what}: ${reason}`, {
    certainty,
    status: head?.status ?? null,
    requestId: head?.requestId ?? null,
    cause: redactCause(error, token),
  });
}
