import { makeResult, type Operation, type OperationResult } from "@urql/core";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { readBounded } from "./body.js";
import type { AnswerHead } from "./call.js";
import { httpFailure } from "./http-failure.js";
import { LONGEST_ESCAPE, parseRedacted, redact } from "./redact.js";
import { parseRetryAfter } from "./retry-after.js";

/** No answer that usage billing reads comes near it; a page of 250 records has some 150 kB. */
const LARGEST_BODY = 10 * 1024 * 1024;
/** What is kept of a failed answer's body, in characters. */
const KEPT_BODY = 2_000;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGraphQLErrors(errors: unknown): errors is { message: string }[] {
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
    retryAfter: parseRetryAfter(headers.get("retry-after"), Date.now()),
  };
}

/**
 * The result that an HTTP answer stands for.
 *
 * @throws UsageBillingError where it is no GraphQL answer
 */
export async function readAnswer(
  operation: Operation,
  response: Response,
  { status, requestId, retryAfter }: AnswerHead,
  token: string,
): Promise<OperationResult> {
  // Never followed: `fetch` would hand the token's header to the redirect's target.
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    response.body?.cancel().catch(() => undefined);
    throw new InvalidResponseError("Shopify redirected the request; it was not followed", {
      certainty: "notApplied",
      status,
      requestId,
    });
  }
  const success = status >= 200 && status < 300;
  const { text, cut } = await readBounded(response, success ? LARGEST_BODY : KEPT_BODY * 4);
  const keptBody = (): string => {
    const safe = redact(text, token);
    // Where the text was cut, it may end within the token.
    return (cut ? safe.slice(0, -LONGEST_ESCAPE * token.length) : safe).slice(0, KEPT_BODY);
  };
  if (!success) {
    throw httpFailure({ status, requestId, retryAfter, body: keptBody() });
  }
  const invalid = (problem: string, unreadable: boolean): InvalidResponseError =>
    new InvalidResponseError(problem, {
      certainty: operation.kind === "query" ? "notApplied" : "unknown",
      status,
      requestId,
      body: keptBody(),
      unreadable,
    });
  if (cut) throw invalid(`The answer is larger than ${LARGEST_BODY} bytes`, true);
  let answer: unknown;
  try {
    answer = parseRedacted(text, token);
  } catch {
    throw invalid("The answer is not JSON", true);
  }
  const { data, errors, extensions } = isObject(answer) ? answer : {};
  const hasErrors = isGraphQLErrors(errors);
  if (!isObject(data) && !hasErrors) {
    throw invalid("The answer has neither data nor errors", false);
  }
  return makeResult(operation, {
    ...(isObject(data) || data === null ? { data } : {}),
    ...(hasErrors ? { errors } : {}),
    ...(isObject(extensions) ? { extensions } : {}),
  });
}
