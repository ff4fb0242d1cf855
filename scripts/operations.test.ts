import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import {
  deprecatedOperations,
  describe as lineOf,
  invalidOperations,
  readOperations,
} from "./operations.js";
import { copyRepository, edited, partOf } from "./repository-copy.js";

const schema = buildSchema(partOf("2026-10"));

describe("operations that are not valid", () => {
  it("are named by file, line and field", () => {
    const copy = copyRepository([]);
    copy.write(
      "graphql/fragments/Money.graphql",
      "fragment Money on MoneyV2 {\n  amount\n  currencyCode\n  cents\n}\n",
    );
    expect(invalidOperations(readOperations(copy.root), schema).map(lineOf)).toEqual([
      'graphql/fragments/Money.graphql:4:3 MoneyV2.cents: Cannot query field "cents" on type "MoneyV2".',
    ]);
  });

  it("come with the reason for which Shopify deprecated what is gone", () => {
    const copy = copyRepository([]);
    const before = buildSchema(
      edited(partOf("2026-10"), {
        deprecated: { "AppSubscription.trialDays": "Use `trial.days` instead." },
      }),
    );
    const after = buildSchema(edited(partOf("2026-10"), { gone: ["AppSubscription.trialDays"] }));
    const operations = readOperations(copy.root);

    expect(deprecatedOperations(operations, before)).toMatchObject([
      { field: "AppSubscription.trialDays", deprecationReason: "Use `trial.days` instead." },
    ]);
    expect(invalidOperations(operations, after, before).map(lineOf)).toEqual([
      expect.stringMatching(
        /^graphql\/fragments\/Subscription\.graphql:\d+:3 AppSubscription\.trialDays: Cannot query field .* Shopify's reason: Use `trial\.days` instead\.$/,
      ),
    ]);
  });

  it("include arguments and enum values that are gone", () => {
    const copy = copyRepository([]);
    copy.write(
      "graphql/Newest.graphql",
      `query Newest {
        currentAppInstallation {
          allSubscriptions(first: 1, sortKey: RELEVANCE, query: "x") { nodes { id } }
        }
      }`,
    );
    const problems = invalidOperations(
      readOperations(copy.root),
      schema,
      buildSchema(partOf("2025-01")),
    );
    expect(problems).toMatchObject([
      { file: "graphql/Newest.graphql", line: 3, field: "AppSubscriptionSortKeys.RELEVANCE" },
      { file: "graphql/Newest.graphql", line: 3, message: expect.stringContaining("query") },
    ]);
  });

  it("are not those that only define a fragment", () => {
    const copy = copyRepository([]);
    copy.write("graphql/fragments/Own.graphql", "fragment Own on AppUsageRecord { id }");
    expect(invalidOperations(readOperations(copy.root), schema)).toEqual([]);
  });

  it("name their file if they cannot be parsed", () => {
    const copy = copyRepository([]);
    copy.write("graphql/Broken.graphql", "query Broken {\n  node(id: }\n");
    expect(() => readOperations(copy.root)).toThrow(
      /^graphql\/Broken\.graphql:2:12: Syntax Error: /,
    );
  });
});
