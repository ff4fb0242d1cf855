import type { GraphQLFormattedError, OperationDefinitionNode } from "graphql";
import { apiVersions, defaultApiVersion } from "../../api-versions.js";
import type { RequestContext } from "../graphql/admin-root.js";
import { isConfirmationPath } from "../billing/approval.js";
import { confirm } from "./confirmation-page.js";
import { chooseOperation, rootFields, type PreparedDocument } from "../graphql/document.js";
import { Reply, type Incoming, type Outcome, type Outgoing } from "./exchange.js";
import { answer } from "../graphql/execution.js";
import { distort, prevent, UNAUTHORIZED } from "../faults/fault-outcome.js";
import type { Fault, Faults } from "../faults/faults.js";
import { readGraphQLRequest, type GraphQLRequest } from "../graphql/graphql-request.js";
import type { Platform } from "../platform/platform.js";
import type { OpenRequestRecord, RequestLog } from "./request-log.js";
import type { AdminSchema, Schemas } from "../graphql/schema.js";
import type { Account } from "../billing/account.js";
import type { ShopStatus } from "../shop-options.js";

const GRAPHQL_PATH = /^\/admin\/api\/([\w-]+)\/graphql\.json$/;
const TOKEN_HEADER = "x-shopify-access-token";
/** Shopify's page on deprecation, which it names in the header. */
const DEPRECATED_REASON = "https://shopify.dev/api/usage/versioning#deprecation-practices";

/** Status and errors of a shop that cannot be reached. The statuses are documented by Shopify, the texts a choice. */
const UNREACHABLE: Record<
  Exclude<ShopStatus, "open">,
  readonly [status: number, errors: string]
> = {
  frozen: [402, "Unavailable Shop"],
  forbidden: [403, "[API] This shop may not use the API"],
  closed: [404, "Not Found"],
  locked: [423, "Unavailable Shop"],
};

/** Where requests go: what the endpoint is made of. */
export interface EndpointParts {
  readonly platform: Platform;
  readonly schemas: Schemas;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** By access token. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The version that answers calls to older ones; null where every version answers by itself. */
  readonly oldestVersion: () => string | null;
}

/** A GraphQL request, understood as far as that was possible. */
interface Call {
  readonly incoming: Incoming;
  readonly record: OpenRequestRecord;
  readonly account: Account | null;
  readonly schema: AdminSchema | null;
  readonly request: GraphQLRequest | { readonly errors: unknown };
  readonly fault: Fault | null;
}

/** Everything behind the network: takes a request, and decides what comes of it. */
export class Endpoint {
  readonly #parts: EndpointParts;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  async handle(incoming: Incoming): Promise<Outcome> {
    const { url } = incoming;
    const record = this.#open(incoming);
    if (!isServed(url.hostname)) return this.#close(record, "unknownHost");
    const reply = new Reply(record, this.#parts.platform.clock);
    if (isConfirmationPath(url.pathname)) {
      return this.#close(record, confirm(this.#parts.platform.approvals, incoming, reply));
    }
    const version = GRAPHQL_PATH.exec(url.pathname)?.[1];
    if (version === undefined) return this.#close(record, notFound(reply));

    const call = this.#understand(incoming, record, version);
    if (call.fault?.name !== "duplicateDelivery") return this.#run(call);
    const again = { ...record, id: this.#parts.platform.random.uuid() };
    this.#parts.log.add(again);
    const [first] = await Promise.all([this.#run(call), this.#run({ ...call, record: again })]);
    return first;
  }

  /** Reads a request, and draws the fault that it meets. */
  #understand(incoming: Incoming, record: OpenRequestRecord, version: string): Call {
    const { schemas, faults, accounts } = this.#parts;
    const { headers, body } = incoming;
    const account = accounts.get(headers.get(TOKEN_HEADER) ?? "") ?? null;
    const request = readGraphQLRequest(headers.get("content-type") ?? "", body);
    let schema = schemas.get(this.#servedVersion(version));

    record.apiVersion = version;
    record.shop = account?.domain ?? null;
    record.app = account?.app ?? null;
    if ("query" in request) {
      record.variables = withoutToken(request.variables, headers);
      const operation = schema && prepare(schema, request).operation;
      if (typeof operation === "object" && operation !== null) {
        record.operationName = withoutToken(operation.name?.value ?? null, headers);
        record.operationType = operation.operation;
        record.rootFields = rootFields(operation);
      }
    }
    const fault = faults.draw(record);
    record.fault = fault?.name ?? null;
    if (fault?.name === "otherVersion" && schema !== null) {
      const other = fault.version ?? nextVersion(schema.version);
      // A version without a schema differs by its header alone.
      schema = schemas.get(other) ?? { ...schema, version: other };
    }
    record.servedVersion = schema?.version ?? null;
    return { incoming, record, account, schema, request, fault };
  }

  /** Executes a call unless its fault prevents that, and does to the answer what the fault demands. */
  async #run(call: Call): Promise<Outcome> {
    const { incoming, record, fault } = call;
    const { platform, faults } = this.#parts;
    const reply = new Reply(record, platform.clock);
    const milliseconds = faults.drawLatency(record);
    let waiting: Promise<void> | null = null;
    const latency = (): Promise<void> | null =>
      milliseconds > 0 ? (waiting ??= platform.clock.sleep(milliseconds)) : null;

    let outcome: Outcome | null = fault && prevent(fault, reply, platform);
    if (outcome === null) {
      const sent = await this.#execute(call, reply, latency);
      outcome = fault ? distort(fault, sent, incoming, reply, platform) : sent;
    }
    await latency();
    return this.#close(record, outcome);
  }

  /** What Shopify's application answers. */
  async #execute(
    { incoming, record, account, schema, request, fault }: Call,
    reply: Reply,
    latency: () => Promise<void> | null,
  ): Promise<Outgoing> {
    const { hostname } = incoming.url;
    if (incoming.method !== "POST" || schema === null) return notFound(reply);
    if (isShopHost(hostname) && !this.#hasShop(hostname)) return notFound(reply);
    if (account === null || (isShopHost(hostname) && account.domain !== hostname)) {
      return reply.json(401, { errors: UNAUTHORIZED });
    }
    if (account.status !== "open") {
      const [status, errors] = UNREACHABLE[account.status];
      return reply.json(status, { errors });
    }
    if ("errors" in request) return reply.json(400, request);

    const context: RequestContext = {
      account,
      requestId: record.id,
      latency,
      fault: fault?.name ?? null,
    };
    const { prepared, operation } = prepare(schema, request);
    const body = await answer(schema, prepared, operation, request.variables, context);
    const { requestedQueryCost, actualQueryCost } = body.extensions.cost;
    record.requestedCost = requestedQueryCost;
    record.actualCost = actualQueryCost;
    record.errors = withoutToken((body.errors ?? []).map(codeOf), incoming.headers);
    return reply.json(
      200,
      body,
      prepared.deprecated ? { "x-shopify-api-deprecated-reason": DEPRECATED_REASON } : {},
    );
  }

  #servedVersion(requested: string): string {
    const oldest = this.#parts.oldestVersion();
    // Documented by Shopify: a retired version is answered by the oldest that is supported.
    return oldest !== null && /^\d/.test(requested) && requested < oldest ? oldest : requested;
  }

  #hasShop(domain: string): boolean {
    for (const account of this.#parts.accounts.values()) if (account.domain === domain) return true;
    return false;
  }

  #open({ method, url, headers }: Incoming): OpenRequestRecord {
    const { platform, log } = this.#parts;
    const record: OpenRequestRecord = {
      id: platform.random.uuid(),
      receivedAt: platform.clock.now(),
      host: url.host,
      method,
      path: withoutToken(url.pathname, headers),
      hasToken: headers.has(TOKEN_HEADER),
      shop: null,
      app: null,
      apiVersion: null,
      servedVersion: null,
      operationName: null,
      operationType: null,
      rootFields: [],
      variables: {},
      fault: null,
      status: null,
      errors: [],
      requestedCost: null,
      actualCost: null,
      duration: null,
    };
    log.add(record);
    return record;
  }

  #close<O extends Outcome>(record: OpenRequestRecord, outcome: O): O {
    const { platform } = this.#parts;
    if (typeof outcome === "object") record.status = outcome.status;
    record.duration = platform.clock.now() - record.receivedAt;
    platform.events.emit("request", record);
    return outcome;
  }
}

function prepare(
  { documents }: AdminSchema,
  { query, operationName }: GraphQLRequest,
): { readonly prepared: PreparedDocument; readonly operation: OperationDefinitionNode | string } {
  const prepared = documents.prepare(query);
  return { prepared, operation: chooseOperation(prepared, operationName) };
}

function notFound(reply: Reply): Outgoing {
  return reply.json(404, { errors: "Not Found" });
}

function codeOf({ extensions, message }: GraphQLFormattedError): string {
  return typeof extensions?.["code"] === "string" ? extensions["code"] : message;
}

function isShopHost(hostname: string): boolean {
  return hostname.endsWith(".myshopify.com");
}

function isServed(hostname: string): boolean {
  return isShopHost(hostname) || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** The version after this one. */
function nextVersion(version: string): string {
  return apiVersions.find(({ handle }) => handle > version)?.handle ?? defaultApiVersion;
}

/** A JSON value for the log, which never holds the token, not even where an app puts it into its request. */
function withoutToken<T>(value: T, headers: Headers): T {
  const token = headers.get(TOKEN_HEADER);
  if (!token) return value;
  const text = JSON.stringify(value);
  if (!text.includes(token)) return value;
  return JSON.parse(text, (_, part: unknown) =>
    typeof part === "string" ? part.replaceAll(token, "[token]") : part,
  ) as T; // the same value but for some text
}
