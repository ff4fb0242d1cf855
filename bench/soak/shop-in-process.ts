import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isLedgerEvidence } from "./ledger-evidence.js";
import type { SoakShop, SoakShopAddress, SoakShopOptions } from "./soak-shop.js";

function isAddress(message: unknown): message is SoakShopAddress {
  return typeof message === "object" && message !== null && "endpoint" in message;
}

/** Opens a shop in a process of its own, so that the server's work is not the client's. */
export async function startSoakShop(options: SoakShopOptions): Promise<SoakShop> {
  const program = fileURLToPath(new URL("shop-process.ts", import.meta.url));
  const child = fork(program, [JSON.stringify(options)]);
  const ended = once(child, "exit").then(([code]: unknown[]) => {
    throw new Error(`The shop's process ended with exit code ${String(code)}`);
  });
  ended.catch(() => undefined); // Handled by whoever waits for a message.
  const message = async (): Promise<unknown> => {
    const [content]: unknown[] = await Promise.race([once(child, "message"), ended]);
    return content;
  };
  const address = await message();
  if (!isAddress(address)) throw new Error("The shop's process did not send its address");
  return {
    address,
    async evidence() {
      const answer = message();
      child.send("evidence");
      const evidence = await answer;
      if (!isLedgerEvidence(evidence))
        throw new Error("The shop's process did not send its evidence");
      return evidence;
    },
    async close() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}
