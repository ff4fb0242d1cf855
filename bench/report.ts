import { cpus, totalmem } from "node:os";
import { format } from "prettier";
import { PEERS, OURS } from "./contenders.js";
import { table } from "./markdown.js";
import { root, versionOf } from "./repository.js";
import { run } from "./shell.js";
import type { Section } from "./section.js";

const FURTHER = ["graphql", "typescript", "esbuild"];

/** Describes the hardware and runtime, without naming the machine. */
function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "";
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${processors.length} processors${model === "" || model === "unknown" ? "" : ` (${model})`}`,
    `${memory} GiB of memory`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node} with undici ${process.versions["undici"] ?? "unknown"}`,
  ].join(", ");
}

async function ownVersion(): Promise<string> {
  const described = await run(root, "git", "log", "-1", "--format=%h").catch(() => "");
  const changed = await run(root, "git", "status", "--porcelain", "src").catch(() => "");
  return `${described.trim()}${changed.trim() === "" ? "" : " with changes"}`;
}

async function versions(): Promise<string> {
  const others = [...PEERS, ...FURTHER].map(async (name) => `${name} ${await versionOf(name)}`);
  return [`${OURS} at ${await ownVersion()}`, ...(await Promise.all(others))].join(", ");
}

/** Formats all results as Markdown. */
export async function report(
  sections: readonly Section[],
  command: string,
  quick: boolean,
): Promise<string> {
  const goals = sections.flatMap((section) => section.goals);
  const verdict = (met: boolean | null): string => {
    if (met === null) return "not judged";
    return met ? "met" : "**missed**";
  };
  const parts = [
    "# Side by side",
    `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}${quick ? ", quick mode: a first look, not a result" : ""}.`,
    `- Compared: ${await versions()}\n- Machine: ${machine()}`,
    "All libraries are installed from npm, this one from what `npm pack` gives, and run by plain Node. " +
      "The server is a process of its own (`node:http`, keep-alive, loopback) and returns canned responses with Shopify's headers and costs. " +
      "Contenders take turns, each round beginning with another one, after a warm-up. " +
      "Figures are medians, with the quartiles of the rounds in brackets. " +
      "[README.md](README.md) explains how each figure is measured.",
    "## Goals",
    table(
      ["what", "goal", "measured", ""],
      goals.map(({ what, goal, measured, met }) => [what, goal, measured, verdict(met)]),
    ),
    ...sections.flatMap(({ title, text }) => [`## ${title}`, ...text]),
  ];
  return format(parts.join("\n\n"), { parser: "markdown", printWidth: 100 });
}
