import type { GraphQLFormattedError, OperationDefinitionNode } from "graphql";
import { apiVersions, newestApiVersion } from "../../api-versions.js";
import type { RequestContext } from "../graphql/admin-root.js";
import { isConfirmationPath } from "../billing/approval.js";
import { confirm } from "./confirmation-page.js";
import { chooseOperation, rootFields, type PreparedDocument } from "../graphql/document.js";
import { Reply, type Incoming, type Outcome, type Outgoing } from "./exchange.js";
import { answer } from "../graphql/execution.js";
import { distort, prevent, UNAUTHORIZED } from "../faults/fault-outcome.js";
import type { Fault, Faults } from "../faults/faults.js";
import { readGraphQLRequest, type GraphQLRequest } from "../graphql/graphql-request.js";
import type { Access, AccessTokens } from "../tokens/access-tokens.js";
import { answerTokenRequest, grantType, TOKEN_PATH } from "../tokens/token-endpoint.js";
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

/** Reported by developers. */
const PERMANENT_TOKEN =
  "[API] Non-expiring access tokens are no longer accepted for the Admin API. Start using expiring offline tokens.";

/** Where requests go: what the endpoint is made of. */
export interface EndpointParts {
  readonly platform: Platform;
  readonly schemas: Schemas;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly accounts: readonly Account[];
  readonly tokens: AccessTokens;
  /** From when on public apps need tokens that expire, in milliseconds since 1970. */
  readonly permanentTokensUntil: number;
  /** Returns the version that serves calls to older ones. `null` if each version serves its own calls. */
  readonly oldestVersion: () => string | null;
}

/** A request with the fault that it meets. */
interface Exchange {
  readonly incoming: Incoming;
  readonly record: OpenRequestRecord;
  readonly fault: Fault | null;
}

/** A GraphQL request, understood as far as that was possible. */
interface Call extends Exchange {
  readonly access: Access | null;
  readonly schema: AdminSchema | null;
  readonly request: GraphQLRequest | { readonly errors: unknown };
}

/** Everything behind the network: takes a request, and decides what comes of it. */
export class Endpoint {
  readonly #parts: EndpointParts;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  async handle(incoming: Incoming): Promise<Outcome> {
    const record = this.#open(incoming);
    try {
      return await this.#handle(incoming, record);
    } catch (error) {
      // What is nested so deeply that the stack overflows.
      if (!(error instanceof RangeError)) throw error;
      const reply = new Reply(record, this.#parts.platform.clock);
      return this.#close(incoming, record, reply.json(400, { errors: "Bad Request" }));
    }
  }

  async #handle(incoming: Incoming, record: OpenRequestRecord): Promise<Outcome> {
    const { url } = incoming;
    if (!isServed(url.hostname)) return this.#close(incoming, record, "unknownHost");
    const reply = new Reply(record, this.#parts.platform.clock);
    if (isConfirmationPath(url.pathname)) {
      const page = confirm(this.#parts.platform.approvals, incoming, reply);
      return this.#close(incoming, record, page);
    }
    if (url.pathname === TOKEN_PATH) return this.#handleTokenRequest(incoming, record);
    const version = GRAPHQL_PATH.exec(url.pathname)?.[1];
    if (version === undefined) return this.#close(incoming, record, notFound(reply));

    const call = this.#understand(incoming, record, version);
    if (call.fault?.name !== "duplicateDelivery") return this.#runCall(call);
    const again = { ...record, id: requestId(this.#parts.platform) };
    this.#parts.log.add(again);
    const copies = await Promise.all([
      this.#runCall(call),
      this.#runCall({ ...call, record: again }),
    ]);
    const { answer = this.#parts.platform.random.pick("first", "second") } = call.fault;
    return copies[answer === "first" ? 0 : 1];
  }

  #runCall(call: Call): Promise<Outcome> {
    return this.#run(call, (reply, latency) => this.#execute(call, reply, latency));
  }

  /** Answers a request for an access token, unless a fault that is meant for such requests prevents that. */
  #handleTokenRequest(incoming: Incoming, record: OpenRequestRecord): Promise<Outcome> {
    const { faults, tokens, accounts, platform } = this.#parts;
    record.kind = "token";
    const grant = grantType(incoming.headers.get("content-type") ?? "", incoming.body);
    if (grant !== null) record.variables = { grant_type: grant };
    const fault = faults.draw(record);
    record.fault = fault?.name ?? null;
    return this.#run({ incoming, record, fault }, async (reply, latency) => {
      const { method, headers, body, url } = incoming;
      if (method !== "POST") return notFound(reply);
      await latency();
      const ofHost = accounts.filter(
        ({ domain }) => !isShopHost(url.hostname) || domain === url.hostname,
      );
      const contentType = headers.get("content-type") ?? "";
      const now = (): number => platform.clock.now();
      const answer = await answerTokenRequest(contentType, body, { tokens, accounts: ofHost, now });
      record.shop = answer.account?.domain ?? null;
      record.app = answer.account?.app ?? null;
      record.errors = answer.error === null ? [] : [answer.error];
      return reply.json(answer.status, answer.body);
    });
  }

  /** Reads a request, and draws the fault that it meets. */
  #understand(incoming: Incoming, record: OpenRequestRecord, version: string): Call {
    const { schemas, faults, tokens } = this.#parts;
    const { headers, body } = incoming;
    const access = tokens.find(headers.get(TOKEN_HEADER) ?? "");
    const account = access?.account ?? null;
    const request = readGraphQLRequest(headers.get("content-type") ?? "", body);
    let schema = schemas.get(this.#servedVersion(version));

    record.kind = "graphql";
    record.apiVersion = version;
    record.shop = account?.domain ?? null;
    record.app = account?.app ?? null;
    if ("query" in request) {
      record.query = withoutToken(request.query, headers);
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
    return { incoming, record, access, schema, request, fault };
  }

  /** Executes a call unless its fault prevents that, and distorts the response as the fault demands. */
  async #run(
    { incoming, record, fault }: Exchange,
    execute: (reply: Reply, latency: () => Promise<void> | null) => Promise<Outgoing>,
  ): Promise<Outcome> {
    const { platform, faults } = this.#parts;
    const reply = new Reply(record, platform.clock);
    const milliseconds = faults.drawLatency(record);
    let waiting: Promise<void> | null = null;
    const latency = (): Promise<void> | null =>
      milliseconds > 0 ? (waiting ??= platform.clock.sleep(milliseconds)) : null;

    let outcome: Outcome | null = fault && prevent(fault, reply, platform);
    if (outcome === null) {
      const answer = await execute(reply, latency);
      outcome = fault ? distort(fault, answer, incoming, reply, platform) : answer;
    }
    await latency();
    return this.#close(incoming, record, outcome);
  }

  /** Responds as Shopify's application does. */
  async #execute(
    { incoming, record, access, schema, request, fault }: Call,
    reply: Reply,
    latency: () => Promise<void> | null,
  ): Promise<Outgoing> {
    const { hostname } = incoming.url;
    if (incoming.method !== "POST" || schema === null) return notFound(reply);
    if (isShopHost(hostname) && !this.#hasShop(hostname)) return notFound(reply);
    const { platform, permanentTokensUntil } = this.#parts;
    const now = platform.clock.now();
    const hasExpired = access?.expiresAt !== null && now >= (access?.expiresAt ?? 0);
    const account = hasExpired ? null : (access?.account ?? null);
    if (account === null || (isShopHost(hostname) && account.domain !== hostname)) {
      return reply.json(401, { errors: UNAUTHORIZED });
    }
    if (access?.expiresAt === null && account.isPublic && now >= permanentTokensUntil) {
      return reply.json(403, { errors: PERMANENT_TOKEN });
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
      fault,
    };
    const { prepared, operation } = prepare(schema, request);
    const body = await answer(schema, prepared, operation, request.variables, context);
    record.requestedCost = body.extensions?.cost.requestedQueryCost ?? null;
    record.actualCost = body.extensions?.cost.actualQueryCost ?? null;
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
    return this.#parts.accounts.some((account) => account.domain === domain);
  }

  #open({ method, url, headers }: Incoming): OpenRequestRecord {
    const { platform, log } = this.#parts;
    const record: OpenRequestRecord = {
      id: requestId(platform),
      receivedAt: platform.clock.now(),
      host: url.host,
      kind: "other",
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
      query: null,
      variables: {},
      fault: null,
      status: null,
      response: null,
      errors: [],
      requestedCost: null,
      actualCost: null,
      duration: null,
    };
    log.add(record);
    return record;
  }

  #close({ headers }: Incoming, record: OpenRequestRecord, outcome: Outcome): Outcome {
    const { platform } = this.#parts;
    let sent = outcome;
    if (typeof outcome === "object") {
      const { status, body } = outcome;
      record.status = status;
      if (typeof body !== "string") {
        sent = { ...outcome, body: recorded(body, record, headers) };
      } else if (record.kind !== "token") {
        record.response = withoutToken(body, headers);
      }
    }
    record.duration = platform.clock.now() - record.receivedAt;
    platform.events.emit("request", record);
    return sent;
  }
}

/** Enough for any response, and an end to what an endless body leaves in the log. */
const MOST_RECORDED = 256 * 1024;

/** Records what is sent of a body that comes in pieces. */
async function* recorded(
  pieces: AsyncIterable<string>,
  record: OpenRequestRecord,
  headers: Headers,
): AsyncGenerator<string> {
  let text = "";
  for await (const piece of pieces) {
    if (record.kind !== "token" && text.length < MOST_RECORDED) {
      text += piece;
      record.response = withoutToken(text, headers);
    }
    yield piece;
  }
}

function prepare(
  { documents }: AdminSchema,
  { query, operationName }: GraphQLRequest,
): { readonly prepared: PreparedDocument; readonly operation: OperationDefinitionNode | string } {
  const prepared = documents.prepare(query);
  return { prepared, operation: chooseOperation(prepared, operationName) };
}

/** As captured from live stores: a UUID with the time in seconds behind it. */
function requestId({ random, clock }: Platform): string {
  return `${random.uuid()}-${Math.floor(clock.now() / 1000)}`;
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
  return apiVersions.find(({ handle }) => handle > version)?.handle ?? newestApiVersion;
}

/** Returns a JSON value for the log, which never holds the token, even if an app puts it into its request. */
function withoutToken<T>(value: T, headers: Headers): T {
  const token = headers.get(TOKEN_HEADER);
  if (!token) return value;
  const text = JSON.stringify(value);
  if (!text.includes(token)) return value;
  return JSON.parse(text, (_, part: unknown) =>
    typeof part === "string" ? part.replaceAll(token, "[token]") : part,
  ) as T; // the same value but for some text
}
