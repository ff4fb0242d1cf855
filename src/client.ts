import type { AdminApi, BillingContext, Documents } from "./admin-api.js";
import { checkCallOptions } from "./call-options.js";
import { documentFrom, type AnyDocument } from "./document-text.js";
import { query } from "./execute.js";
import type { CallOptions } from "./input.js";
import type { PayloadOf, UserErrorOf } from "./narrow.js";
import {
  activeUsageLineItem,
  type ActiveUsageLineItem,
  type ActiveUsageLineItemInput,
} from "./operations/active-usage-line-item.js";
import type { CreateUsageRecordInput } from "./operations/charge.js";
import {
  createUsageRecord,
  type CreateUsageRecordResult,
} from "./operations/create-usage-record.js";
import {
  createUsageRecords,
  type BulkInput,
  type BulkProblem,
  type BulkOptions,
  type BulkOutcome,
} from "./operations/create-usage-records.js";
import {
  cancelSubscription,
  createSubscription,
  updateCappedAmount,
  type CancelSubscriptionInput,
  type ConfirmationPayload,
  type CreateSubscriptionInput,
  type SubscriptionPayload,
  type UpdateCappedAmountInput,
} from "./operations/manage-subscription.js";
import { mutate, type MutationData, type MutationPayload } from "./operations/mutate.js";
import type { Nodes } from "./operations/pages.js";
import { subscription } from "./operations/subscription.js";
import { subscriptions, type PageInput } from "./operations/subscriptions.js";
import {
  findUsageRecord,
  usageRecord,
  type FindUsageRecordInput,
} from "./operations/usage-record.js";
import { usageRecords, type UsageRecordsInput } from "./operations/usage-records.js";
import { checkOptions, type UsageBillingClientOptions } from "./options.js";
import type { MutationResult } from "./result.js";
import { SeenRecords } from "./seen-records.js";
import { createTransport } from "./transport/transport.js";
import type { SubscriptionUserError } from "./user-error.js";

/**
 * Usage billing for one shop.
 *
 * @remarks
 * A method rejects with a `UsageBillingError` if the call failed. What Shopify refused is a result
 * with `ok: false`. The methods need no `this`. Keep one client for each shop: it paces the
 * shop's calls.
 */
export interface UsageBillingClient<Api extends AdminApi = AdminApi> {
  /**
   * Charges the merchant for usage, exactly once for each idempotency key.
   *
   * @throws InvalidInputError before anything is sent; NoActiveUsageLineItemError;
   * IdempotencyConflictError; and the errors of the connection, whose `certainty` says whether the
   * merchant can have been charged
   *
   * @example
   * ```ts
   * const result = await billing.createUsageRecord({
   *   description: "1000 emails",
   *   price: { amount: "1.00", currencyCode: "USD" },
   *   idempotencyKey: event.id,
   * });
   * if (result.ok) result.usageRecord.price.amount; // "1.0"
   * else result.userErrors[0].code; // "CAPPED_AMOUNT_EXCEEDED"
   * ```
   */
  readonly createUsageRecord: (
    input: CreateUsageRecordInput<Api["CurrencyCode"]>,
    options?: CallOptions,
  ) => Promise<CreateUsageRecordResult<Api["UsageRecord"]>>;

  /**
   * Charges many usage records, a bounded number at a time; the results come as they finish.
   *
   * The source is read no faster than it is charged. An invalid item never stops the rest: it is
   * returned with its `error`. After an abort, no new charge is started, those in flight are
   * returned, and then the iteration throws `AbortedError`. Leaving the loop aborts what is in
   * flight.
   *
   * @example
   * ```ts
   * for await (const { input, result, error } of billing.createUsageRecords(events)) {
   *   if (result?.ok) await markCharged(input.idempotencyKey);
   * }
   * ```
   */
  readonly createUsageRecords: <Input extends BulkInput<Api["CurrencyCode"]>>(
    this: BulkProblem<Input, Api["CurrencyCode"]>,
    inputs: AsyncIterable<Input> | Iterable<Input>,
    options?: BulkOptions,
  ) => AsyncGenerator<BulkOutcome<Input, Api["LeanUsageRecord"]>, void, undefined>;

  /** Reads the usage record with an id; `null` if the shop has none. @throws InvalidInputError for a malformed id */
  readonly usageRecord: (id: string, options?: CallOptions) => Promise<Api["UsageRecord"] | null>;

  /**
   * Finds the usage record that was made with an idempotency key, or `null`; charges nothing.
   *
   * @remarks
   * It settles a charge of `certainty: "unknown"`. `null` shortly after a failure proves nothing:
   * the request may still be on its way. Calling `createUsageRecord` again with the same key does. Of two
   * records with the key it returns the older one, and emits a `warning` event with both ids.
   */
  readonly findUsageRecord: (
    input: FindUsageRecordInput,
    options?: CallOptions,
  ) => Promise<Api["UsageRecord"] | null>;

  /**
   * Reads the usage records of the active usage line item, of another line item, or of a subscription.
   *
   * @remarks
   * The next page is requested when half of the current one is consumed.
   *
   * @example
   * ```ts
   * for await (const record of billing.usageRecords({ reverse: true })) console.log(record.id);
   * ```
   */
  readonly usageRecords: (
    input?: UsageRecordsInput<Api["UsageRecordSortKey"]>,
    options?: CallOptions,
  ) => Nodes<Api["UsageRecord"]>;

  /** Reads the line item that usage is charged to, with its balance and cap; `null` if there is none. */
  readonly activeUsageLineItem: (
    input?: ActiveUsageLineItemInput,
    options?: CallOptions,
  ) => Promise<ActiveUsageLineItem<Api> | null>;

  /**
   * Reads the subscription with the given id, in any status; `null` if the shop has none.
   *
   * @throws InvalidInputError if the id is malformed
   */
  readonly subscription: (id: string, options?: CallOptions) => Promise<Api["Subscription"] | null>;

  /** Reads all subscriptions of the app in the shop, of any status, with their line items. */
  readonly subscriptions: (
    input?: PageInput<Api["SubscriptionSortKey"]>,
    options?: CallOptions,
  ) => Nodes<Api["Subscription"]>;

  /**
   * Asks the merchant for a higher capped amount. The cap stays as it is until the merchant
   * confirms at `payload.confirmationUrl`.
   */
  readonly updateCappedAmount: (
    input: UpdateCappedAmountInput<Api["CurrencyCode"]>,
    options?: CallOptions,
  ) => Promise<MutationResult<ConfirmationPayload<Api["Subscription"]>, SubscriptionUserError>>;

  /**
   * Proposes a subscription with a usage line item. It becomes active when the merchant confirms at
   * `payload.confirmationUrl`.
   */
  readonly createSubscription: (
    input: CreateSubscriptionInput<Api>,
    options?: CallOptions,
  ) => Promise<MutationResult<ConfirmationPayload<Api["Subscription"]>, SubscriptionUserError>>;

  /** Cancels a subscription. */
  readonly cancelSubscription: (
    input: CancelSubscriptionInput,
    options?: CallOptions,
  ) => Promise<MutationResult<SubscriptionPayload<Api["Subscription"]>, SubscriptionUserError>>;

  /**
   * Runs any query and resolves to its data, typed as the document is.
   *
   * @throws GraphQLRequestError even if there is data beside the GraphQL errors
   */
  readonly query: <Data, Variables extends object>(
    document: AnyDocument<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: CallOptions,
  ) => Promise<Data>;

  /**
   * Runs any mutation whose payload has `userErrors`, and narrows the result.
   *
   * @remarks
   * It is retried after a failure only if the server certainly executed nothing, or if the document
   * passes an `idempotencyKey`.
   */
  readonly mutate: <Data extends MutationData, Variables extends object>(
    document: AnyDocument<Data, Variables>,
    variables: NoInfer<Variables>,
    options?: CallOptions,
  ) => Promise<
    MutationResult<PayloadOf<MutationPayload<Data>>, UserErrorOf<MutationPayload<Data>>>
  >;
}

/** Binds one API version's documents to a client for one shop. Each version's entry calls it. */
export function createClient<Api extends AdminApi>(
  apiVersion: string,
  documents: Documents<Api>,
  options: UsageBillingClientOptions,
): UsageBillingClient<Api> {
  const checked = checkOptions(options, apiVersion);
  const transport = createTransport(checked, apiVersion);
  const onEvent = "onEvent" in checked ? checked.onEvent : undefined;
  const context: BillingContext<Api> = {
    transport,
    documents,
    onEvent,
    seenRecords: new SeenRecords(),
  };
  // `async`, so that an invalid option rejects the promise like any other failure.
  return {
    createUsageRecord: async (input, options) =>
      await createUsageRecord(context, input, checkCallOptions(options)),
    createUsageRecords: (inputs, options) => createUsageRecords(context, inputs, options),
    usageRecord: async (id, options) => await usageRecord(context, id, checkCallOptions(options)),
    findUsageRecord: async (input, options) =>
      await findUsageRecord(context, input, checkCallOptions(options)),
    usageRecords: (input, options) => usageRecords(context, input, checkCallOptions(options)),
    activeUsageLineItem: async (input, options) =>
      await activeUsageLineItem(context, input, checkCallOptions(options)),
    subscription: async (id, options) => await subscription(context, id, checkCallOptions(options)),
    subscriptions: (input, options) => subscriptions(context, input, checkCallOptions(options)),
    updateCappedAmount: async (input, options) =>
      await updateCappedAmount(context, input, checkCallOptions(options)),
    createSubscription: async (input, options) =>
      await createSubscription(context, input, checkCallOptions(options)),
    cancelSubscription: async (input, options) =>
      await cancelSubscription(context, input, checkCallOptions(options)),
    query: async (document, variables, options) =>
      (await query(transport, documentFrom(document), variables, checkCallOptions(options))).data,
    mutate: async (document, variables, options) =>
      await mutate(transport, documentFrom(document), variables, checkCallOptions(options)),
  };
}
