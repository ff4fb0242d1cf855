import type { GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { BoundedText } from "./body.js";
import type { AnswerHead } from "./call.js";
import { costOf } from "./cost.js";
import { graphQLFailure } from "./failure.js";
import { httpFailure } from "./http-failure.js";
import type { Outcome } from "./layer.js";
import { LONGEST_ESCAPE, parseRedacted, redact } from "./redact.js";
import { parseRetryAfter } from "./retry-after.js";

/** No answer that usage billing reads comes near it; a page of 250 records has some 150 kB. */
const LARGEST_BODY = 10 * 1024 * 1024;
/** What is kept of a failed answer's body, in characters. */
const KEPT_BODY = 2_000;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGraphQLErrors(errors: unknown): errors is GraphQLErrorEntry[] {
  return (
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every((entry: unknown) => isObject(entry) && typeof entry["message"] === "string")
  );
}

/** What an answer says before its body. */
export function readHead({ status, headers }: Response, token: string): AnswerHead {
  const read = (name: string): string | null => {
    const value = headers.get(name);
    return value === null ? null : redact(value, token);
  };
  return {
    status,
    requestId: read("x-request-id"),
    servedVersion: read("x-shopify-api-version"),
    date: headers.get("date"),
    // Only failures ask for a wait.
    retryAfter: status < 400 ? null : parseRetryAfter(headers.get("retry-after"), Date.now()),
  };
}

function isSuccess({ status }: AnswerHead): boolean {
  return status >= 200 && status < 300;
}

/** How many bytes of an answer are read at most. */
export function longestBody(head: AnswerHead): number {
  return isSuccess(head) ? LARGEST_BODY : KEPT_BODY * 4;
}

/** Does an answer send the request elsewhere? */
export function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

/** The error of a redirect. */
export function redirected({ status, requestId }: AnswerHead): InvalidResponseError {
  return new InvalidResponseError("Shopify redirected the request; it was not followed", {
    certainty: "notApplied",
    status,
    requestId,
  });
}

/**
 * The outcome that an HTTP answer stands for.
 *
 * @throws UsageBillingError where it is no GraphQL answer
 */
export function readAnswer(
  kind: "query" | "mutation",
  head: AnswerHead,
  { text, cut }: BoundedText,
  token: string,
): Outcome {
  const { status, requestId, retryAfter } = head;
  const keptBody = (): string => {
    const safe = redact(text, token);
    // Where the text was cut, it may end within the token.
    return (cut ? safe.slice(0, -LONGEST_ESCAPE * token.length) : safe).slice(0, KEPT_BODY);
  };
  if (!isSuccess(head)) {
    throw httpFailure({ status, requestId, retryAfter, body: keptBody() });
  }
  const invalid = (problem: string, retryable: boolean): InvalidResponseError =>
    new InvalidResponseError(problem, {
      certainty: kind === "query" ? "notApplied" : "unknown",
      status,
      requestId,
      body: keptBody(),
      retryable,
    });
  if (cut) throw invalid(`The answer is larger than ${LARGEST_BODY} bytes`, true);
  let answer: unknown;
  try {
    answer = parseRedacted(text, token);
  } catch {
    throw invalid("The answer is not JSON", true);
  }
  const { data, errors: given, extensions } = isObject(answer) ? answer : {};
  const errors = isGraphQLErrors(given) ? given : undefined;
  if (!isObject(data) && !errors) {
    throw invalid("The answer has neither data nor errors", false);
  }
  const cost = costOf(extensions);
  const hasData = isObject(data) || data === null;
  return {
    data: hasData ? data : undefined,
    errors,
    extensions,
    cost,
    failure: errors ? graphQLFailure(errors, { kind, hasData, cost, head }) : null,
  };
}
