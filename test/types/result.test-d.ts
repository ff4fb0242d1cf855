import { narrowUserErrors } from "shopify-usage-billing/2026-10";
import type {
  CreateUsageRecordResult,
  Meta,
  MutationResult,
  SubscriptionUserError,
  UsageBillingClient,
  UsageRecord,
  UsageRecordUserError,
  UsageRecordUserErrorCode,
} from "shopify-usage-billing/2026-10";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { expectTypeOf, test } from "vitest";

declare const billing: UsageBillingClient;

test("the result of a charge narrows both ways", () => {
  const read = (result: CreateUsageRecordResult): void => {
    expectTypeOf(result).not.toBeAny();
    if (result.ok) {
      expectTypeOf(result.usageRecord).toEqualTypeOf<UsageRecord>();
      expectTypeOf(result.usageRecord.price.amount).toEqualTypeOf<string>();
      expectTypeOf(result).not.toHaveProperty("userErrors");
      expectTypeOf(result).not.toHaveProperty("certainty");
    } else {
      expectTypeOf(result.userErrors[0]).toEqualTypeOf<UsageRecordUserError>();
      expectTypeOf(result.userErrors[1]).toEqualTypeOf<UsageRecordUserError | undefined>();
      expectTypeOf(result.certainty).toEqualTypeOf<"notApplied" | "unknown">();
      expectTypeOf(result).not.toHaveProperty("usageRecord");
    }
    expectTypeOf(result.meta).toExtend<Meta>();
    expectTypeOf(result.meta.idempotencyKey).toEqualTypeOf<string>();
    expectTypeOf(result.meta.attempts).toEqualTypeOf<number | null>();
  };
  expectTypeOf(read).toBeFunction();
});

test("its two arms are all there are", () => {
  const read = (result: CreateUsageRecordResult): string => {
    switch (result.ok) {
      case true:
        return result.usageRecord.id;
      case false:
        return result.userErrors[0].message;
    }
  };
  expectTypeOf(read).returns.toEqualTypeOf<string>();

  const withoutOne = (result: CreateUsageRecordResult): never => {
    if (result.ok) throw new Error("ok");
    // @ts-expect-error -- the other arm is left
    return result;
  };
  expectTypeOf(withoutOne).returns.toEqualTypeOf<never>();
});

test("the codes are a closed union that a switch can exhaust", () => {
  const read = (code: UsageRecordUserErrorCode): string => {
    switch (code) {
      case "CAPPED_AMOUNT_EXCEEDED":
      case "CHARGE_FAILED":
      case "IDEMPOTENCY_KEY_TOO_LONG":
      case "IDEMPOTENCY_KEY_IN_USE":
      case "DESCRIPTION_BLANK":
      case "LINE_ITEM_NOT_FOUND":
      case "SUBSCRIPTION_NOT_ACTIVE":
      case "BILLING_NOT_ALLOWED":
      case "UNKNOWN":
        return code;
    }
  };
  expectTypeOf(read).returns.toEqualTypeOf<string>();
});

test("a result cannot be changed", () => {
  const change = (result: CreateUsageRecordResult): void => {
    if (!result.ok) return;
    // @ts-expect-error -- read only
    result.usageRecord.price.amount = "0.0";
  };
  expectTypeOf(change).toBeFunction();
});

type Code = "TAKEN" | "INVALID";
declare const CreateThing: TypedDocumentNode<
  {
    readonly thingCreate: {
      readonly thing: { readonly id: string } | null;
      readonly count: number;
      readonly userErrors: readonly {
        readonly code: Code | null;
        readonly field: readonly string[] | null;
        readonly message: string;
      }[];
    } | null;
  },
  { name: string }
>;

test("a mutation's payload lacks its user errors; what may be null still may", () => {
  expectTypeOf(billing.mutate(CreateThing, { name: "a" })).resolves.toEqualTypeOf<
    MutationResult<
      Omit<
        {
          readonly thing: { readonly id: string } | null;
          readonly count: number;
          readonly userErrors: never;
        },
        "userErrors"
      >,
      {
        readonly code: Code | null;
        readonly field: readonly string[] | null;
        readonly message: string;
      }
    >
  >();
  const read = async (): Promise<void> => {
    const result = await billing.mutate(CreateThing, { name: "a" });
    if (result.ok) {
      expectTypeOf(result.payload.thing).toEqualTypeOf<{ readonly id: string } | null>();
      expectTypeOf(result.payload.count).toEqualTypeOf<number>();
      // @ts-expect-error -- it has none
      void result.payload.userErrors;
    } else {
      expectTypeOf(result.userErrors[0].code).toEqualTypeOf<Code | null>();
    }
  };
  expectTypeOf(read).toBeFunction();
});

test("the managing calls have codes of their own", () => {
  const read = async (): Promise<void> => {
    const result = await billing.cancelSubscription({ id: "gid://shopify/AppSubscription/1" });
    if (result.ok) return;
    expectTypeOf(result.userErrors[0]).toEqualTypeOf<SubscriptionUserError>();
    expectTypeOf(result.retryable).toEqualTypeOf<boolean>();
    expectTypeOf(result.retryAfter).toEqualTypeOf<number | null>();
  };
  expectTypeOf(read).toBeFunction();
});

test("mutate takes no document without user errors, and no other variables", () => {
  const Query = {} as TypedDocumentNode<{ readonly shop: { readonly id: string } }, { id: string }>;
  const calls = (): void => {
    // @ts-expect-error -- its data has no user errors
    void billing.mutate(Query, { id: "1" });
    // @ts-expect-error -- a variable is missing
    void billing.mutate(CreateThing, {});
    // @ts-expect-error -- a variable is of another type
    void billing.mutate(CreateThing, { name: 5 });
    // @ts-expect-error -- a variable is unknown
    void billing.mutate(CreateThing, { name: "a", nick: "b" });
  };
  expectTypeOf(calls).toBeFunction();
  expectTypeOf(billing.query(Query, { id: "1" })).resolves.toEqualTypeOf<{
    readonly shop: { readonly id: string };
  }>();
});

test("narrowUserErrors keeps exact types", () => {
  const narrow = (payload: {
    readonly thing: { readonly id: string } | null;
    readonly userErrors: readonly { readonly code: Code; readonly message: string }[];
  }): void => {
    const result = narrowUserErrors(payload);
    if (result.ok) {
      expectTypeOf(result.payload.thing).toEqualTypeOf<{ readonly id: string } | null>();
    } else expectTypeOf(result.userErrors[0].code).toEqualTypeOf<Code>();
  };
  expectTypeOf(narrow).toBeFunction();
  // @ts-expect-error -- no user errors
  void narrowUserErrors({ thing: null });
});

test("what the managing calls give may be null, as in the schema", () => {
  type Created = Awaited<ReturnType<UsageBillingClient["createSubscription"]>>;
  type Payload = Extract<Created, { ok: true }>["payload"];
  expectTypeOf<null>().toExtend<Payload["appSubscription"]>();
  expectTypeOf<Payload["confirmationUrl"]>().toEqualTypeOf<string | null>();
  expectTypeOf<NonNullable<Payload["appSubscription"]>["status"]>().toEqualTypeOf<
    "ACCEPTED" | "ACTIVE" | "CANCELLED" | "DECLINED" | "EXPIRED" | "FROZEN" | "PENDING"
  >();
});

test("reading gives records, null and lists", () => {
  expectTypeOf(billing.usageRecord).returns.resolves.toEqualTypeOf<UsageRecord | null>();
  expectTypeOf(billing.findUsageRecord).returns.resolves.toEqualTypeOf<UsageRecord | null>();
  expectTypeOf(billing.usageRecords()).toExtend<AsyncIterable<UsageRecord>>();
  expectTypeOf(billing.usageRecords().pages()).toEqualTypeOf<
    AsyncIterable<readonly UsageRecord[]>
  >();
  type LineItem = Awaited<ReturnType<UsageBillingClient["activeUsageLineItem"]>>;
  expectTypeOf<null>().toExtend<LineItem>();
  expectTypeOf<NonNullable<LineItem>["interval"]>().toEqualTypeOf<"ANNUAL" | "EVERY_30_DAYS">();
  expectTypeOf<NonNullable<LineItem>["balanceRemaining"]["amount"]>().toEqualTypeOf<string>();
  expectTypeOf<NonNullable<LineItem>["currentPeriodEnd"]>().toEqualTypeOf<string | null>();
});
