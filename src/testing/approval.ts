import type { Shop } from "./shop.js";

/** What a merchant can be asked to approve. */
export type ApprovalKind = "subscription" | "cappedAmount" | "oneTimePurchase";

/** What a merchant is asked at the moment. */
export interface OpenApproval {
  readonly kind: ApprovalKind;
  /** Of the subscription or one-time purchase: what `shop.approve` and `shop.decline` take. */
  readonly id: string;
  readonly name: string;
  /** What the merchant would agree to, line by line. */
  readonly agreement: readonly string[];
  readonly confirmationUrl: string;
}

/** A question to a merchant, with the page at its confirmation URL. */
export interface Approval {
  readonly kind: ApprovalKind;
  /** Of the subscription or one-time purchase. */
  readonly id: string;
  /** The number in the id; the app gets it as `charge_id`. */
  readonly number: number;
  readonly shop: Shop;
  /** Part of the confirmation URL, which cannot be guessed without it. */
  readonly signature: string;
  readonly name: string;
  /** What the merchant agrees to, line by line. */
  readonly agreement: readonly string[];
  readonly returnUrl: string;
  /** The status to show once the question is no longer open; null while it is. */
  closedAs(): string | null;
  approve(): void;
  decline(): void;
}

/** The last part of the path is the one of Shopify's own examples. */
const PAGES: Record<ApprovalKind, string> = {
  subscription: "confirm_recurring_application_charge",
  cappedAmount: "confirm_update_capped_amount",
  oneTimePurchase: "confirm_application_charge",
};

const PATH = /^\/admin\/charges\/(\d+)\/(\w+)$/;

export function approvalKey(kind: ApprovalKind, number: number): string {
  return `${kind}/${number}`;
}

export function confirmationPath({ kind, number, signature }: Approval): string {
  return `/admin/charges/${number}/${PAGES[kind]}?signature=${signature}`;
}

export function isConfirmationPath(path: string): boolean {
  return PATH.test(path);
}

/** The approval that a confirmation URL points to; null where it points to none. */
export function findApproval(approvals: ReadonlyMap<string, Approval>, url: URL): Approval | null {
  const [, number, page] = PATH.exec(url.pathname) ?? [];
  for (const kind of ["subscription", "cappedAmount", "oneTimePurchase"] as const) {
    if (page !== PAGES[kind]) continue;
    const approval = approvals.get(approvalKey(kind, Number(number)));
    return approval?.signature === url.searchParams.get("signature") ? approval : null;
  }
  return null;
}
