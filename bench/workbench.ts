import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OURS, PEERS } from "./contenders.js";
import { asDeveloped, root } from "./repository.js";
import { run } from "./shell.js";

/** A temporary folder in which packages are installed as users install them. */
export class Workbench {
  readonly folder: string;
  #tarball: Promise<string> | undefined;
  #app: Promise<string> | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Workbench> {
    return new Workbench(await mkdtemp(join(tmpdir(), "usage-billing-bench-")));
  }

  /** This package, packed from its build. */
  tarball(): Promise<string> {
    this.#tarball ??= this.#pack();
    return this.#tarball;
  }

  async #pack(): Promise<string> {
    await run(
      root,
      "npm",
      "pack",
      "--silent",
      "--ignore-scripts",
      "--pack-destination",
      this.folder,
    );
    const tarball = (await readdir(this.folder)).find((file) => file.endsWith(".tgz"));
    if (tarball === undefined) throw new Error("npm packed nothing");
    return join(this.folder, tarball);
  }

  /** Returns the `npm install` argument for a package: this one packed, others in this repository's version. */
  async #spec(name: string): Promise<string> {
    if (name === OURS) return this.tarball();
    const [spec = name] = await asDeveloped([name]);
    return spec;
  }

  /** Makes an app with packages installed. Further ones are given as `name@version`. */
  async install(
    app: string,
    names: readonly string[],
    further: readonly string[] = [],
  ): Promise<string> {
    const folder = join(this.folder, app);
    await mkdir(folder);
    // A dependency of the code generators requires a version that is not available everywhere.
    const overrides = { "@graphql-tools/delegate": "12.2.1" };
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ private: true, type: "module", overrides }),
    );
    const specs = await Promise.all(names.map((name) => this.#spec(name)));
    const quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
    await run(folder, "npm", "install", ...quiet, ...specs, ...further);
    return folder;
  }

  /** Returns the app with this package and all its peers installed. */
  app(): Promise<string> {
    this.#app ??= this.install("app", [OURS, ...PEERS, "graphql"]);
    return this.#app;
  }

  /** Synchronous, so that it also finishes when the process is exiting. */
  remove(): void {
    // A program that was just stopped may still be writing.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
