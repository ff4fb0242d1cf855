import { Command } from "@commander-js/extra-typings";
import { type ApiVersionDates, apiVersions } from "shopify-usage-billing/api-versions";
import type { CommandContext } from "../command-context.js";
import { currentApiVersion, supportOf, type Support } from "../connection/api-version.js";
import { examples } from "../examples.js";
import { exitCodes } from "../failure/exit-code.js";
import { distance } from "../output/moment.js";
import type { Colors } from "../output/output.js";
import { Table } from "../output/table.js";

function words(version: ApiVersionDates, now: number): string {
  switch (supportOf(version, now)) {
    case "retired":
      return "retired: Shopify serves a newer one instead";
    case "upcoming":
      return `released ${distance(Date.parse(version.released ?? "") - now)}`;
    case "supported":
      return `supported, ends ${distance(Date.parse(version.retires ?? "") - now)}`;
    case "unstable":
      return "can change at any time";
  }
}

function colorOf(support: Support, colors: Colors): (text: string) => string {
  switch (support) {
    case "supported":
      return colors.green;
    case "retired":
      return colors.red;
    case "upcoming":
    case "unstable":
      return colors.yellow;
  }
}

/** `usage-billing versions` */
export function versionsCommand({ terminal, run }: CommandContext): Command {
  return new Command("versions")
    .description("Show the Admin API versions and how long Shopify serves them.")
    .option("--json", "write JSON to standard output")
    .addHelpText(
      "after",
      examples(
        ["all versions", "versions"],
        [
          "the version that commands use by default",
          "versions --json | jq -r '.[] | select(.default).handle'",
        ],
      ),
    )
    .action((options) =>
      run(options, async () => {
        const now = Date.now();
        const current = currentApiVersion(now);
        if (options.json) {
          await terminal.out.json(
            apiVersions.map((version) => ({
              ...version,
              status: supportOf(version, now),
              default: version.handle === current,
            })),
          );
          return exitCodes.ok;
        }
        const { colors } = terminal.out;
        const table = new Table<ApiVersionDates>(terminal.out, [
          {
            title: "VERSION",
            text: ({ handle }) => handle + (handle === current ? " *" : ""),
            style: (text, { handle }) => (handle === current ? colors.bold(text) : text),
          },
          { title: "RELEASED", text: ({ released }) => released ?? "–", leftOut: 2 },
          { title: "SERVED UNTIL", text: ({ retires }) => retires ?? "–" },
          {
            title: "STATUS",
            text: (version) => words(version, now),
            style: (text, version) => colorOf(supportOf(version, now), colors)(text),
            flexible: true,
          },
          {
            title: "IMPORT",
            text: ({ handle }) => `shopify-usage-billing/${handle}`,
            leftOut: 1,
          },
        ]);
        for (const version of apiVersions) await table.add(version);
        await table.end();
        await terminal.out.line(
          colors.dim("* the default of all commands; --api-version changes it"),
        );
        return exitCodes.ok;
      }),
    );
}
