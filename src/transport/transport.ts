import type { CheckedOptions } from "../options.js";
import type { Send } from "./layer.js";
import { pacing } from "./pacing.js";
import { retrying } from "./retrying.js";
import { sending } from "./sending.js";
import { throughClient } from "./urql-client.js";

/** What carries one shop's calls. */
export interface Transport {
  readonly send: Send;
  /** The API version of the documents. */
  readonly apiVersion: string;
  /** Does it run through an app's own urql client, whose exchanges may hide what was sent? */
  readonly foreign: boolean;
}

/** What carries one shop's calls: retry, then pacing, then the request; or an app's own urql client. */
export function createTransport(options: CheckedOptions, apiVersion: string): Transport {
  if (options.client) return { send: throughClient(options.client), apiVersion, foreign: true };
  const { retry, ...request } = options;
  const { onEvent } = request;
  const paced = pacing({ onEvent })(sending({ ...request, apiVersion }));
  const send = retry === false ? paced : retrying({ ...retry, onEvent })(paced);
  return { send, apiVersion, foreign: false };
}
