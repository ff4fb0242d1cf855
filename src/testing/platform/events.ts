import type { RequestRecord } from "../http/request-log.js";
import type { Subscription } from "../billing/subscription.js";
import type { Webhook } from "../webhooks/webhook.js";
import type { UsageRecord } from "../billing/usage-record.js";

/** What the simulator emits as it happens, for a live page or for a test that waits. */
export interface SimulatorEvents {
  /** A request was answered, or its connection was lost. */
  readonly request: RequestRecord;
  /** A charge was made: it is in the ledger now. */
  readonly usageRecord: UsageRecord;
  /** A subscription was created, or its status, capped amount or trial changed. */
  readonly subscription: Subscription;
  /** A webhook was delivered, failed, or was kept back by a fault. */
  readonly webhook: Webhook;
}

/** Receives each event of a name. */
export type EventListener<Name extends keyof SimulatorEvents> = (
  event: SimulatorEvents[Name],
) => void;

type Listeners = { [Name in keyof SimulatorEvents]: Set<EventListener<Name>> };

export class Events {
  readonly #listeners: Listeners = {
    request: new Set(),
    usageRecord: new Set(),
    subscription: new Set(),
    webhook: new Set(),
  };

  on<Name extends keyof SimulatorEvents>(name: Name, listener: EventListener<Name>): () => void {
    this.#listeners[name].add(listener);
    return () => {
      this.#listeners[name].delete(listener);
    };
  }

  emit<Name extends keyof SimulatorEvents>(name: Name, event: SimulatorEvents[Name]): void {
    for (const listener of this.#listeners[name]) {
      try {
        listener(event);
      } catch (error) {
        // As with EventTarget: a listener's error is reported as its own, and breaks no response.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
