import { expectTypeOf, test } from "vitest";
import type { ApiVersion, defaultApiVersion } from "./api-versions.js";
import type * as january2025 from "./versions/2025-01.js";
import type * as october2026 from "./versions/2026-10.js";

/** What a version's client takes to sort usage records by. */
type SortKey<Client extends { usageRecords: (input?: { sortKey?: never }) => unknown }> =
  NonNullable<Parameters<Client["usageRecords"]>[0]> extends { readonly sortKey?: infer Key }
    ? NonNullable<Key>
    : never;

test("an app that changes its import path meets what really changed", () => {
  expectTypeOf<january2025.AppUsageRecordSortKeys>().toEqualTypeOf<
    "CREATED_AT" | "ID" | "RELEVANCE"
  >();
  expectTypeOf<october2026.AppUsageRecordSortKeys>().toEqualTypeOf<"CREATED_AT" | "ID">();
  expectTypeOf<"USDC">().not.toExtend<january2025.CurrencyCode>();
  expectTypeOf<"USDC">().toExtend<october2026.CurrencyCode>();
});

test("a version's client takes that version's values", () => {
  expectTypeOf<SortKey<january2025.UsageBillingClient>>().toEqualTypeOf<
    "CREATED_AT" | "ID" | "RELEVANCE"
  >();
  expectTypeOf<SortKey<october2026.UsageBillingClient>>().toEqualTypeOf<"CREATED_AT" | "ID">();
});

test("versions are a closed union", () => {
  expectTypeOf<"2026-10">().toExtend<ApiVersion>();
  expectTypeOf<"2024-10">().not.toExtend<ApiVersion>();
  expectTypeOf<string>().not.toExtend<ApiVersion>();
  expectTypeOf<typeof defaultApiVersion>().toExtend<ApiVersion>();
});

test("enums, money and nullability are Shopify's", () => {
  type Create = NonNullable<october2026.AppUsageRecordCreateMutation["appUsageRecordCreate"]>;
  expectTypeOf<Create["userErrors"][number]>().toEqualTypeOf<{
    readonly field: readonly string[] | null;
    readonly message: string;
  }>();
  expectTypeOf<october2026.UsageRecordFragment["price"]["amount"]>().toEqualTypeOf<string>();
  expectTypeOf<october2026.UsageRecordFragment["idempotencyKey"]>().toEqualTypeOf<string | null>();
  expectTypeOf<october2026.MoneyInput["amount"]>().toEqualTypeOf<string>();
});
