#!/usr/bin/env node
import { AbortedError } from "shopify-usage-billing";
import packageJson from "../package.json" with { type: "json" };
import { exitCodes } from "./failure/exit-code.js";
import { reportFailure } from "./failure/failure-report.js";
import { watchForInterruption } from "./interruption.js";
import { Terminal } from "./output/terminal.js";
import { createProgram, runProgram } from "./program.js";

const commandLine = process.argv.slice(2);
const terminal = new Terminal(process, process.env, !commandLine.includes("--no-color"));
const interruption = watchForInterruption(process);

// Not Node.js's own exit code 1: it would mean that nothing was charged.
process.on("uncaughtException", (thrown: unknown) => {
  void reportFailure(thrown, terminal, { debug: commandLine.includes("--debug") }).finally(() =>
    process.exit(exitCodes.defect),
  );
});

const program = createProgram(
  {
    terminal,
    interruption,
    run: async (options, command) => {
      try {
        process.exitCode = await command();
      } catch (error) {
        const exitCode = await reportFailure(error, terminal, options);
        const stopped = error instanceof AbortedError && error.certainty === "notApplied";
        process.exitCode = stopped ? (interruption.exitCode ?? exitCode) : exitCode;
      }
    },
  },
  packageJson.version,
);
const exitCode = await runProgram(program, commandLine);
if (exitCode !== null) process.exitCode = exitCode;
