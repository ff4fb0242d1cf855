import { Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../../command-context.js";
import { examples } from "../../examples.js";
import { exitCodes } from "../../failure/exit-code.js";
import { onDatabase, withDatabaseOnly } from "./database.js";
import { openLedger } from "./open-ledger.js";

/** `usage-billing ledger migrate` */
export function migrateCommand({ terminal, run }: CommandContext): Command {
  return withDatabaseOnly(
    new Command("migrate")
      .description("Create the ledger's tables, or bring them up to date. Safe to repeat.")
      .addHelpText(
        "after",
        examples(
          ["the database of DATABASE_URL or the .env file", "ledger migrate"],
          ["for a script", "ledger migrate --json | jq .migration"],
        ),
      ),
  ).action((options) =>
    run(options, async () => {
      const { migrations } = await import("shopify-usage-ledger");
      const migration = migrations.at(-1)?.number ?? 0;
      await onDatabase(options, terminal, "nothing", async (database) => {
        await (await openLedger({ database })).migrate();
      });
      const { out } = terminal;
      await (options.json
        ? out.json({ ok: true, migration })
        : out.line(`The ledger's tables are up to date: migration ${migration}`));
      return exitCodes.ok;
    }),
  );
}
