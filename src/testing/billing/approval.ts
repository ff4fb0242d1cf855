import type { Random } from "../platform/random.js";

/** What a merchant can be asked to approve. */
export type ApprovalKind = "subscription" | "cappedAmount" | "oneTimePurchase";

/** A question that waits for the merchant. */
export interface OpenApproval {
  readonly kind: ApprovalKind;
  /** Of the subscription or one-time purchase: what `shop.approve` and `shop.decline` take. */
  readonly id: string;
  readonly name: string;
  /** What the merchant would agree to, line by line. */
  readonly agreement: readonly string[];
  readonly confirmationUrl: string;
}

/** The app in a shop whose merchant is asked. */
export interface Asking {
  readonly domain: string;
  readonly app: string;
  /** Applies time-based transitions, so that a question that has expired is closed. */
  settle(): void;
}

/** A question to a merchant. */
export interface Question {
  readonly owner: Asking;
  readonly kind: ApprovalKind;
  readonly id: string;
  /** The number in the id; the app gets it as `charge_id`. */
  readonly number: number;
  readonly name: string;
  readonly agreement: readonly string[];
  readonly returnUrl: string;
  /** The status to show once the question is closed. `null` while it is open. */
  closedAs(): string | null;
  approve(): void;
  decline(): void;
}

/** A question, with the signature without which its confirmation URL cannot be guessed. */
export interface Approval extends Question {
  readonly signature: string;
}

/** The last part of the path is the one of Shopify's own examples. */
const PAGES: Record<ApprovalKind, string> = {
  subscription: "confirm_recurring_application_charge",
  cappedAmount: "confirm_update_capped_amount",
  oneTimePurchase: "confirm_application_charge",
};

const PATH = /^\/admin\/charges\/(\d+)\/(\w+)$/;

export function isConfirmationPath(path: string): boolean {
  return PATH.test(path);
}

/** All questions to all merchants, each with its confirmation URL. */
export class Approvals {
  /** Where the simulator listens. `null` while it does not. */
  origin: string | null = null;
  readonly #random: Random;
  readonly #approvals: Map<string, Approval> = new Map();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Asks a question. It takes the place of an earlier one of the same kind about the same thing. */
  ask(question: Question): void {
    const approval = { ...question, signature: this.#random.hex(40) };
    this.#approvals.set(`${question.kind}/${question.number}`, approval);
  }

  find(kind: ApprovalKind, number: number): Approval | null {
    return this.#approvals.get(`${kind}/${number}`) ?? null;
  }

  /** Returns what a confirmation URL points to. `null` if it points to nothing. */
  findByUrl({ pathname, searchParams }: URL): Approval | null {
    const [, number, page] = PATH.exec(pathname) ?? [];
    for (const kind of ["subscription", "cappedAmount", "oneTimePurchase"] as const) {
      const approval = page === PAGES[kind] ? this.find(kind, Number(number)) : null;
      if (approval?.signature === searchParams.get("signature")) return approval;
    }
    return null;
  }

  /** Returns what a merchant is asked at the moment. */
  openFor(owner: Asking): readonly OpenApproval[] {
    return [...this.#approvals.values()]
      .filter((approval) => approval.owner === owner && approval.closedAs() === null)
      .map((approval) => {
        const { kind, id, name, agreement } = approval;
        return { kind, id, name, agreement, confirmationUrl: this.#url(approval) };
      });
  }

  confirmationUrl(kind: ApprovalKind, number: number): string {
    const approval = this.find(kind, number);
    if (approval === null) throw new Error(`Nobody was asked about ${kind} ${number}`);
    return this.#url(approval);
  }

  #url({ owner, kind, number, signature }: Approval): string {
    const origin = this.origin ?? `https://${owner.domain}`;
    return `${origin}/admin/charges/${number}/${PAGES[kind]}?signature=${signature}`;
  }
}
