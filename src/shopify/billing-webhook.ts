import { InvalidInputError } from "../errors/invalid-input-error.js";
import { mustBe } from "../input.js";
import { toDecimalString, type Money } from "../money.js";

interface ResourcePayload {
  readonly admin_graphql_api_id: string;
  readonly name: string;
  readonly admin_graphql_api_shop_id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * The payload of `APP_SUBSCRIPTIONS_UPDATE`.
 *
 * @remarks
 * Source of this and the other payloads: https://shopify.dev/docs/api/webhooks
 */
export interface AppSubscriptionsUpdatePayload {
  readonly app_subscription: ResourcePayload & {
    /** An `AppSubscriptionStatus`, such as `ACTIVE`. */
    readonly status: string;
    readonly currency: string;
    /** Absent or null for a subscription without usage pricing. */
    readonly capped_amount?: string | number | null;
    readonly price?: string | number | null;
    readonly interval?: string | null;
    readonly plan_handle?: string | null;
  };
}

/**
 * The payload of `APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT`, which Shopify sends at 90 % of the
 * cap.
 */
export interface AppSubscriptionsApproachingCappedAmountPayload {
  readonly app_subscription: ResourcePayload & {
    readonly balance_used: string | number;
    readonly capped_amount: string | number;
    readonly currency_code: string;
  };
}

/** The payload of `APP_PURCHASES_ONE_TIME_UPDATE`. */
export interface AppPurchasesOneTimeUpdatePayload {
  readonly app_purchase_one_time: ResourcePayload & {
    /** An `AppPurchaseStatus`, such as `ACTIVE`. */
    readonly status: string;
  };
}

/** The payload of `APP_UNINSTALLED`: the shop. */
export interface AppUninstalledPayload {
  readonly id: number;
  readonly name: string;
  readonly myshopify_domain: string | null;
}

interface Resource {
  readonly id: string;
  readonly name: string;
  /** `gid://shopify/Shop/…` */
  readonly shopId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. Webhooks can arrive out of order; this says which is newer. */
  readonly updatedAt: string;
}

/** A webhook about billing, with amounts as decimal strings beside their currency. */
export type BillingWebhook =
  | {
      readonly topic: "APP_SUBSCRIPTIONS_UPDATE";
      readonly subscription: Resource & {
        /** An `AppSubscriptionStatus`, such as `ACTIVE`. */
        readonly status: string;
        /** `null` if the subscription has no usage pricing. */
        readonly cappedAmount: Money | null;
      };
    }
  | {
      readonly topic: "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT";
      readonly subscription: Resource & {
        readonly balanceUsed: Money;
        readonly cappedAmount: Money;
      };
    }
  | {
      readonly topic: "APP_PURCHASES_ONE_TIME_UPDATE";
      readonly purchase: Resource & {
        /** An `AppPurchaseStatus`, such as `ACTIVE`. */
        readonly status: string;
      };
    }
  | { readonly topic: "APP_UNINSTALLED"; readonly shop: { readonly id: number } };

/** A JSON object, and its path in the payload. */
class Fields {
  readonly #path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(path: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw mustBe(path, "an object", value);
    }
    this.#path = path;
    this.#fields = { ...value };
  }

  at(name: string): Fields {
    return new Fields(`${this.#path}.${name}`, this.#fields[name]);
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value === "string") return value;
    throw mustBe(`${this.#path}.${name}`, "a string", value);
  }

  number(name: string): number {
    const value = this.#fields[name];
    if (typeof value === "number") return value;
    throw mustBe(`${this.#path}.${name}`, "a number", value);
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** Shopify's examples have amounts both as strings and as numbers. */
  money(name: string, currency: string): Money {
    const amount = toDecimalString(this.#fields[name]);
    if (amount === null) throw mustBe(`${this.#path}.${name}`, "a decimal", this.#fields[name]);
    return { amount, currencyCode: this.text(currency) };
  }

  resource(): Resource {
    return {
      id: this.text("admin_graphql_api_id"),
      name: this.text("name"),
      shopId: this.text("admin_graphql_api_shop_id"),
      createdAt: this.text("created_at"),
      updatedAt: this.text("updated_at"),
    };
  }
}

function parsed(payload: unknown): unknown {
  if (typeof payload !== "string") return payload;
  try {
    return JSON.parse(payload);
  } catch {
    throw new InvalidInputError("payload", "must be JSON");
  }
}

/**
 * Reads a webhook about billing; returns `null` for any other topic.
 *
 * @remarks
 * It does not verify the sender. Check the signature first, with `authenticate.webhook(request)` of
 * Shopify's Remix and React Router packages or `shopify.webhooks.validate` of
 * `@shopify/shopify-api`.
 * A webhook can come late, twice, or after a newer one. Treat it as a hint, and read the current
 * state from the Admin API, with `billing.subscription(id)` or `billing.activeUsageLineItem()`.
 *
 * @param topic - `APP_SUBSCRIPTIONS_UPDATE`, or `app_subscriptions/update` as in `X-Shopify-Topic`
 * @param payload - the body, as text or parsed
 * @throws InvalidInputError if the payload is not one of that topic
 *
 * @example
 * ```ts
 * const { topic, shop, payload } = await authenticate.webhook(request);
 * const webhook = readBillingWebhook(topic, payload);
 * if (webhook?.topic === "APP_SUBSCRIPTIONS_UPDATE") await savePlan(shop, webhook.subscription.status);
 * ```
 */
export function readBillingWebhook(topic: string, payload: unknown): BillingWebhook | null {
  const name = topic.toUpperCase().replaceAll("/", "_");
  switch (name) {
    case "APP_SUBSCRIPTIONS_UPDATE": {
      const fields = new Fields("payload", parsed(payload)).at("app_subscription");
      return {
        topic: name,
        subscription: {
          ...fields.resource(),
          status: fields.text("status"),
          cappedAmount: fields.has("capped_amount")
            ? fields.money("capped_amount", "currency")
            : null,
        },
      };
    }
    case "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT": {
      const fields = new Fields("payload", parsed(payload)).at("app_subscription");
      return {
        topic: name,
        subscription: {
          ...fields.resource(),
          balanceUsed: fields.money("balance_used", "currency_code"),
          cappedAmount: fields.money("capped_amount", "currency_code"),
        },
      };
    }
    case "APP_PURCHASES_ONE_TIME_UPDATE": {
      const fields = new Fields("payload", parsed(payload)).at("app_purchase_one_time");
      return { topic: name, purchase: { ...fields.resource(), status: fields.text("status") } };
    }
    case "APP_UNINSTALLED": {
      const fields = new Fields("payload", parsed(payload));
      return { topic: name, shop: { id: fields.number("id") } };
    }
    default:
      return null;
  }
}
