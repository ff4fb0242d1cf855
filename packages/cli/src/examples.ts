import { COMMAND } from "./command-name.js";

/** Examples at the end of a command's help: what each does, and its arguments. */
export function examples(...pairs: readonly (readonly [what: string, line: string])[]): string {
  const lines = pairs.map(([what, line]) => `  # ${what}\n  ${commandLine(line)}`);
  return ["", "Examples:", ...lines].join("\n");
}

/** `$` stands for the command in a line that does not begin with it. */
function commandLine(line: string): string {
  return line.includes("$ ") ? line.replace("$", COMMAND) : `${COMMAND} ${line}`;
}
