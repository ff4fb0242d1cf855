import {
  type AdminSimulator,
  FAULT_NAMES,
  type FaultName,
  WEBHOOK_FAULT_NAMES,
  type WebhookFaultName,
} from "shopify-usage-billing/testing";

/** What a fault can be armed for. */
export type ArmedTarget = "all" | "queries" | "mutations" | "tokens" | "webhooks";

/** A fault that waits for the next requests or webhooks. */
export interface ArmedFault {
  readonly name: FaultName | WebhookFaultName;
  readonly target: ArmedTarget;
  readonly times: number;
}

/** The faults that were armed on the page and are still to happen. */
export class ArmedFaults {
  readonly #admin: AdminSimulator;
  #armed: { readonly name: string; readonly armed: ArmedFault; times: number }[] = [];

  constructor(admin: AdminSimulator) {
    this.#admin = admin;
    admin.on("request", ({ fault }) => this.#happened(fault));
    admin.on("webhook", ({ fault, attempts }) => {
      // Not at each attempt: a fault happens once per webhook.
      if (attempts.length <= 1) this.#happened(fault);
    });
  }

  get all(): readonly ArmedFault[] {
    return this.#armed.map(({ armed, times }) => ({ ...armed, times }));
  }

  /** Arms a fault for the next requests or webhooks. */
  arm(armed: ArmedFault): void {
    const { name, times, target } = armed;
    const { faults } = this.#admin;
    if (isWebhookFault(name)) faults.webhooks.next(name, times);
    else faults.next(name, times, target === "webhooks" ? "all" : target);
    const same = this.#armed.find((other) => other.name === name && other.armed.target === target);
    if (same) same.times += times;
    else this.#armed.push({ name, armed, times });
  }

  /** Ends all faults, including those that come at a rate. */
  clear(): void {
    this.#admin.faults.clear();
    this.#armed = [];
  }

  /** Counts down the oldest fault of a name: armed faults happen before those that come at a rate. */
  #happened(name: string | null): void {
    const fault = this.#armed.find((other) => other.name === name);
    if (!fault) return;
    fault.times -= 1;
    if (fault.times <= 0) this.#armed = this.#armed.filter((other) => other !== fault);
  }
}

export function isRequestFault(name: unknown): name is FaultName {
  return FAULT_NAMES.some((known) => known === name);
}

export function isWebhookFault(name: unknown): name is WebhookFaultName {
  return WEBHOOK_FAULT_NAMES.some((known) => known === name);
}
