import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../../command-context.js";
import { COMMAND } from "../../command-name.js";
import { findShop } from "../../connection/connection.js";
import { Settings } from "../../connection/settings.js";
import { examples } from "../../examples.js";
import { exitCodes } from "../../failure/exit-code.js";
import { printable } from "../../output/printable.js";
import { onDatabase, withDatabaseOnly } from "./database.js";
import { openLedger } from "./open-ledger.js";

/** `usage-billing ledger resume` */
export function resumeCommand({ terminal, run }: CommandContext): Command {
  return withDatabaseOnly(
    new Command("resume")
      .description("Make a shop due at once: its cap was raised, or the app was installed again.")
      .option("--shop <domain>", "the shop, such as example.myshopify.com [USAGE_BILLING_SHOP]")
      .option("--held", "charge in this period what was parked past the end of an earlier one")
      .option("--refused [keys...]", "try refused charges again: all, or those with these keys")
      .addHelpText(
        "after",
        examples(
          ["after the cap was raised", "ledger resume --shop example.myshopify.com"],
          ["after what was wrong has been put right", "ledger resume --refused"],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const settings = await Settings.read(terminal.environment, options.dotenv);
      const shop = findShop(settings, options.shop).toLowerCase();
      const { held = false, refused = false } = options;
      const { charges } = await onDatabase(options, terminal, "nothing", async (database) =>
        (await openLedger({ database })).resume(shop, { held, refused }),
      );
      const { out, err } = terminal;
      if (options.json) {
        await out.json({ ok: true, shop, charges });
        return exitCodes.ok;
      }
      const wait = charges === 1 ? "1 charge waits" : `${charges} charges wait`;
      await out.line(
        `${printable(shop)} is due now${charges === 0 ? "" : `, and ${wait} again to be sent`}`,
      );
      await err.line(`A worker charges it, or \`${COMMAND} ledger charge\` does.`);
      return exitCodes.ok;
    }),
  );
}
