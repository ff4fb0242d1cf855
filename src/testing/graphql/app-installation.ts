import type { AppCredit } from "../billing/app-credit.js";
import { globalId } from "../billing/global-id.js";
import type { OneTimePurchase } from "../billing/one-time-purchase.js";
import type { Subscription } from "../billing/subscription.js";
import { PagedList, type Connection, type ConnectionArguments } from "./connection.js";

/** The account behind an installation. */
export interface InstalledApp {
  readonly domain: string;
  readonly app: string;
  readonly apiKey: string;
  readonly number: number;
  readonly scopes: readonly string[];
  readonly isPublic: boolean;
  readonly subscriptions: {
    readonly active: Subscription | null;
    readonly all: PagedList<Subscription>;
  };
  readonly purchases: PagedList<OneTimePurchase>;
  readonly credits: PagedList<AppCredit>;
}

interface AccessScope {
  readonly handle: string;
  readonly description: string;
}

/** `AppInstallation`: the app in the shop, as the API describes it. */
export class AppInstallation {
  readonly app: App;
  readonly #account: InstalledApp;

  constructor(account: InstalledApp) {
    this.#account = account;
    this.app = new App(account, this);
  }

  get __typename(): "AppInstallation" {
    return "AppInstallation";
  }

  get id(): string {
    return globalId("AppInstallation", this.#account.number);
  }

  get accessScopes(): readonly AccessScope[] {
    return this.app.requestedAccessScopes;
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

  credits(args: ConnectionArguments): Connection<AppCredit> {
    return this.#account.credits.page(args);
  }

  /** No mutation of the schema creates one. */
  revenueAttributionRecords(args: ConnectionArguments): Connection<never> {
    return new PagedList<never>().page(args);
  }
}

/** `App`: the app, as the API describes it. What the simulator does not know is made up. */
export class App {
  readonly embedded = true;
  readonly features: readonly string[] = [];
  readonly isPostPurchaseAppInUse = false;
  readonly previouslyInstalled = true;
  readonly pricingDetailsSummary = "";
  readonly published = true;
  readonly shopifyDeveloped = false;
  readonly developerType = "PARTNER";
  readonly starRating = 5;
  readonly uninstallMessage = "";
  readonly webhookApiVersion = "unstable";
  readonly optionalAccessScopes: readonly AccessScope[] = [];
  readonly installation: AppInstallation;
  readonly #account: InstalledApp;

  constructor(account: InstalledApp, installation: AppInstallation) {
    this.#account = account;
    this.installation = installation;
  }

  get __typename(): "App" {
    return "App";
  }

  get id(): string {
    return globalId("App", this.#account.number);
  }

  get apiKey(): string {
    return this.#account.apiKey;
  }

  get handle(): string {
    return this.#account.app;
  }

  get title(): string {
    return this.#account.app;
  }

  get developerName(): string {
    return this.#account.app;
  }

  get publicCategory(): "PUBLIC" | "OTHER" {
    return this.#account.isPublic ? "PUBLIC" : "OTHER";
  }

  get requestedAccessScopes(): readonly AccessScope[] {
    return this.#account.scopes.map((handle) => ({ handle, description: handle }));
  }

  get availableAccessScopes(): readonly AccessScope[] {
    return this.requestedAccessScopes;
  }

  get launchUrl(): string {
    return this.#page;
  }

  get developerUrl(): string {
    return this.#page;
  }

  get appStoreAppUrl(): string {
    return this.#page;
  }

  get appStoreDeveloperUrl(): string {
    return this.#page;
  }

  get #page(): string {
    return `https://apps.example/${this.#account.app}`;
  }
}
