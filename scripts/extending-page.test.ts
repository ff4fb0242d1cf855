import { readFileSync } from "node:fs";
import { join } from "node:path";
import { executeCodegen } from "@graphql-codegen/cli";
import { format, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";
import { billingOverview, extendTrial } from "../examples/extend-operations/billing.js";
import config from "../examples/extend-operations/codegen.js";
import { createAdminSimulator } from "../src/testing/index.js";
import { createUsageBillingClient } from "../src/versions/2026-10.js";

const root = join(import.meta.dirname, "..");
const example = join(root, "examples/extend-operations");
const page = readFileSync(join(root, "docs/extending.md"), "utf8");

describe("docs/extending.md", () => {
  it.each(["ExtendTrial.graphql", "BillingOverview.graphql", "codegen.ts", "billing.ts"])(
    "shows %s as it is, with an app's import paths",
    (file) => {
      const code = readFileSync(join(example, file), "utf8")
        .replace("../../src/versions/2026-10.js", "shopify-usage-billing/2026-10")
        .replaceAll(/\.\.\/\.\.\/(?=schema|graphql)/g, "node_modules/shopify-usage-billing/");
      expect(page).toContain(`\`\`\`${file.endsWith(".ts") ? "ts" : "graphql"}\n${code}\`\`\``);
    },
  );

  it("names all fragments", () => {
    for (const fragment of ["Money", "UsageLineItem", "UsageRecord", "Subscription"]) {
      expect(page).toContain(`\`${fragment}\``);
      expect(readFileSync(join(root, `graphql/fragments/${fragment}.graphql`), "utf8")).toContain(
        `fragment ${fragment} on`,
      );
    }
  });
});

describe("the example", () => {
  it("has what codegen makes of its operations", async () => {
    const { result, error } = await executeCodegen({ ...config, cwd: example, silent: true });
    expect(error).toBeNull();
    const filepath = join(example, "generated.ts");
    const made = await format(result[0]?.content ?? "", {
      ...(await resolveConfig(filepath)),
      filepath,
    });
    expect(made).toBe(readFileSync(filepath, "utf8"));
  });

  it("runs its own query and mutation through the client", async () => {
    const admin = createAdminSimulator();
    const options = { shop: "example.myshopify.com", accessToken: "token" };
    const shop = admin.addShop(options);
    const subscription = shop.createSubscription({
      name: "Emails",
      cappedAmount: { amount: "100.00", currencyCode: "USD" },
      trialDays: 14,
    });
    shop.approve(subscription.id);
    const billing = createUsageBillingClient({ ...options, fetch: admin.fetch });

    expect(await billingOverview(billing)).toEqual(["Emails: 0.0 of 100.0"]);
    expect(await extendTrial(billing, subscription.id, 7)).toBe("The trial now lasts 21 days.");
    expect(await extendTrial(billing, "gid://shopify/AppSubscription/999", 7)).toBe(
      "There is no active subscription.",
    );
  });
});
