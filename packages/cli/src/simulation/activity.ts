import type { RequestRecord, Webhook } from "shopify-usage-billing/testing";

/** A request or a webhook, as a row of the page. */
export interface Activity {
  readonly id: string;
  readonly kind: "request" | "token" | "webhook";
  /** Simulated milliseconds since 1970. */
  readonly at: number;
  readonly title: string;
  /** The operation's name, or how many times a webhook was sent. */
  readonly note: string;
  /** In points. `null` if the response does not report it. */
  readonly cost: number | null;
  /** Its outcome, in a word. */
  readonly outcome: string;
  readonly tone: "well" | "near" | "bad";
}

/** The details that an opened row shows. */
export interface ActivityDetails {
  readonly facts: readonly (readonly [term: string, text: string])[];
  readonly texts: readonly (readonly [title: string, text: string])[];
}

type Outcome = Pick<Activity, "outcome" | "tone">;

export function requestActivity(record: RequestRecord): Activity {
  const { id, receivedAt, kind, rootFields, operationName, method, path, actualCost } = record;
  const isRefresh = record.variables["grant_type"] === "refresh_token";
  const title =
    kind === "token"
      ? `access token ${isRefresh ? "refreshed" : "requested"}`
      : rootFields.join(" ") || operationName || `${method} ${path}`;
  return {
    id,
    kind: kind === "token" ? "token" : "request",
    at: receivedAt,
    title,
    note: isNamedAfter(rootFields, operationName) ? "" : (operationName ?? ""),
    cost: actualCost,
    ...requestOutcome(record),
  };
}

/** Whether an operation's name adds nothing to its field's. */
function isNamedAfter(rootFields: readonly string[], operationName: string | null): boolean {
  const [field] = rootFields;
  return field === undefined || field.toLowerCase() === operationName?.toLowerCase();
}

/** Returns the most informative word: the fault, the error, or the status. */
function requestOutcome({ fault, errors, status, duration, response }: RequestRecord): Outcome {
  if (fault !== null) return { outcome: fault, tone: "near" };
  const [error] = errors;
  if (error !== undefined) return { outcome: error, tone: "bad" };
  if (status === null)
    return { outcome: duration === null ? "waiting" : "no response", tone: "bad" };
  if (status >= 400) return { outcome: String(status), tone: "bad" };
  if (/"userErrors":\[\{/.test(response ?? "")) return { outcome: "user error", tone: "near" };
  return { outcome: String(status), tone: "well" };
}

export function requestDetails(record: RequestRecord): ActivityDetails {
  const { apiVersion, servedVersion, requestedCost, actualCost, duration, status } = record;
  const { query, variables } = record;
  const version = apiVersion === servedVersion ? apiVersion : `${apiVersion} → ${servedVersion}`;
  return {
    facts: given(
      ["Status", status ?? "no response"],
      ["Fault", record.fault],
      ["Errors", record.errors.join(", ")],
      ["Cost", requestedCost && `${requestedCost} points requested, ${actualCost ?? 0} charged`],
      ["Duration", duration === null ? null : `${duration} ms`],
      ["Version", version],
      ["Shop", record.shop ?? (record.hasToken ? "unknown token" : "no token")],
      ["Request id", record.id],
    ),
    texts: [
      ["Query", query ?? ""],
      ["Variables", Object.keys(variables).length > 0 ? pretty(variables) : ""],
      ["Response", responseOf(record)],
    ],
  };
}

function responseOf({ kind, status, duration, response }: RequestRecord): string {
  if (duration === null) return "Nothing has been sent yet.";
  if (status === null) return "Nothing was sent.";
  if (kind === "token") return "Not shown: it may hold a token.";
  return response ? prettyJson(response) : "The body is empty.";
}

export function webhookActivity(webhook: Webhook): Activity {
  const { id, triggeredAt, topic, attempts } = webhook;
  const note = attempts.length > 1 ? `sent ${attempts.length} times` : "";
  const title = topic.toLowerCase();
  const row = { id, kind: "webhook", at: triggeredAt, title, note, cost: null } as const;
  return { ...row, ...webhookOutcome(webhook) };
}

function webhookOutcome({ fault, outcome, attempts }: Webhook): Outcome {
  if (fault !== null) return { outcome: fault, tone: "near" };
  const last = attempts.at(-1);
  if (outcome === "delivered") return { outcome: String(last?.status ?? 200), tone: "well" };
  if (last === undefined) return { outcome: "sending", tone: "near" };
  return { outcome: String(last.status ?? "no response"), tone: "bad" };
}

export function webhookDetails(webhook: Webhook): ActivityDetails {
  const { id, topic, apiVersion, outcome, fault, attempts, body } = webhook;
  const sent = attempts.map(
    ({ at, status, error }) =>
      `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}  ${error ?? status}`,
  );
  return {
    facts: given(
      ["Outcome", outcome],
      ["Fault", fault],
      ["Topic", topic],
      ["Version", apiVersion],
      ["Webhook id", id],
    ),
    texts: [
      ["Deliveries", sent.join("\n")],
      ["Payload", prettyJson(body)],
    ],
  };
}

/** Omits unknown facts. */
function given(
  ...facts: readonly (readonly [term: string, text: string | number | null])[]
): ActivityDetails["facts"] {
  return facts.flatMap(([term, text]) => (text ? [[term, String(text)] as const] : []));
}

/** Indents JSON. Other text, such as a truncated body, stays as it is. */
function prettyJson(text: string): string {
  try {
    return pretty(JSON.parse(text));
  } catch {
    return text;
  }
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
