import type { RequestRecord, UsageRecord, Webhook } from "shopify-usage-billing/testing";
import type { Colors } from "../output/output.js";
import { price } from "../output/price.js";
import { printable } from "../output/printable.js";

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19);
}

/** Formats a request as a line of the simulator's log. */
export function requestLine(
  record: Omit<RequestRecord, "query" | "response">,
  colors: Colors,
): string {
  const { receivedAt, rootFields, operationName, method, path, status, fault, errors } = record;
  const what = rootFields.join(" ") || (operationName ?? `${method} ${path}`);
  const drift =
    record.apiVersion === record.servedVersion
      ? (record.apiVersion ?? "")
      : `${record.apiVersion} → ${record.servedVersion}`;
  const well = status !== null && status < 400 && errors.length === 0;
  const outcome = status === null ? "no response" : String(status);
  const parts = [
    colors.dim(time(receivedAt)),
    (well ? colors.green : colors.red)(outcome),
    printable(what),
    colors.dim(drift),
    record.actualCost === null ? "" : colors.dim(`${record.actualCost} points`),
    errors.length === 0 ? "" : colors.red(printable(errors.join(", "))),
    fault === null ? "" : colors.yellow(`fault ${fault}`),
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** Formats a charge as a line of the simulator's log. */
export function chargeLine(record: UsageRecord, colors: Colors): string {
  const { createdAt, description, idempotencyKey } = record;
  const key = idempotencyKey === null ? "no key" : `key ${printable(idempotencyKey)}`;
  return [
    colors.dim(createdAt.slice(11, 19)),
    colors.green(`charged ${price(record.price)}`),
    printable(description),
    colors.dim(key),
  ].join("  ");
}

/** Formats a webhook, or another attempt to deliver it, as a line of the simulator's log. */
export function webhookLine(
  { topic, triggeredAt, attempts, fault }: Webhook,
  colors: Colors,
): string {
  const last = attempts.at(-1);
  const well = (last?.status ?? 500) < 300;
  const outcome = last === undefined ? "not sent" : String(last.status ?? "no response");
  return [
    colors.dim(time(last?.at ?? triggeredAt)),
    (well ? colors.green : colors.red)(outcome),
    `webhook ${topic}`,
    attempts.length > 1 ? colors.dim(`attempt ${attempts.length}`) : "",
    last?.error ? colors.red(printable(last.error)) : "",
    fault === null ? "" : colors.yellow(`fault ${fault}`),
  ]
    .filter((part) => part !== "")
    .join("  ");
}
