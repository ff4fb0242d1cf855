import { globalId } from "../billing/global-id.js";
import type { OneTimePurchase } from "../billing/one-time-purchase.js";
import type { Subscription } from "../billing/subscription.js";
import { PagedList, type Connection, type ConnectionArguments } from "./connection.js";

/** The account behind an installation. */
export interface InstalledApp {
  readonly domain: string;
  readonly app: string;
  readonly number: number;
  readonly subscriptions: {
    readonly active: Subscription | null;
    readonly all: PagedList<Subscription>;
  };
  readonly purchases: PagedList<OneTimePurchase>;
}

/** `AppInstallation`: the app in the shop, as the API describes it. */
export class AppInstallation {
  /** `App`. Most of it is made up. */
  readonly app: object;
  readonly #account: InstalledApp;

  constructor(account: InstalledApp) {
    this.#account = account;
    this.app = describeApp(account.app, account.number, this);
  }

  get __typename(): "AppInstallation" {
    return "AppInstallation";
  }

  get id(): string {
    return globalId("AppInstallation", this.#account.number);
  }

  /** Only subscriptions that are billed: not those that are frozen (a choice: unknown). */
  get activeSubscriptions(): readonly Subscription[] {
    const { active } = this.#account.subscriptions;
    return active ? [active] : [];
  }

  get subscriptions(): readonly Subscription[] {
    return this.activeSubscriptions;
  }

  get launchUrl(): string {
    return `https://${this.#account.domain}/admin/apps/${this.#account.app}`;
  }

  get uninstallUrl(): null {
    return null;
  }

  allSubscriptions(args: ConnectionArguments): Connection<Subscription> {
    return this.#account.subscriptions.all.page(args);
  }

  oneTimePurchases(args: ConnectionArguments): Connection<OneTimePurchase> {
    return this.#account.purchases.page(args);
  }

  credits(args: ConnectionArguments): Connection<never> {
    return new PagedList<never>().page(args);
  }
}

function describeApp(name: string, number: number, installation: AppInstallation): object {
  const page = `https://apps.example/${name}`;
  return {
    __typename: "App",
    id: globalId("App", number),
    apiKey: name,
    handle: name,
    title: name,
    appStoreAppUrl: page,
    appStoreDeveloperUrl: page,
    developerUrl: page,
    launchUrl: page,
    installation,
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
