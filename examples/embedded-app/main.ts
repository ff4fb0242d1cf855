import { startExample } from "./server/example.js";
import { DEMO_SHOPS } from "./server/shops.js";

const { pageOf, close } = await startExample({ port: Number(process.env["PORT"] ?? 4310) });

console.log("What a merchant sees, against a simulated Shopify; nobody is billed.\n");
for (const shop of Object.values(DEMO_SHOPS)) {
  console.log(`  ${pageOf(shop).padEnd(58)} ${shop.shows}`);
}
console.log("\nCtrl-C ends it.");

process.once("SIGINT", () => {
  void close().then(() => process.exit(0));
});
