import "../../test/react/dom.js";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { appBridgeFetch } from "../../test/react/app-bridge.js";
import { createAdminSimulator, type AdminSimulator, type Shop } from "../testing/index.js";
import {
  createReadingClient,
  UsageBillingProvider,
  useUsageBalance,
  useUsageLineItem,
  useUsageRecords,
  type ReadingClientOptions,
} from "./index.js";

const DOMAIN = "example.myshopify.com";
const USD = "USD";

let admin: AdminSimulator;
let shop: Shop;

beforeEach(() => {
  admin = createAdminSimulator({ now: "2025-01-31T12:00:00Z" });
  shop = admin.addShop({ shop: DOMAIN, accessToken: "shpat_test" });
});
afterEach(cleanup);

/** Everything below a provider whose requests go where App Bridge sends them. */
function provider(
  options: ReadingClientOptions = {},
): (props: { children: ReactNode }) => ReactNode {
  const client = createReadingClient({
    fetch: appBridgeFetch(admin, DOMAIN, "shpat_test"),
    retry: false,
    ...options,
  });
  return ({ children }) => <UsageBillingProvider client={client}>{children}</UsageBillingProvider>;
}

function subscribe(cap: string, used?: string): ReturnType<Shop["createSubscription"]> {
  return shop.createSubscription({
    cappedAmount: { amount: cap, currencyCode: USD },
    terms: "$1 for 1000 emails",
    status: "ACTIVE",
    ...(used !== undefined && { balanceUsed: used }),
  });
}

function charge(count: number): void {
  const from = Date.parse("2025-01-10T00:00:00Z");
  shop.addUsageRecords(
    Array.from({ length: count }, (_, index) => ({
      price: "1.00",
      description: `Usage ${index + 1}`,
      createdAt: from + index * 60_000,
    })),
  );
}

function requests(): readonly (string | null)[] {
  return admin.requests.map(({ operationName }) => operationName);
}

describe("useUsageBalance", () => {
  test("goes from loading to exact amounts", async () => {
    subscribe("100.00", "12.50");
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    expect(result.current).toMatchObject({ status: "loading", data: null, error: null });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(result.current).toMatchObject({
      error: null,
      refreshing: false,
      data: {
        balanceUsed: { amount: "12.5", currencyCode: USD },
        cappedAmount: { amount: "100.0", currencyCode: USD },
        balanceRemaining: { amount: "87.5", currencyCode: USD },
        percentUsed: 12,
        level: "normal",
        test: false,
      },
    });
  });

  test("never rounds", async () => {
    subscribe("9007199254740993.01", "9007199254740992.99");
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(result.current.data).toMatchObject({
      balanceUsed: { amount: "9007199254740992.99" },
      balanceRemaining: { amount: "0.02" },
      percentUsed: 99,
      level: "approaching",
    });
  });

  test.each([
    ["100", undefined, 0, "normal"],
    ["100", "89.99", 89, "normal"],
    ["100", "90", 90, "approaching"],
    ["100", "99.999", 99, "approaching"],
    ["100", "100", 100, "reached"],
    ["100", "100.5", 100, "reached"],
    ["0.3", "0.9", 300, "reached"],
  ])("a cap of %s with %s used", async (cap, used, percentUsed, level) => {
    subscribe(cap, used);
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    await waitFor(() => expect(result.current.data).toMatchObject({ percentUsed, level }));
  });

  test("reports noPlan if there is no plan, or only a test one that is not eligible", async () => {
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("noPlan"));
    shop.createSubscription({
      cappedAmount: { amount: "10", currencyCode: USD },
      test: true,
      status: "ACTIVE",
    });
    act(() => result.current.refresh());
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(result.current.data?.test).toBe(true);
    const real = renderHook(() => useUsageBalance({ isTest: false }), { wrapper: provider() });
    await waitFor(() => expect(real.result.current.status).toBe("noPlan"));
  });

  test("keeps its data if a refresh fails, and recovers", async () => {
    subscribe("100", "10");
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    admin.faults.next({ name: "serverErrorBefore", status: 503 });
    act(() => result.current.refresh());
    await waitFor(() => expect(result.current.status).toBe("error"));
    expect(result.current).toMatchObject({
      data: { balanceUsed: { amount: "10.0" } },
      error: { name: "ServerError", status: 503 },
      refreshing: false,
    });
    shop.addUsageRecords([{ price: "5" }]);
    act(() => result.current.refresh());
    expect(result.current.refreshing).toBe(true);
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(result.current).toMatchObject({
      data: { balanceUsed: { amount: "15.0" } },
      error: null,
    });
  });

  test("shares one request between components, in strict mode too", async () => {
    subscribe("100");
    const { result } = renderHook(
      () => [useUsageBalance(), useUsageLineItem(), useUsageBalance()] as const,
      {
        wrapper: ({ children }) => {
          const Wrapper = provider();
          return (
            <StrictMode>
              <Wrapper>{children}</Wrapper>
            </StrictMode>
          );
        },
      },
    );
    await waitFor(() =>
      expect(result.current.every(({ status }) => status === "ready")).toBe(true),
    );
    expect(requests()).toEqual(["ActiveSubscriptions"]);
  });
});

describe("errors are the client's own", () => {
  test.each([
    ["frozen", "ShopUnavailableError", 402],
    ["forbidden", "AccessDeniedError", 403],
    ["closed", "ShopUnavailableError", 404],
    ["locked", "ShopUnavailableError", 423],
  ] as const)("a shop that is %s", async (status, name, httpStatus) => {
    subscribe("100");
    shop.setStatus(status);
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("error"));
    expect(result.current.error).toMatchObject({ name, status: httpStatus });
    expect(result.current.data).toBeNull();
  });

  test.each([
    ["unauthorized", "AuthenticationError"],
    ["tooManyRequests", "ThrottledError"],
    ["throttled", "ThrottledError"],
    ["lostBefore", "NetworkError"],
    ["internalErrorBefore", "ServerError"],
    ["brokenJson", "InvalidResponseError"],
    ["redirect", "InvalidResponseError"],
  ] as const)("%s", async (fault, name) => {
    subscribe("100");
    admin.faults.next(fault);
    const { result } = renderHook(() => useUsageBalance(), { wrapper: provider() });
    await waitFor(() => expect(result.current.error?.name).toBe(name));
  });

  test("no answer in time", async () => {
    subscribe("100");
    admin.faults.next("noAnswerBefore");
    const wrapper = provider({ timeout: 20 });
    const { result } = renderHook(() => useUsageBalance(), { wrapper });
    await waitFor(() => expect(result.current.error?.name).toBe("TimeoutError"));
  });

  test("a temporary failure is retried", async () => {
    subscribe("100");
    admin.faults.next("lostBefore", 2);
    const wrapper = provider({ retry: { minDelay: 1 } });
    const { result } = renderHook(() => useUsageBalance(), { wrapper });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(requests()).toHaveLength(3);
  });
});

describe("useUsageLineItem", () => {
  test("gives the line item with its subscription and terms", async () => {
    const subscription = subscribe("100", "1");
    const { result } = renderHook(() => useUsageLineItem(), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(result.current.data).toMatchObject({
      id: subscription.usageLineItem?.id,
      terms: "$1 for 1000 emails",
      interval: "EVERY_30_DAYS",
      balanceRemaining: { amount: "99.0" },
      subscription: { id: subscription.id, status: "ACTIVE" },
    });
  });
});

describe("useUsageRecords", () => {
  const numbers = (data: readonly { readonly description: string }[] | null): readonly number[] =>
    (data ?? []).map(({ description }) => Number(description.replace("Usage ", "")));

  test("reads page after page", async () => {
    subscribe("100");
    charge(5);
    const { result } = renderHook(() => useUsageRecords({ pageSize: 2 }), { wrapper: provider() });
    expect(result.current).toMatchObject({ status: "loading", hasMore: false });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(numbers(result.current.data)).toEqual([1, 2]);
    expect(result.current.hasMore).toBe(true);

    act(() => {
      result.current.loadMore();
      result.current.loadMore(); // Twice in a row asks once.
    });
    expect(result.current.loadingMore).toBe(true);
    await waitFor(() => expect(result.current.loadingMore).toBe(false));
    expect(numbers(result.current.data)).toEqual([1, 2, 3, 4]);

    act(() => result.current.loadMore());
    await waitFor(() => expect(result.current.hasMore).toBe(false));
    expect(numbers(result.current.data)).toEqual([1, 2, 3, 4, 5]);
    act(() => result.current.loadMore());
    expect(result.current.loadingMore).toBe(false);
    expect(requests()).toEqual([
      "ActiveSubscriptions",
      "UsageRecords",
      "UsageRecords",
      "UsageRecords",
    ]);
  });

  test("starts again in the other order", async () => {
    subscribe("100");
    charge(3);
    const { result, rerender } = renderHook(
      ({ reverse }) => useUsageRecords({ pageSize: 2, reverse }),
      { wrapper: provider(), initialProps: { reverse: false } },
    );
    await waitFor(() => expect(numbers(result.current.data)).toEqual([1, 2]));
    act(() => result.current.loadMore());
    await waitFor(() => expect(result.current.hasMore).toBe(false));
    rerender({ reverse: true });
    expect(result.current.status).toBe("loading");
    await waitFor(() => expect(numbers(result.current.data)).toEqual([3, 2]));
    expect(result.current.hasMore).toBe(true);
  });

  test("a response that arrives after the order changed is ignored", async () => {
    subscribe("100");
    charge(4);
    const { result, rerender } = renderHook(
      ({ reverse }) => useUsageRecords({ pageSize: 2, reverse }),
      { wrapper: provider(), initialProps: { reverse: false } },
    );
    await waitFor(() => expect(result.current.status).toBe("ready"));
    admin.faults.latency(30);
    act(() => result.current.loadMore());
    rerender({ reverse: true });
    await waitFor(() => expect(numbers(result.current.data)).toEqual([4, 3]));
    await act(() => new Promise((resolve) => setTimeout(resolve, 60)));
    expect(numbers(result.current.data)).toEqual([4, 3]);
    expect(result.current.loadingMore).toBe(false);
  });

  test("keeps the pages before one that cannot be read, and retries it", async () => {
    subscribe("100");
    charge(3);
    const { result } = renderHook(() => useUsageRecords({ pageSize: 2 }), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    admin.faults.next("lostBefore");
    act(() => result.current.loadMore());
    await waitFor(() => expect(result.current.status).toBe("error"));
    expect(result.current.error?.name).toBe("NetworkError");
    expect(numbers(result.current.data)).toEqual([1, 2]);
    expect(result.current.hasMore).toBe(true);
    act(() => result.current.loadMore());
    expect(result.current).toMatchObject({ status: "error", loadingMore: true });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    expect(numbers(result.current.data)).toEqual([1, 2, 3]);
  });

  test("reads all pages again, without a gap for new records", async () => {
    subscribe("100");
    charge(4);
    const { result } = renderHook(() => useUsageRecords({ pageSize: 2, reverse: true }), {
      wrapper: provider(),
    });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    act(() => result.current.loadMore());
    await waitFor(() => expect(numbers(result.current.data)).toEqual([4, 3, 2, 1]));
    shop.addUsageRecords([{ price: "1", description: "Usage 5" }]);
    act(() => result.current.refresh());
    expect(result.current.refreshing).toBe(true);
    expect(numbers(result.current.data)).toEqual([4, 3, 2, 1]);
    await waitFor(() => expect(result.current.refreshing).toBe(false));
    expect(numbers(result.current.data)).toEqual([5, 4, 3, 2]);
    expect(result.current.hasMore).toBe(true);
  });

  test("continues with the plan that replaced the previous one", async () => {
    subscribe("100");
    charge(2);
    const { result } = renderHook(() => useUsageRecords(), { wrapper: provider() });
    await waitFor(() => expect(numbers(result.current.data)).toEqual([1, 2]));
    subscribe("200");
    act(() => result.current.refresh());
    await waitFor(() => expect(result.current.data).toEqual([]));
    expect(result.current.status).toBe("ready");
  });

  test("reports noPlan if there is no plan", async () => {
    const { result } = renderHook(() => useUsageRecords(), { wrapper: provider() });
    await waitFor(() => expect(result.current.status).toBe("noPlan"));
    expect(result.current).toMatchObject({ data: null, hasMore: false });
  });

  test("reads a subscription that is past, and says which one is unknown or malformed", async () => {
    const past = subscribe("100");
    charge(1);
    subscribe("200");
    const wrapper = provider();
    const { result, rerender } = renderHook(
      ({ subscriptionId }) => useUsageRecords({ subscriptionId }),
      { wrapper, initialProps: { subscriptionId: past.id } },
    );
    await waitFor(() => expect(numbers(result.current.data)).toEqual([1]));
    expect(requests()).toEqual(["UsageRecords"]);
    rerender({ subscriptionId: "gid://shopify/AppSubscription/404" });
    await waitFor(() => expect(result.current.error?.name).toBe("NoActiveUsageLineItemError"));
    expect(result.current.data).toBeNull();
    rerender({ subscriptionId: "404" });
    expect(result.current.error).toMatchObject({
      name: "InvalidInputError",
      field: "subscriptionId",
    });
  });

  test("a page size that Shopify would refuse is an error before anything is sent", () => {
    const { result } = renderHook(() => useUsageRecords({ pageSize: 251 }), {
      wrapper: provider(),
    });
    expect(result.current.error).toMatchObject({ name: "InvalidInputError", field: "pageSize" });
    expect(admin.requests).toHaveLength(0);
  });

  test("an unmounted component reports nothing", async () => {
    const complaints = vi.spyOn(console, "error");
    subscribe("100");
    charge(3);
    const { result, unmount } = renderHook(() => useUsageRecords({ pageSize: 2 }), {
      wrapper: provider(),
    });
    await waitFor(() => expect(result.current.status).toBe("ready"));
    admin.faults.latency(10);
    act(() => result.current.loadMore());
    unmount();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
  });
});

describe("data that was read before", () => {
  test("is shown at once, and read again unless it is fresh", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      subscribe("100", "10");
      const wrapper = provider();
      const first = renderHook(() => useUsageBalance(), { wrapper });
      await waitFor(() => expect(first.result.current.status).toBe("ready"));
      first.unmount();

      vi.setSystemTime(Date.now() + 1_000);
      const second = renderHook(() => useUsageBalance(), { wrapper });
      expect(second.result.current.status).toBe("ready");
      second.unmount();
      expect(admin.requests).toHaveLength(1);

      shop.addUsageRecords([{ price: "5" }]);
      vi.setSystemTime(Date.now() + 60_000);
      const third = renderHook(() => useUsageBalance(), { wrapper });
      expect(third.result.current).toMatchObject({
        status: "ready",
        refreshing: true,
        data: { balanceUsed: { amount: "10.0" } },
      });
      await waitFor(() => expect(third.result.current.data?.balanceUsed.amount).toBe("15.0"));
    } finally {
      vi.useRealTimers();
    }
  });
});
