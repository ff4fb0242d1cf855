import { operationOf } from "../document.js";
import { withCallFacts } from "../errors/usage-billing-error.js";
import { callOf, type AnswerHead } from "./call.js";
import { emit, type EventListener, type UsageBillingEvent } from "./events.js";
import { failureOf } from "./failure.js";
import type { Send } from "./send.js";

/** How many versions and deprecations are remembered, so that each is reported once. */
const MOST_NOTICES = 100;

/**
 * Emits an event before and after each attempt, and one for what its response says about API versions.
 *
 * @param apiVersion - the requested version; null if the app's endpoint decides it
 */
export function reporting(
  next: Send,
  onEvent: EventListener | undefined,
  apiVersion: string | null,
): Send {
  if (!onEvent) return next;
  const noticed = new Set<string>();
  const notice = (once: string, event: UsageBillingEvent): void => {
    if (noticed.has(once) || noticed.size >= MOST_NOTICES) return;
    noticed.add(once);
    emit(onEvent, event);
  };
  const noticeVersion = ({ servedVersion: served, deprecatedReason: reason }: AnswerHead): void => {
    if (apiVersion !== null && served !== null && served !== apiVersion) {
      notice(served, { type: "versionDrift", requested: apiVersion, served });
    }
    if (reason !== null) notice(reason, { type: "deprecation", requested: apiVersion, reason });
  };

  return async (operation, signal) => {
    const call = callOf(operation);
    const start = performance.now();
    const about = {
      operationName: operationOf(operation.query).name,
      idempotencyKey: call.idempotencyKey,
      attempt: call.sendings + 1,
    };
    emit(onEvent, { type: "request", ...about });
    const result = await next(operation, signal);
    const failure = failureOf(result);
    if (failure) withCallFacts(failure, call.facts);
    if (call.head) noticeVersion(call.head);
    emit(onEvent, {
      type: "response",
      ...about,
      status: failure?.status ?? call.head?.status ?? null,
      requestId: failure?.requestId ?? call.head?.requestId ?? null,
      duration: performance.now() - start,
      error: failure,
    });
    return result;
  };
}
