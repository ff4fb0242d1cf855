import type { FaultName } from "../faults/faults.js";
import type { Variables } from "../graphql/variables.js";

/** One request that arrived, and what became of it. It never holds the access token. */
export interface RequestRecord {
  /** As in the `X-Request-Id` of the answer, and in the attempts of the ledger. */
  readonly id: string;
  /** Simulated milliseconds since 1970. */
  readonly receivedAt: number;
  /** The host it was sent to: another one than the simulator's after a redirect that was followed. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** Did it carry an access token, whether a right one or not? */
  readonly hasToken: boolean;
  /** `example.myshopify.com`; null where the token is no app's. */
  readonly shop: string | null;
  readonly app: string | null;
  /** The API version that was asked for; null where the path is none of the API. */
  readonly apiVersion: string | null;
  /** The API version that answered. */
  readonly servedVersion: string | null;
  readonly operationName: string | null;
  readonly operationType: "query" | "mutation" | "subscription" | null;
  /** The fields at the root of the operation, such as `appUsageRecordCreate`. */
  readonly rootFields: readonly string[];
  readonly variables: Variables;
  /** The fault that this request met. */
  readonly fault: FaultName | null;
  /** The HTTP status of the answer; null while there is none, or where none was sent. */
  readonly status: number | null;
  /** The codes, or else the messages, of the answer's GraphQL errors. */
  readonly errors: readonly string[];
  /** In points; null where none was told. */
  readonly requestedCost: number | null;
  /** In points; null where nothing was executed. */
  readonly actualCost: number | null;
  /** Simulated milliseconds until the answer; null while there is none. */
  readonly duration: number | null;
}

/** A record that is still being written. */
export type OpenRequestRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** The latest requests, oldest first. */
export class RequestLog {
  readonly records: OpenRequestRecord[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(record: OpenRequestRecord): void {
    this.records.push(record);
    if (this.records.length > this.#limit) this.records.shift();
  }
}
