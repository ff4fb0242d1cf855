/** A soak's shop in its own process: sends its address, and its evidence on request. */
import { openSoakShop, type SoakShopOptions } from "./soak-shop.js";

const options: SoakShopOptions = JSON.parse(process.argv[2] ?? "{}"); // of `startSoakShop`

// Ignored: Ctrl-C goes to both processes, and the other one still needs the evidence.
process.on("SIGINT", () => undefined);

const shop = await openSoakShop(options);
process.on("message", async () => {
  process.send?.(await shop.evidence());
});
process.on("disconnect", () => {
  process.exit();
});
process.send?.(shop.address);
