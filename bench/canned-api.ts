import { Worker } from "./worker.js";

/** The server of canned answers, in its own process. */
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

  /** Has each charge read and compared with what was agreed, or no more. */
  async inspect(on: boolean): Promise<void> {
    await this.#worker.ask("inspect", { on: on ? 1 : 0 }, []);
  }

  /** How many requests came since the last time it was asked; throws where one was not what was agreed. */
  async requests(): Promise<number> {
    const { requests, wrong } = await this.#worker.ask("count", {}, ["requests", "wrong"]);
    if (wrong > 0) throw new Error(`${wrong} requests were not what was agreed`);
    return requests;
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
  }
}
