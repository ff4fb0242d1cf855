import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { answerCommands } from "./commands.js";
import { description, lineItemId, price, recordId } from "./charge.js";

const usd = (amount: string): { amount: string; currencyCode: string } => ({
  amount,
  currencyCode: "USD",
});

/** A usage record as Shopify prints it. */
const record = {
  id: recordId,
  createdAt: "2026-11-21T12:00:00Z",
  description,
  idempotencyKey: "event-1",
  price: usd("1.0"),
  subscriptionLineItem: {
    id: lineItemId,
    plan: {
      pricingDetails: {
        __typename: "AppUsagePricing",
        balanceUsed: usd("12.0"),
        cappedAmount: usd("10000.0"),
        interval: "EVERY_30_DAYS",
        terms: "1 USD per 1000 emails",
      },
    },
  },
};

/** The cost in each response: a bucket that 500 simultaneous charges do not noticeably drain. */
const cost = (points: number): object => ({
  requestedQueryCost: points,
  actualQueryCost: points,
  throttleStatus: { maximumAvailable: 20_000, currentlyAvailable: 19_990, restoreRate: 2_000 },
});

const charged = JSON.stringify({
  data: { appUsageRecordCreate: { appUsageRecord: record, userErrors: [] } },
  extensions: { cost: cost(13) },
});

/** The answer to a charge, with the key that was sent: this package refuses the record of another. */
function chargedWith(text: string): Buffer {
  const key = /"idempotencyKey":"([^"]*)"/.exec(text)?.[1] ?? record.idempotencyKey;
  return Buffer.from(charged.replace(record.idempotencyKey, key));
}

const pages = new Map<string, Buffer>();

/** Returns the page after a cursor, which is a number, of a connection with so many records. */
function page(total: number, first: number, after: number): Buffer {
  const name = `${total} ${first} ${after}`;
  let made = pages.get(name);
  if (!made) {
    const end = Math.min(total, after + first);
    const nodes = Array.from({ length: end - after }, (_, index) => {
      const number = after + index + 1;
      const createdAt = new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString();
      const id = `gid://shopify/AppUsageRecord/${number}`;
      return { ...record, id, createdAt, idempotencyKey: `event-${number}` };
    });
    const usageRecords = { nodes, pageInfo: { hasNextPage: end < total, endCursor: String(end) } };
    const node = {
      __typename: "AppSubscription",
      id: "gid://shopify/AppSubscription/1029266950",
      lineItems: [{ ...record.subscriptionLineItem, usageRecords }],
    };
    made = Buffer.from(JSON.stringify({ data: { node }, extensions: { cost: cost(13) } }));
    pages.set(name, made);
  }
  return made;
}

interface ReceivedRequest {
  readonly query: string;
  readonly variables: {
    readonly subscriptionLineItemId?: string;
    readonly description?: string;
    readonly price?: { readonly amount: string | number; readonly currencyCode: string };
    readonly first?: number;
    readonly after?: string | null;
  };
}

function isChargeAsAgreed({ query, variables }: ReceivedRequest): boolean {
  return (
    query.includes("appUsageRecordCreate(") &&
    variables.subscriptionLineItemId === lineItemId &&
    variables.description === description &&
    Number(variables.price?.amount) === 1 &&
    variables.price?.currencyCode === price.currencyCode
  );
}

let requests = 0;
let wrong = 0;
let inspecting = false;
let lastId = 1_000_000;

/** The headers of Shopify's responses. */
function headers(length: number): Record<string, string | number> {
  lastId += 1;
  return {
    "content-type": "application/json; charset=utf-8",
    "content-length": length,
    vary: "Accept",
    "referrer-policy": "origin-when-cross-origin",
    "x-frame-options": "DENY",
    "x-shopid": "548380009",
    "x-shardid": "313",
    "x-stats-userid": "",
    "x-stats-apiclientid": "1830279",
    "x-shopify-api-version": "2025-01",
    "content-language": "en",
    "strict-transport-security": "max-age=7889238",
    "x-request-id": `7a3b8c1e-0f52-4bd6-9d5e-${lastId}-1795262400`,
    "server-timing": 'processing;dur=12, cfRequestDuration;dur=31.000137, _y;desc="0"',
    "x-shopify-stage": "production",
    "x-content-type-options": "nosniff",
    "x-download-options": "noopen",
    "x-permitted-cross-domain-policies": "none",
    "x-xss-protection": "1; mode=block",
    server: "cloudflare",
  };
}

function bodyFor(url: string, text: string): Buffer {
  const records = /[?&]records=(\d+)/.exec(url)?.[1];
  if (records === undefined && !inspecting) return chargedWith(text);
  const received: ReceivedRequest = JSON.parse(text);
  if (records === undefined) {
    if (!isChargeAsAgreed(received)) wrong += 1;
    return chargedWith(text);
  }
  const { first = 250, after } = received.variables;
  return page(Number(records), first, Number(after ?? 0));
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    requests += 1;
    if (inspecting && !request.headers["x-shopify-access-token"]) wrong += 1;
    const body = bodyFor(request.url ?? "", Buffer.concat(chunks).toString());
    response.writeHead(200, headers(body.length));
    response.end(body);
  });
}

// Connections outlive the rounds of the other contenders.
const server = createServer({ keepAliveTimeout: 300_000, noDelay: true }, answer);

answerCommands({
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve({ port: typeof address === "object" && address ? address.port : 0 });
      });
    }),

  /** The requests since the last command, and how many of them were not as expected. */
  count: () => {
    const counted = { requests, wrong };
    requests = 0;
    wrong = 0;
    return counted;
  },

  /** Turns parsing each charge on or off. */
  inspect: ({ on = 0 }) => {
    inspecting = on === 1;
    return {};
  },
});
