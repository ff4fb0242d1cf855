import { describe, expect, test } from "vitest";
import { createAdminSimulator, type GraphQLOptions, type Shop } from "../index.js";
import { stableVersion } from "../../../test/stable-version.js";

const RECORDS = `query (
  $id: ID!
  $first: Int
  $last: Int
  $after: String
  $before: String
  $reverse: Boolean
  $sortKey: AppUsageRecordSortKeys
) {
  node(id: $id) {
    ... on AppSubscription {
      lineItems {
        usageRecords(
          first: $first
          last: $last
          after: $after
          before: $before
          reverse: $reverse
          sortKey: $sortKey
        ) {
          nodes { id }
          edges { cursor node { id } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
}`;

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A shop with so many records, which were made at the times of the list, in hours. */
function setUp(hours: readonly number[]): Shop {
  const admin = createAdminSimulator({ now: "2025-01-02T00:00:00Z", clock: "manual" });
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  shop.createSubscription({
    cappedAmount: { amount: 100, currencyCode: "USD" },
    status: "ACTIVE",
  });
  shop.addUsageRecords(
    hours.map((hour) => ({ price: 1, createdAt: Date.UTC(2025, 0, 1) + hour * 3_600_000 })),
  );
  return shop;
}

async function answer(
  shop: Shop,
  variables: Record<string, unknown>,
  options: GraphQLOptions = {},
): Promise<unknown> {
  const id = shop.activeSubscription?.id;
  return (await shop.graphql(RECORDS, { variables: { id, ...variables }, ...options })).json();
}

async function page(
  shop: Shop,
  variables: Record<string, unknown>,
  options?: GraphQLOptions,
): Promise<Page> {
  const { data } = (await answer(shop, variables, options)) as {
    data: { node: { lineItems: readonly [{ usageRecords: Page }] } }; // JSON enters
  };
  return data.node.lineItems[0].usageRecords;
}

/** The last digits of the ids, which are given in the order of creation from 1034618209 on. */
function positions({ nodes }: Page): readonly number[] {
  return nodes.map(({ id }) => Number(id.split("/").at(-1)) - 1034618209);
}

describe("a list of seven", () => {
  const shop = setUp([0, 1, 2, 3, 4, 5, 6]);

  test.each([
    [{ first: 3 }, [0, 1, 2], true, false],
    [{ last: 3 }, [4, 5, 6], false, true],
    [{ first: 3, reverse: true }, [6, 5, 4], true, false],
    [{ last: 3, reverse: true }, [2, 1, 0], false, true],
    [{ first: 250 }, [0, 1, 2, 3, 4, 5, 6], false, false],
    [{ first: 3, last: 1 }, [2], true, true],
    [{ first: 0 }, [], true, false],
  ])("%j", async (variables, expected, hasNextPage, hasPreviousPage) => {
    const result = await page(shop, variables);
    expect(positions(result)).toEqual(expected);
    expect(result.pageInfo).toMatchObject({ hasNextPage, hasPreviousPage });
  });

  test("edges carry the nodes and the cursors of the page info", async () => {
    const { nodes, edges, pageInfo } = await page(shop, { first: 3 });
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect(pageInfo.startCursor).toBe(edges[0]?.cursor);
    expect(pageInfo.endCursor).toBe(edges[2]?.cursor);
  });

  test("after and before enclose", async () => {
    const { edges } = await page(shop, { first: 7 });
    const result = await page(shop, {
      first: 7,
      after: edges[1]?.cursor,
      before: edges[5]?.cursor,
    });
    expect(positions(result)).toEqual([2, 3, 4]);
    expect(result.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test.each([{}, { reverse: true }, { sortKey: "ID" }, { sortKey: "ID", reverse: true }])(
    "pages of two give every record once, forwards and backwards: %j",
    async (order) => {
      const all = positions(await page(shop, { first: 7, ...order }));
      const forwards: number[] = [];
      let after: string | null = null;
      do {
        const next: Page = await page(shop, { first: 2, after, ...order });
        forwards.push(...positions(next));
        after = next.pageInfo.hasNextPage ? next.pageInfo.endCursor : null;
      } while (after !== null);
      const backwards: number[] = [];
      let before: string | null = null;
      do {
        const next: Page = await page(shop, { last: 2, before, ...order });
        backwards.unshift(...positions(next));
        before = next.pageInfo.hasPreviousPage ? next.pageInfo.startCursor : null;
      } while (before !== null);
      expect(forwards).toEqual(all);
      expect(backwards).toEqual(all);
    },
  );
});

test("records are sorted by date, and by id on request", async () => {
  const shop = setUp([5, 1, 3, 1]);
  expect(positions(await page(shop, { first: 4 }))).toEqual([1, 3, 2, 0]);
  expect(positions(await page(shop, { first: 4, sortKey: "ID" }))).toEqual([0, 1, 2, 3]);
  const byRelevance = await page(
    shop,
    { first: 4, sortKey: "RELEVANCE" },
    { apiVersion: "2025-01" },
  );
  expect(positions(byRelevance)).toEqual([0, 1, 2, 3]);
});

test("RELEVANCE is gone in newer API versions", async () => {
  const shop = setUp([0]);
  const response = await shop.graphql(RECORDS, {
    variables: { id: shop.activeSubscription?.id, first: 1, sortKey: "RELEVANCE" },
    apiVersion: stableVersion(-1),
  });
  expect(await response.json()).toMatchObject({
    errors: [
      {
        extensions: {
          code: "INVALID_VARIABLE",
          problems: [{ explanation: 'Expected "RELEVANCE" to be one of: CREATED_AT, ID' }],
        },
      },
    ],
  });
});

test("a cursor keeps its place while records come in", async () => {
  const shop = setUp([0, 1, 2, 3]);
  const first = await page(shop, { first: 2 });
  shop.addUsageRecords([{ price: 1, createdAt: "2025-01-01T00:30:00Z" }, { price: 1 }]);
  const next = await page(shop, { first: 10, after: first.pageInfo.endCursor });
  expect(positions(next)).toEqual([2, 3, 5]);
});

test("one cursor serves all line items of a subscription", async () => {
  const admin = createAdminSimulator();
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  shop.createSubscription({
    recurring: { price: { amount: 10, currencyCode: "USD" } },
    cappedAmount: { amount: 100, currencyCode: "USD" },
    status: "ACTIVE",
  });
  shop.addUsageRecords([{ price: 1 }, { price: 2 }]);
  const read = async (after: string | null): Promise<readonly Page[]> => {
    const { data } = (await answer(shop, { first: 1, after })) as {
      data: { node: { lineItems: readonly { usageRecords: Page }[] } }; // JSON enters
    };
    return data.node.lineItems.map(({ usageRecords }) => usageRecords);
  };
  const [recurring, usage] = await read(null);
  expect(recurring?.pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  });
  const [, next] = await read(usage?.pageInfo.endCursor ?? null);
  expect(next && positions(next)).toEqual([1]);
});

test.each([
  ["no size", {}, "you must provide one of first or last"],
  ["more than 250", { first: 251 }, "first cannot exceed 250"],
  ["less than nothing", { last: -1 }, "last must be zero or more"],
  ["no cursor", { first: 1, after: "!" }, "Invalid cursor for current pagination sort."],
  [
    "a cursor of other JSON",
    { first: 1, after: btoa("[1]") },
    "Invalid cursor for current pagination sort.",
  ],
])("%s is a bad request", async (_, variables, message) => {
  const shop = setUp([0]);
  expect(await answer(shop, variables)).toMatchObject({
    data: { node: null },
    errors: [
      {
        message,
        path: ["node", "lineItems", 0, "usageRecords"],
        extensions: { code: "BAD_REQUEST" },
      },
    ],
  });
});

test("a cursor of another sort order is refused", async () => {
  const shop = setUp([0, 1]);
  const { pageInfo } = await page(shop, { first: 1 });
  expect(await answer(shop, { first: 1, after: pageInfo.endCursor, sortKey: "ID" })).toMatchObject({
    errors: [{ message: "Invalid cursor for current pagination sort." }],
  });
});

test("subscriptions of every status are listed", async () => {
  const admin = createAdminSimulator();
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  for (const status of ["DECLINED", "CANCELLED", "ACTIVE", "PENDING"] as const) {
    shop.createSubscription({ cappedAmount: { amount: 1, currencyCode: "USD" }, status });
  }
  const response = await shop.graphql(`{
    currentAppInstallation {
      allSubscriptions(first: 3, reverse: true) { nodes { status } pageInfo { hasNextPage } }
      activeSubscriptions { status }
    }
  }`);
  expect(await response.json()).toMatchObject({
    data: {
      currentAppInstallation: {
        allSubscriptions: {
          nodes: [{ status: "PENDING" }, { status: "ACTIVE" }, { status: "CANCELLED" }],
          pageInfo: { hasNextPage: true },
        },
        activeSubscriptions: [{ status: "ACTIVE" }],
      },
    },
  });
});
