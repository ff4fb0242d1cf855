import { startExample } from "./server/example.js";
import { DEMO_SHOPS } from "./server/shops.js";

const port = Number(process.env["PORT"] ?? 4310);
const { pageOf, close } = await startExample({ port }).catch((error: unknown) => {
  console.error(`Port ${port} cannot be used. Set another one, such as PORT=4311.`, error);
  process.exit(1);
});

console.log("The usage page on a simulated Shopify. Nobody is billed.\n");
for (const shop of Object.values(DEMO_SHOPS)) {
  console.log(`  ${pageOf(shop).padEnd(58)} ${shop.shows}`);
}
console.log("\nPress Ctrl-C to stop.");

process.once("SIGINT", () => {
  void close().then(() => process.exit(0));
});
