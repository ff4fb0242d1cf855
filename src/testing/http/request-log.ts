import type { FaultName } from "../faults/faults.js";
import type { Variables } from "../graphql/variables.js";

/** A request and its outcome. It never holds the access token. */
export interface RequestRecord {
  /** As in the `X-Request-Id` of the response, and in the attempts of the ledger. */
  readonly id: string;
  /** Simulated milliseconds since 1970. */
  readonly receivedAt: number;
  /** The host that it was sent to. After a redirect, this can be another than the simulator's. */
  readonly host: string;
  /** What it was for: the GraphQL API, an access token, or anything else, such as a confirmation page. */
  readonly kind: "graphql" | "token" | "other";
  readonly method: string;
  readonly path: string;
  /** Whether it carried an access token, valid or not. */
  readonly hasToken: boolean;
  /** `example.myshopify.com`. `null` if the token is unknown. */
  readonly shop: string | null;
  readonly app: string | null;
  /** The API version that was asked for. `null` if the path is not the API's. */
  readonly apiVersion: string | null;
  /** The API version that answered. */
  readonly servedVersion: string | null;
  readonly operationName: string | null;
  readonly operationType: "query" | "mutation" | "subscription" | null;
  /** The fields at the root of the operation, such as `appUsageRecordCreate`. */
  readonly rootFields: readonly string[];
  /** The text of the document. `null` if the request is not a GraphQL one. */
  readonly query: string | null;
  /** The variables of the document. For an access token: the `grant_type`. */
  readonly variables: Variables;
  /** The fault that this request met. */
  readonly fault: FaultName | null;
  /** The HTTP status of the response. `null` if none was sent, or not yet. */
  readonly status: number | null;
  /**
   * The text of the response, as far as it was sent. `null` if none was, and for an access token.
   */
  readonly response: string | null;
  /** The codes of the response's errors, or their messages if they have no code. */
  readonly errors: readonly string[];
  /** In points. `null` if the response did not report it. */
  readonly requestedCost: number | null;
  /** In points. `null` if nothing was executed. */
  readonly actualCost: number | null;
  /** Simulated milliseconds until the response. `null` while there is none. */
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
