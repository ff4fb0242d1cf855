import type { Money } from "shopify-usage-billing/react";
import { isAtLeast } from "./amount.js";

/** What the merchant asked for before Shopify's page of approval. */
const KEY = "cap-request";
/** What Shopify adds to the address that it sends the merchant back to, whatever they decided. */
const RETURNED = "charge_id";

/** How a request for a higher cap ended. */
export type CapAnswer = "approved" | "notApproved";

/** The confirmation URL, or what stands in the way in the merchant's words. */
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

/** Goes to Shopify's page, out of the admin's frame. */
function follow({ confirmationUrl }: { readonly confirmationUrl: string }): void {
  window.open(confirmationUrl, "_top");
}

/**
 * Asks the app's server for a higher cap, and goes where the merchant approves it.
 *
 * @returns what stands in the way; null where the page is being left
 */
export async function requestCap(amount: string): Promise<string | null> {
  const asked = await ask("/api/capped-amount", { amount });
  if ("message" in asked) return asked.message;
  sessionStorage.setItem(KEY, amount);
  follow(asked);
  return null;
}

/** Asks the app's server for a plan, and goes where the merchant approves it. */
export async function requestPlan(): Promise<string | null> {
  const asked = await ask("/api/plan", {});
  if ("message" in asked) return asked.message;
  follow(asked);
  return null;
}

/** Did the merchant just come back from Shopify's page, and with what answer? */
export function capAnswerOf(cappedAmount: Money): CapAnswer | null {
  const asked = sessionStorage.getItem(KEY);
  if (asked === null || !new URLSearchParams(location.search).has(RETURNED)) return null;
  return isAtLeast(cappedAmount.amount, asked) ? "approved" : "notApproved";
}

/** The answer was told: a reload of the page does not tell it again. */
export function forgetCapRequest(): void {
  sessionStorage.removeItem(KEY);
  const url = new URL(location.href);
  url.searchParams.delete(RETURNED);
  history.replaceState(null, "", url);
}
