import { Client } from "@urql/core";
import type { CheckedOptions } from "../options.js";
import { fetchExchange } from "./fetch-exchange.js";
import { pacingExchange } from "./pacing-exchange.js";
import { retryExchange } from "./retry-exchange.js";

/** The urql client of one shop: retry, then pacing, then the request itself. No cache. */
export function createTransportClient(
  options: Exclude<CheckedOptions, { client: Client }>,
  apiVersion: string,
): Client {
  const { endpoint, accessToken, fetch, retry, timeout, onEvent } = options;
  return new Client({
    url: endpoint,
    requestPolicy: "network-only",
    preferGetMethod: false,
    exchanges: [
      ...(retry === false ? [] : [retryExchange({ ...retry, onEvent })]),
      pacingExchange({ onEvent }),
      fetchExchange({ endpoint, apiVersion, accessToken, fetch, timeout, onEvent }),
    ],
  });
}
