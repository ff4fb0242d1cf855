/** A soak's shop in a process of its own: tells its address, and its evidence when asked. */
import { openSoakShop, type SoakShopOptions } from "./soak-shop.js";

const options: SoakShopOptions = JSON.parse(process.argv[2] ?? "{}"); // of `startSoakShop`

// Ctrl-C goes to both processes: the other one still wants to know what happened.
process.on("SIGINT", () => undefined);

const shop = await openSoakShop(options);
process.on("message", async () => {
  process.send?.(await shop.evidence());
});
process.on("disconnect", () => {
  process.exit();
});
process.send?.(shop.address);
