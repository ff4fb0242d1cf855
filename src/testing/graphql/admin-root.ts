import { GraphQLError } from "graphql";
import type { AppCredit } from "../billing/app-credit.js";
import type { App, AppInstallation } from "./app-installation.js";
import {
  createUsageRecord,
  KEY_IN_PROGRESS,
  type ChargeAttempt,
  type UsageRecordInput,
} from "../billing/charge.js";
import { parseDecimal } from "../billing/decimal.js";
import type { Fault } from "../faults/faults.js";
import type { Connection, ConnectionArguments } from "./connection.js";
import { accessDenied, internalError } from "./graphql-error.js";
import { money, type Money } from "../billing/money.js";
import { isReturnUrl } from "../billing/return-url.js";
import type { OneTimePurchase } from "../billing/one-time-purchase.js";
import type { Account, Node } from "../billing/account.js";
import type { Subscription } from "../billing/subscription.js";
import { readSubscriptionInput, type SubscriptionInput } from "../billing/subscription-input.js";
import type { UsageRecordPayload } from "../billing/usage-record.js";
import { userError, type UserError } from "../billing/user-error.js";

/** What resolvers know about the request. */
export interface RequestContext extends ChargeAttempt {
  readonly account: Account;
  readonly fault: Fault | null;
}

interface SubscriptionPayload {
  readonly appSubscription: Subscription | null;
  readonly confirmationUrl?: string | null;
  readonly userErrors: readonly UserError[];
}

interface TrialExtendPayload {
  readonly appSubscription: Subscription | null;
  readonly userErrors: readonly (UserError & { readonly code: string })[];
}

interface PurchasePayload {
  readonly appPurchaseOneTime: OneTimePurchase | null;
  readonly confirmationUrl: string | null;
  readonly userErrors: readonly UserError[];
}

/**
 * The fields of `QueryRoot` and `Mutation`, one method each. GraphQL.js finds all other fields on the
 * objects that these return.
 */
export class AdminRoot {
  currentAppInstallation(_: unknown, { account }: RequestContext): AppInstallation {
    return account.installation;
  }

  /** Without an id, the app that asks. Other apps do not exist here. */
  app({ id }: { readonly id?: string | null }, { account }: RequestContext): App | null {
    const { app } = account.installation;
    return id === undefined || id === null || id === app.id ? app : null;
  }

  appByHandle({ handle }: { readonly handle: string }, { account }: RequestContext): App | null {
    return handle === account.app ? account.installation.app : null;
  }

  appByKey({ apiKey }: { readonly apiKey: string }, { account }: RequestContext): App | null {
    return apiKey === account.apiKey ? account.installation.app : null;
  }

  /** Without an id, the installation of the app that asks. */
  appInstallation(
    { id }: { readonly id?: string | null },
    { account: { installation } }: RequestContext,
  ): AppInstallation | null {
    return id === undefined || id === null || id === installation.id ? installation : null;
  }

  /** The credits of `currentAppInstallation`, which `unstable` has at the root as well. */
  appCredits(args: ConnectionArguments, { account }: RequestContext): Connection<AppCredit> {
    return account.credits.page(args);
  }

  /** What another shop or app owns does not exist here. */
  node({ id }: { readonly id: string }, { account }: RequestContext): Node | null {
    return account.node(id);
  }

  nodes(
    { ids }: { readonly ids: readonly string[] },
    context: RequestContext,
  ): readonly (Node | null)[] {
    return ids.map((id) => this.node({ id }, context));
  }

  appUsageRecordCreate(
    input: UsageRecordInput,
    context: RequestContext,
  ): UsageRecordPayload | Promise<UsageRecordPayload> {
    mayManageBilling(context, "appUsageRecordCreate");
    if (context.fault?.name === "resolverError") {
      // Captured from live stores, for other mutations.
      const { code = "RESOURCE_NOT_FOUND", message = "invalid id" } = context.fault;
      throw new GraphQLError(message, { extensions: { code } });
    }
    if (context.fault?.name === "keyInProgress") return KEY_IN_PROGRESS;
    const payload = createUsageRecord(context.account, input, context);
    if (context.fault?.name !== "nullRecord") return payload;
    return Promise.resolve(payload).then(({ userErrors }) => ({
      userErrors,
      get appUsageRecord(): never {
        const { message, extensions } = internalError(context.requestId);
        throw new GraphQLError(message, { extensions: { ...extensions } });
      },
    }));
  }

  appSubscriptionCreate(input: SubscriptionInput, context: RequestContext): SubscriptionPayload {
    mayManageBilling(context, "appSubscriptionCreate");
    const { account } = context;
    const billing = account.billingRefusal;
    if (billing !== null) return refused(userError(null, billing));
    const terms = readSubscriptionInput(input);
    if ("message" in terms) return refused(terms);
    const subscription = account.addSubscription(terms);
    return {
      appSubscription: subscription,
      confirmationUrl: subscription.confirmationUrl,
      userErrors: [],
    };
  }

  appSubscriptionCancel(
    { id }: { readonly id: string },
    context: RequestContext,
  ): SubscriptionPayload {
    mayManageBilling(context, "appSubscriptionCancel");
    const subscription = context.account.subscription(id);
    // Asserted by an emulator.
    if (subscription === null) {
      return refused(userError(["id"], "Couldn't find RecurringApplicationCharge"));
    }
    // Reported by developers. That it has no field is a choice: unknown.
    if (["CANCELLED", "DECLINED", "EXPIRED"].includes(subscription.status)) {
      return refused(userError(null, "RecurringApplicationCharge::InvalidTransitionError"));
    }
    context.account.subscriptions.change(subscription, "CANCELLED");
    return { appSubscription: subscription, userErrors: [] };
  }

  /** All its errors are asserted by an emulator, not captured. */
  appSubscriptionLineItemUpdate(
    { id, cappedAmount }: { readonly id: string; readonly cappedAmount: Money },
    context: RequestContext,
  ): SubscriptionPayload {
    mayManageBilling(context, "appSubscriptionLineItemUpdate");
    const { account } = context;
    const billing = account.billingRefusal;
    if (billing !== null) return refused(userError(null, billing));
    const lineItem = account.lineItem(id);
    if (lineItem === null) return refused(userError(["id"], "Invalid id"));
    const { usagePricing } = lineItem;
    const subscription = account.subscription(lineItem.subscription.id);
    if (subscription === null || usagePricing === null) {
      return refused(userError(null, "Only variable subscriptions can be updated."));
    }
    if (subscription.status !== "ACTIVE") {
      return refused(userError(null, "Subscription is not active"));
    }
    const { currencyCode } = usagePricing;
    if (cappedAmount.currencyCode !== currencyCode) {
      return refused(userError(["cappedAmount"], `Currency code must be ${currencyCode}`));
    }
    const cap = parseDecimal(cappedAmount.amount);
    if (cap === null || !usagePricing.isBelow(cap)) {
      return refused(
        userError(
          ["cappedAmount"],
          "Spending limit can only be increased. Please contact the app developer to decrease spending limit.",
        ),
      );
    }
    const confirmationUrl = account.requestCap(subscription, lineItem, cap);
    return { appSubscription: subscription, confirmationUrl, userErrors: [] };
  }

  /** The codes are documented by Shopify; the texts are a choice: unknown. */
  appSubscriptionTrialExtend(
    { id, days }: { readonly id: string; readonly days: number },
    context: RequestContext,
  ): TrialExtendPayload {
    mayManageBilling(context, "appSubscriptionTrialExtend");
    const subscription = context.account.subscription(id);
    const refuse = (code: string, message: string): TrialExtendPayload => ({
      appSubscription: null,
      userErrors: [{ ...userError(["id"], message), code }],
    });
    if (subscription === null) {
      return refuse("SUBSCRIPTION_NOT_FOUND", "The app subscription wasn't found.");
    }
    if (subscription.status !== "ACTIVE") {
      return refuse("SUBSCRIPTION_NOT_ACTIVE", "The app subscription isn't active.");
    }
    if (!subscription.isInTrial()) {
      return refuse("TRIAL_NOT_ACTIVE", "The trial isn't active.");
    }
    if (days <= 0 || days > 1000) {
      throw new GraphQLError("days must be greater than 0 and less than or equal to 1000", {
        extensions: { code: "BAD_REQUEST" },
      });
    }
    context.account.extendTrial(subscription, days);
    return { appSubscription: subscription, userErrors: [] };
  }

  /** The texts are a choice: unknown. */
  appPurchaseOneTimeCreate(
    input: {
      readonly name: string;
      readonly price: Money;
      readonly returnUrl: string;
      readonly test?: boolean | null;
    },
    context: RequestContext,
  ): PurchasePayload {
    mayManageBilling(context, "appPurchaseOneTimeCreate");
    const { account } = context;
    const refuse = (error: UserError): PurchasePayload => ({
      appPurchaseOneTime: null,
      confirmationUrl: null,
      userErrors: [error],
    });
    const billing = account.billingRefusal;
    if (billing !== null) return refuse(userError(null, billing));
    if (input.name.trim() === "") return refuse(userError(["name"], "Name can't be blank"));
    if (!isReturnUrl(input.returnUrl)) {
      return refuse(userError(["returnUrl"], "Return url is invalid"));
    }
    const price = parseDecimal(input.price.amount);
    if (price === null || !price.gt(0)) {
      return refuse(userError(["price"], "must be greater than zero"));
    }
    const purchase = account.addPurchase({
      name: input.name,
      price: money(price, input.price.currencyCode),
      test: input.test ?? false,
      returnUrl: input.returnUrl,
    });
    return {
      appPurchaseOneTime: purchase,
      confirmationUrl: purchase.confirmationUrl,
      userErrors: [],
    };
  }
}

function refused(error: UserError): SubscriptionPayload {
  return { appSubscription: null, confirmationUrl: null, userErrors: [error] };
}

/** @throws GraphQLError with code ACCESS_DENIED if the user of the token may not manage billing. */
function mayManageBilling({ account, fault }: RequestContext, field: string): void {
  if (account.mayManageBilling && fault?.name !== "accessDenied") return;
  throw accessDenied(field);
}
