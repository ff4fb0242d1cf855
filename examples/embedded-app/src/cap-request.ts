import type { Money } from "shopify-usage-billing/react";
import { isAtLeast } from "./amount.js";

/** The amount that the merchant asked for before Shopify's approval page. */
const KEY = "cap-request";
/** The parameter that Shopify adds to the return URL, whatever the merchant decided. */
const RETURNED = "charge_id";

/** How a request for a higher cap ended. */
export type CapAnswer = "approved" | "notApproved";

/** The confirmation URL, or the problem in the merchant's words. */
export type Asked = { readonly confirmationUrl: string } | { readonly message: string };

const FAILED = "The request could not be sent. Check your connection and try again.";

async function ask(path: string, body: object): Promise<Asked> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer: { confirmationUrl?: unknown; message?: unknown } = await response.json();
    if (typeof answer.confirmationUrl === "string") {
      return { confirmationUrl: answer.confirmationUrl };
    }
    return { message: typeof answer.message === "string" ? answer.message : FAILED };
  } catch {
    return { message: FAILED };
  }
}

/** Opens Shopify's page outside the admin's frame. */
function follow({ confirmationUrl }: { readonly confirmationUrl: string }): void {
  window.open(confirmationUrl, "_top");
}

/**
 * Asks the app's server for a higher cap and opens the approval page.
 *
 * @returns the problem. `null` if the browser is leaving the page.
 */
export async function requestCap(amount: string): Promise<string | null> {
  const asked = await ask("/api/capped-amount", { amount });
  if ("message" in asked) return asked.message;
  sessionStorage.setItem(KEY, amount);
  follow(asked);
  return null;
}

/** Asks the app's server for a plan and opens the approval page. */
export async function requestPlan(): Promise<string | null> {
  const asked = await ask("/api/plan", {});
  if ("message" in asked) return asked.message;
  follow(asked);
  return null;
}

/** The merchant's decision, if they have just returned from Shopify's page. */
export function capAnswerOf(cappedAmount: Money): CapAnswer | null {
  const asked = sessionStorage.getItem(KEY);
  if (asked === null || !new URLSearchParams(location.search).has(RETURNED)) return null;
  return isAtLeast(cappedAmount.amount, asked) ? "approved" : "notApproved";
}

/** Forgets the decision, so that a reload does not show it again. */
export function forgetCapRequest(): void {
  sessionStorage.removeItem(KEY);
  const url = new URL(location.href);
  url.searchParams.delete(RETURNED);
  history.replaceState(null, "", url);
}
