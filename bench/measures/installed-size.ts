import { OURS, PEERS } from "../contenders.js";
import { installationOf, type Installation } from "../installation.js";
import { figure, table } from "../markdown.js";
import type { Measure } from "../section.js";

function megabytes(bytes: number): string {
  return figure(bytes / 1e6, 2);
}

/** Measures what `npm install` of each library installs. */
export const installedSize: Measure = async ({ workbench, say }) => {
  const found: (readonly [name: string, installation: Installation])[] = [];
  for (const name of [OURS, ...PEERS]) {
    say(`installation: ${name}`);
    found.push([name, await installationOf(workbench, name)]);
  }
  const ours = found.find(([name]) => name === OURS)?.[1];
  if (!ours) throw new Error("This package was not installed");
  return {
    title: "Installation",
    text: [
      "What `npm install` in an empty app brings beside graphql, the library among it; the sum of the files in MB of 1,000,000 bytes:",
      table(
        ["installs", "MB", "packages"],
        found.map(([name, { bytes, packages }]) => [name, megabytes(bytes), packages.length]),
      ),
      `Ours: ${ours.packages.join(", ")}.`,
    ],
    goals: [],
  };
};
