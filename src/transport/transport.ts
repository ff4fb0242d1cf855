import type { Transport } from "../execute.js";
import type { CheckedOptions } from "../options.js";
import { sending } from "./fetch-exchange.js";
import { pacing } from "./pacing-exchange.js";
import { clientPipeline, createPipeline, type Layer, type Pipeline } from "./pipeline.js";
import { retrying } from "./retry-exchange.js";

/** What carries one shop's operations: retry, then pacing, then the request; or an app's own urql client. */
export function createTransport(options: CheckedOptions, apiVersion: string): Transport {
  let pipeline: Pipeline | undefined;
  if (options.client) {
    const { client } = options;
    return {
      apiVersion,
      foreign: true,
      pipeline: () => (pipeline ??= clientPipeline(client)),
    };
  }
  const { retry, endpoint, ...request } = options;
  const { onEvent } = request;
  // Made on first use: an app may hold a client for each of thousands of shops.
  const create = (): Pipeline => {
    const layers: Layer[] = [pacing({ onEvent }), sending({ ...request, endpoint, apiVersion })];
    if (retry !== false) layers.unshift(retrying({ ...retry, onEvent }));
    return createPipeline(endpoint, layers);
  };
  return { apiVersion, foreign: false, pipeline: () => (pipeline ??= create()) };
}
