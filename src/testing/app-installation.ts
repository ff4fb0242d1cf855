import { PagedList, type Connection, type ConnectionArguments } from "./connection.js";
import { globalId } from "./global-id.js";
import type { OneTimePurchase } from "./one-time-purchase.js";
import type { Shop } from "./shop.js";
import type { Subscription } from "./subscription.js";

/** `AppInstallation`: what the API tells about the app in the shop. */
export class AppInstallation {
  readonly #shop: Shop;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  get __typename(): "AppInstallation" {
    return "AppInstallation";
  }

  get id(): string {
    return globalId("AppInstallation", this.#shop.number);
  }

  /** Only subscriptions that are billed: not those that are frozen (a choice: unknown). */
  get activeSubscriptions(): readonly Subscription[] {
    const active = this.#shop.activeSubscription;
    return active ? [active] : [];
  }

  get subscriptions(): readonly Subscription[] {
    return this.activeSubscriptions;
  }

  get launchUrl(): string {
    return `https://${this.#shop.domain}/admin/apps/${this.#shop.app}`;
  }

  get uninstallUrl(): null {
    return null;
  }

  get app(): object {
    return appOf(this.#shop);
  }

  allSubscriptions(args: ConnectionArguments): Connection<Subscription> {
    return this.#shop.allSubscriptions.page(args);
  }

  oneTimePurchases(args: ConnectionArguments): Connection<OneTimePurchase> {
    return this.#shop.allPurchases.page(args);
  }

  credits(args: ConnectionArguments): Connection<never> {
    return new PagedList<never>().page(args);
  }
}

/** `App`: what the API tells about the app. Most of it is made up. */
export function appOf(shop: Shop): object {
  const page = `https://apps.example/${shop.app}`;
  return {
    id: globalId("App", shop.number),
    apiKey: shop.app,
    handle: shop.app,
    title: shop.app,
    appStoreAppUrl: page,
    appStoreDeveloperUrl: page,
    developerUrl: page,
    launchUrl: page,
    installation: () => new AppInstallation(shop),
    embedded: true,
    features: [],
    isPostPurchaseAppInUse: false,
    previouslyInstalled: true,
    pricingDetailsSummary: "",
    published: true,
    shopifyDeveloped: false,
    starRating: 5,
    uninstallMessage: "",
    webhookApiVersion: "unstable",
  };
}
