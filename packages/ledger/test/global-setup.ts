import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The URL of a PostgreSQL server. */
    readonly postgres: string;
  }
}

/** One server for all test files: that of `DATABASE_URL`, or one that npm brings. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") {
    project.provide("postgres", given);
    return async () => undefined;
  }
  const server = await startPostgres();
  project.provide("postgres", server.url);
  return server.stop;
}
