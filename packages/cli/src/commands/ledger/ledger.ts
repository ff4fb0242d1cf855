import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../../command-context.js";
import { examples } from "../../examples.js";
import { ledgerChargeCommand } from "./charge.js";
import { migrateCommand } from "./migrate.js";
import { reconcileCommand } from "./reconcile.js";
import { resumeCommand } from "./resume.js";
import { statusCommand } from "./status.js";

/** `usage-billing ledger` */
export function ledgerCommand(context: CommandContext): CommandUnknownOpts {
  const group = new Command("ledger")
    .description("Look after a usage ledger: the tables of shopify-usage-ledger in PostgreSQL.")
    .addHelpText(
      "after",
      examples(
        ["create the tables, or bring them up to date", "ledger migrate"],
        ["what each shop has used, and what stands in the way", "ledger status --all"],
        ["charge a shop what is due", "ledger charge --shop example.myshopify.com --yes"],
      ),
    );
  for (const command of [
    migrateCommand(context),
    statusCommand(context),
    ledgerChargeCommand(context),
    resumeCommand(context),
    reconcileCommand(context),
  ]) {
    group.addCommand(command);
  }
  return group;
}
