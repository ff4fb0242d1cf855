import type { ExecutionResult } from "@urql/core";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { isObject } from "../is-object.js";
import type { BoundedText } from "./body.js";
import type { AnswerHead } from "./call.js";
import { LONGEST_ENCODING, redact, redactJson } from "./redact.js";
import { parseRetryAfter } from "./retry-after.js";
import { wordsOf } from "./shopify-words.js";

/** No answer that usage billing reads comes near it; a page of 250 records has some 150 kB. */
const LARGEST_BODY = 10 * 1024 * 1024;
/** How much of a body is kept in an error, in characters. */
const KEPT_BODY = 2_000;

/** Reads what an answer says before its body. */
export function readHead({ status, headers }: Response, token: string): AnswerHead {
  // Not every `fetch` returns null.
  const given = (name: string): string | null => headers.get(name) ?? null;
  const read = (name: string): string | null => {
    const value = given(name);
    return value === null ? null : redact(value, token);
  };
  return {
    status,
    requestId: read("x-request-id"),
    servedVersion: read("x-shopify-api-version"),
    deprecatedReason: read("x-shopify-api-deprecated-reason"),
    date: given("date"),
    // Only failures ask for a wait.
    retryAfter: status < 400 ? null : parseRetryAfter(given("retry-after"), Date.now()),
  };
}

/** Whether an answer sends the request elsewhere. */
export function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

export function isSuccess({ status }: AnswerHead): boolean {
  return status >= 200 && status < 300;
}

/** How many bytes of an answer are read at most. */
export function longestBody(head: AnswerHead): number {
  return isSuccess(head) ? LARGEST_BODY : KEPT_BODY * 4;
}

/** The start of a body, as errors keep it. */
export function keptBody({ text, cut }: BoundedText, token: string): string {
  const start = text.slice(0, KEPT_BODY + LONGEST_ENCODING * token.length);
  const safe = redact(start, token);
  // A text that was cut may end within the token.
  const isCut = cut || start.length < text.length;
  return (isCut ? safe.slice(0, -LONGEST_ENCODING * token.length) : safe).slice(0, KEPT_BODY);
}

function isGraphQLErrors(errors: unknown): errors is ExecutionResult["errors"] & object {
  return (
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((entry: unknown) => isObject(entry) && typeof entry["message"] === "string")
  );
}

/**
 * Reads the GraphQL answer in a body.
 *
 * @remarks
 * The token is removed from its errors. Its data is never altered: an app relies on it to the letter.
 *
 * @throws InvalidResponseError if it is not a GraphQL answer
 */
export function readAnswer(
  { status, requestId }: AnswerHead,
  body: BoundedText,
  token: string,
): ExecutionResult {
  const invalid = (problem: string, retryable: boolean): InvalidResponseError =>
    new InvalidResponseError(problem, {
      certainty: "unknown",
      retryable,
      status,
      requestId,
      body: keptBody(body, token),
    });
  if (body.cut) throw invalid(`The answer is larger than ${LARGEST_BODY} bytes`, true);
  let answer: unknown;
  try {
    answer = JSON.parse(body.text);
  } catch {
    throw invalid("The answer is not JSON", true);
  }
  const { data, errors: given, extensions } = isObject(answer) ? answer : {};
  const errors = isGraphQLErrors(given) ? redactJson(given, token) : undefined;
  if (!isObject(data) && !errors) {
    const words = wordsOf(redact(body.text, token));
    throw invalid(`The answer has no data${words === null ? "" : `: ${words}`}`, false);
  }
  // As it came over the network, the way urql's own exchange hands it on.
  return {
    data: isObject(data) || data === null ? data : undefined,
    errors,
    extensions,
  } as ExecutionResult;
}
