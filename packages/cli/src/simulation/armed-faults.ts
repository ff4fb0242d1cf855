import { type AdminSimulator, FAULT_NAMES, type FaultName } from "shopify-usage-billing/testing";

/** The requests that a fault is for. */
export type ArmedTarget = "all" | "queries" | "mutations";

/** A fault that waits for its requests. */
export interface ArmedFault {
  readonly name: FaultName;
  readonly target: ArmedTarget;
  readonly times: number;
}

/** The faults that were armed on the page and have not happened yet. */
export class ArmedFaults {
  readonly #admin: AdminSimulator;
  #armed: { readonly name: FaultName; readonly target: ArmedTarget; times: number }[] = [];

  constructor(admin: AdminSimulator) {
    this.#admin = admin;
    admin.on("request", ({ fault }) => {
      if (fault !== null) this.#happened(fault);
    });
  }

  get all(): readonly ArmedFault[] {
    return this.#armed.map((fault) => ({ ...fault }));
  }

  /** Arms a fault for the next requests. */
  arm(name: FaultName, times: number, target: ArmedTarget): void {
    this.#admin.faults.next(name, times, target);
    const same = this.#armed.find((other) => other.name === name && other.target === target);
    if (same) same.times += times;
    else this.#armed.push({ name, target, times });
  }

  /** Clears all faults, including those that come at a rate. */
  clear(): void {
    this.#admin.faults.clear();
    this.#armed = [];
  }

  /** Faults that wait go before those that come at a rate, so the oldest one has happened. */
  #happened(name: FaultName): void {
    const fault = this.#armed.find((other) => other.name === name);
    if (!fault) return;
    fault.times -= 1;
    if (fault.times <= 0) this.#armed = this.#armed.filter((other) => other !== fault);
  }
}

/** Whether a value is the name of a fault. */
export function isFaultName(name: unknown): name is FaultName {
  return FAULT_NAMES.some((known) => known === name);
}
