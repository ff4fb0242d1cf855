import type { FaultName, WebhookFaultName } from "shopify-usage-billing/testing";

type Notes<Name extends string> = Readonly<Record<Name, string>>;

const NOT_EXECUTED = {
  lostBefore: "The connection breaks.",
  noAnswerBefore: "No response ever arrives.",
  tooManyRequests: "Status 429 with Retry-After.",
  serverErrorBefore: "Status 5xx with HTML.",
  requestTimeoutBefore: "Status 408.",
  unauthorized: "Status 401, although the token is right.",
  redirect: "Status 307 to another host.",
  throttled: "The GraphQL error THROTTLED.",
  accessDenied: "The GraphQL error ACCESS_DENIED. Charges only.",
  resolverError: "A null payload with an error such as RESOURCE_NOT_FOUND. Charges only.",
  keyInProgress: "A user error: another request has the key. Charges only.",
  internalErrorBefore: "The GraphQL error INTERNAL_SERVER_ERROR.",
};

const EXECUTED = {
  lostAfter: "The connection breaks: the classic double charge.",
  noAnswerAfter: "No response ever arrives.",
  serverErrorAfter: "Status 5xx with HTML.",
  requestTimeoutAfter: "Status 408.",
  internalErrorAfter: "The GraphQL error INTERNAL_SERVER_ERROR.",
  nullRecord: "The record is null, with a GraphQL error. Charges only.",
  brokenJson: "The body is not JSON.",
  truncatedBody: "The connection breaks in the middle of the body.",
  emptyBody: "The body is empty.",
  slowBody: "The body arrives slowly.",
  endlessBody: "The body never ends.",
  echo: "Status 502 with a page that shows the whole request, including its token.",
  otherVersion: "Another API version is served.",
  duplicateDelivery: "It is executed twice, as if a proxy had repeated it.",
};

({ ...NOT_EXECUTED, ...EXECUTED }) satisfies Notes<FaultName>;

/** What the app sees of each fault of a request, by whether the request is executed. */
export const REQUEST_FAULTS: Readonly<Record<string, Notes<string>>> = {
  Executed: EXECUTED,
  "Not executed": NOT_EXECUTED,
};

/** What the app sees of each fault of a webhook. */
export const WEBHOOK_FAULTS: Readonly<Record<string, Notes<string>>> = {
  Webhooks: {
    late: "It arrives a simulated minute later.",
    twice: "It arrives twice, with the same id.",
    outOfOrder: "It arrives after the next webhook, or a simulated minute later.",
    never: "It never arrives.",
  } satisfies Notes<WebhookFaultName>,
};
