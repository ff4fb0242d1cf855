import { expectTypeOf, test } from "vitest";
import * as api2026 from "../versions/2026-10.js";
import * as entry from "./index.js";
import type { Api, AppUsageRecordCreateDocument } from "../versions/2026-10.js";

test("each arm of a reading says what it has", () => {
  const read = (): ReturnType<typeof entry.useUsageBalance> => entry.useUsageBalance();
  type Arms = ReturnType<typeof read>;
  expectTypeOf<Arms["status"]>().toEqualTypeOf<"loading" | "error" | "noPlan" | "ready">();
  expectTypeOf<Extract<Arms, { status: "loading" }>["data"]>().toEqualTypeOf<null>();
  expectTypeOf<Extract<Arms, { status: "noPlan" }>["data"]>().toEqualTypeOf<null>();
  expectTypeOf<Extract<Arms, { status: "ready" }>["error"]>().toEqualTypeOf<null>();
  expectTypeOf<Extract<Arms, { status: "error" }>["error"]>().toEqualTypeOf<entry.ReadError>();
  expectTypeOf<Extract<Arms, { status: "ready" }>["data"]>().toEqualTypeOf<
    entry.UsageBalance<Api>
  >();
});

test("destructured readings narrow", () => {
  const Component = (): string | null => {
    const { status, data, error } = entry.useUsageRecords();
    if (status === "error") return error.name;
    if (status !== "ready") {
      expectTypeOf(data).toEqualTypeOf<null>();
      return data;
    }
    expectTypeOf(data).toEqualTypeOf<readonly entry.UsageRecord[]>();
    return data[0]?.price.amount ?? null;
  };
  expectTypeOf(Component).returns.toEqualTypeOf<string | null>();
});

test("amounts are decimal strings, never floats", () => {
  type Balance = entry.UsageBalance<Api>;
  expectTypeOf<Balance["balanceRemaining"]["amount"]>().toEqualTypeOf<string>();
  expectTypeOf<Balance["balanceUsed"]["amount"]>().toEqualTypeOf<string>();
  expectTypeOf<Balance["cappedAmount"]["currencyCode"]>().toEqualTypeOf<Api["CurrencyCode"]>();
  expectTypeOf<Balance["interval"]>().toEqualTypeOf<"ANNUAL" | "EVERY_30_DAYS">();
});

test("the name of an error identifies it", () => {
  expectTypeOf<Extract<entry.ReadError, { name: "ThrottledError" }>>()
    .toHaveProperty("retryAfter")
    .toEqualTypeOf<number | null>();
  // Errors that only charging can cause are not among them.
  expectTypeOf<
    Extract<entry.ReadError["name"], "IdempotencyConflictError" | "AbortedError">
  >().toEqualTypeOf<never>();
});

test("hooks of another API version have its types, and take no mutation", () => {
  const { ActiveSubscriptionsDocument, UsageRecordsDocument } = api2026;
  const hooks = entry.createUsageBillingHooks<api2026.Api>({
    ActiveSubscriptionsDocument,
    UsageRecordsDocument,
  });
  type Input = NonNullable<Parameters<typeof hooks.useUsageRecords>[0]>;
  expectTypeOf<NonNullable<Input["sortKey"]>>().toEqualTypeOf<"CREATED_AT" | "ID">();
  type Mutation = typeof AppUsageRecordCreateDocument;
  expectTypeOf<Mutation>().not.toExtend<entry.ReadDocuments<Api>[keyof entry.ReadDocuments<Api>]>();
  // @ts-expect-error -- a mutation is not among the documents
  entry.createUsageBillingHooks<api2026.Api>({ ...api2026, UsageRecordsDocument: null });
});

test("no export can charge", () => {
  expectTypeOf<keyof typeof entry>().toEqualTypeOf<
    | "UsageBillingProvider"
    | "createReadingClient"
    | "createUsageBillingHooks"
    | "useUsageBalance"
    | "useUsageLineItem"
    | "useUsageRecords"
  >();
});

test("a provider takes an endpoint, an API version or a client, and not both", () => {
  const { UsageBillingProvider } = entry;
  type Props = Parameters<typeof UsageBillingProvider>[0];
  expectTypeOf<{ endpoint: string }>().toExtend<Props>();
  expectTypeOf<{ apiVersion: "2026-10" }>().toExtend<Props>();
  expectTypeOf<object>().toExtend<Props>();
  type Client = ReturnType<typeof entry.createReadingClient>;
  expectTypeOf<{ client: Client }>().toExtend<Props>();
  expectTypeOf<{ client: Client; endpoint: string }>().not.toExtend<Props>();
  expectTypeOf<{ apiVersion: "2024-10" }>().not.toExtend<Props>();
});
