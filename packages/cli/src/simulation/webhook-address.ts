import type { Shop } from "shopify-usage-billing/testing";

/** The URL that the shop's webhooks are sent to, if any. */
export class WebhookAddress {
  readonly #shop: Shop;
  #url: string | null = null;
  #stop = (): void => {};

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  /** `null` if webhooks go nowhere. */
  get url(): string | null {
    return this.#url;
  }

  /**
   * Sends webhooks to this URL instead of the previous one.
   *
   * @throws SimulatorUsageError unless it is an HTTP URL.
   */
  set(url: string): void {
    const stop = this.#shop.subscribeToWebhooks({ to: url });
    this.#stop();
    this.#stop = stop;
    this.#url = url;
  }
}
