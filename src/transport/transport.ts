import { Client, type Operation } from "@urql/core";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { operationOf } from "../document.js";
import type { CheckedOptions } from "../options.js";
import { TokenSource, withToken } from "./access-token.js";
import { terminal } from "./admin-exchange.js";
import { attempting } from "./attempt.js";
import { Call, withCall, type CallSettings } from "./call.js";
import { pacing } from "./pacing.js";
import { reporting } from "./reporting.js";
import { retrying } from "./retrying.js";
import type { Send } from "./send.js";
import { through } from "./through.js";

/** What carries one shop's calls. */
export interface Transport {
  readonly send: Send;
  readonly client: Client;
  /** The API version of the documents. */
  readonly apiVersion: string;
}

/** Puts retry and pacing in front of a urql client, our own or the app's. */
export function createTransport(options: CheckedOptions, apiVersion: string): Transport {
  const { onEvent, retry } = options;
  const { client, tokens } = options.client
    ? { client: options.client, tokens: null }
    : own(options);
  const paced = pacing(reporting(through(client), onEvent, apiVersion), onEvent);
  const authorized: Send = tokens?.isFunction
    ? (operation, signal) => withToken(tokens, operation, signal, () => paced(operation, signal))
    : paced;
  return { send: retrying(authorized, retry, onEvent), client, apiVersion };
}

type OwnOptions = Exclude<CheckedOptions, { readonly client: Client }>;

/** Creates our own urql client. Tokens are requested in front of it, before a call waits for its turn. */
function own(options: OwnOptions): { readonly client: Client; readonly tokens: TokenSource } {
  const { endpoint, accessToken, fetch, timeout } = options;
  const tokens = new TokenSource(accessToken, timeout);
  const exchanges = [terminal(attempting({ endpoint, tokens, fetch, timeout }))];
  return { client: new Client({ url: endpoint, exchanges }), tokens };
}

// urql merges operations that have the same key: each call gets its own, beyond urql's 32-bit hashes.
let lastKey = 2 ** 32;

/** Makes the operation of a new call, and the call that it carries. */
export function operationFor<Data, Variables extends object>(
  { client }: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  settings: CallSettings,
): { readonly operation: Operation; readonly call: Call } {
  const { kind } = operationOf(document);
  const call = new Call(kind, settings);
  lastKey += 1;
  const request = { key: lastKey, query: document, variables: { ...variables } };
  const context = { requestPolicy: "network-only" as const, ...withCall(call) };
  return { operation: client.createRequestOperation(kind, request, context), call };
}
