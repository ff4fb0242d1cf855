import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test.each([0, 3])("a process that started a server exits with its own code: %i", async (code) => {
  const program = `import { startPostgres } from ${JSON.stringify(import.meta.resolve("./postgres-server.ts"))};
    const server = await startPostgres();
    await server.stop();
    process.exitCode = ${code};`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]);

  expect((await once(child, "exit"))[0]).toBe(code);
});
