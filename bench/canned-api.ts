import { Worker } from "./worker.js";

/** The server of canned responses, in its own process. */
export class CannedApi {
  readonly endpoint: string;
  readonly #worker: Worker;

  private constructor(worker: Worker, port: number) {
    this.#worker = worker;
    this.endpoint = `http://127.0.0.1:${port}/admin/api/2025-01/graphql.json`;
  }

  /** @param program - the compiled `server.ts` */
  static async start(program: string): Promise<CannedApi> {
    const worker = await Worker.start("the server", program);
    const { port } = await worker.ask("listen", {}, ["port"]);
    return new CannedApi(worker, port);
  }

  /** Turns on or off whether each charge is parsed and compared with the expected one. */
  async inspect(on: boolean): Promise<void> {
    await this.#worker.ask("inspect", { on: on ? 1 : 0 }, []);
  }

  /** Returns the number of requests since the last call. Throws if one of them was not as expected. */
  async requests(): Promise<number> {
    const { requests, wrong } = await this.#worker.ask("count", {}, ["requests", "wrong"]);
    if (wrong > 0) throw new Error(`${wrong} requests were not as expected`);
    return requests;
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
  }
}
