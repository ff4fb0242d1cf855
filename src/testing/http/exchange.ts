import type { Clock } from "../platform/clock.js";
import type { RequestRecord } from "./request-log.js";

/** A request as it arrives, over HTTP or by `admin.fetch`. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** A response that is sent. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream that throws is a connection that breaks off. */
  readonly body: string | AsyncIterable<string>;
}

/** The outcome of a request: a response, a connection that breaks, no response ever, or a host that does not exist. */
export type Outcome = Outgoing | "lost" | "silent" | "unknownHost";

/** Writes the response to one request, with the headers that Shopify sends. */
export class Reply {
  readonly #record: RequestRecord;
  readonly #clock: Clock;

  constructor(record: RequestRecord, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
  }

  json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Outgoing {
    return this.#send(status, "application/json; charset=utf-8", JSON.stringify(body), headers);
  }

  html(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Outgoing {
    return this.#send(status, "text/html; charset=utf-8", body, headers);
  }

  #send(
    status: number,
    contentType: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Outgoing {
    const { id, servedVersion } = this.#record;
    return {
      status,
      headers: {
        "content-type": contentType,
        date: new Date(this.#clock.now()).toUTCString(),
        "x-request-id": id,
        ...(servedVersion !== null && { "x-shopify-api-version": servedVersion }),
        ...headers,
      },
      body,
    };
  }
}
