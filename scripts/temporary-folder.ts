import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Creates an empty folder that is removed when the process exits, also when it is interrupted. */
export function temporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
