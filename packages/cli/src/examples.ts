/** Examples at the end of a command's help: what to type, and what it does. */
export function examples(...pairs: readonly (readonly [command: string, what: string])[]): string {
  return ["", "Examples:", ...pairs.map(([command, what]) => `  # ${what}\n  ${command}`)].join(
    "\n",
  );
}
