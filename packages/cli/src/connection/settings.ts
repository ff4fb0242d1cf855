import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { CommandLineError } from "../failure/command-line-error.js";
import { reasonOf } from "../failure/reason.js";

/** Where a setting came from. */
export type SettingSource = "option" | "environment" | "file" | "typed";

/** A setting with its source. */
export interface Setting {
  readonly value: string;
  readonly source: SettingSource;
}

/** The settings that the environment and a `.env` file can contain. */
export const VARIABLES = {
  shop: "USAGE_BILLING_SHOP",
  accessToken: "USAGE_BILLING_ACCESS_TOKEN",
  apiVersion: "USAGE_BILLING_API_VERSION",
  endpoint: "USAGE_BILLING_ENDPOINT",
  databaseUrl: "DATABASE_URL",
} as const;

/** Reads a named file, or the working directory's `.env` if there is one. */
async function readEnvFile(path: string | undefined): Promise<Readonly<NodeJS.Dict<string>>> {
  try {
    return parseEnv(await readFile(path ?? ".env", "utf8"));
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (path === undefined && isMissing) return {};
    throw new CommandLineError(`${path ?? ".env"} cannot be read: ${reasonOf(error)}`);
  }
}

/** Finds settings. An option overrides the environment, which overrides the `.env` file. */
export class Settings {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #file: Readonly<NodeJS.Dict<string>>;

  private constructor(environment: NodeJS.ProcessEnv, file: Readonly<NodeJS.Dict<string>>) {
    this.#environment = environment;
    this.#file = file;
  }

  static async read(environment: NodeJS.ProcessEnv, file: string | undefined): Promise<Settings> {
    return new Settings(environment, await readEnvFile(file));
  }

  /** Finds a setting. An empty variable counts as not set. */
  find(name: keyof typeof VARIABLES, option: string | undefined): Setting | null {
    const variable = VARIABLES[name];
    const found: readonly (readonly [string | undefined, SettingSource])[] = [
      [option, "option"],
      [this.#environment[variable]?.trim() || undefined, "environment"],
      [this.#file[variable]?.trim() || undefined, "file"],
    ];
    for (const [value, source] of found) if (value !== undefined) return { value, source };
    return null;
  }
}
