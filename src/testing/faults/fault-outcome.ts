import type { Clock } from "../platform/clock.js";
import type { Incoming, Outcome, Outgoing, Reply } from "../http/exchange.js";
import type { Fault } from "./faults.js";
import type { Platform } from "../platform/platform.js";

/** Documented by Shopify. */
export const UNAUTHORIZED =
  "[API] Invalid API key or access token (unrecognized login or wrong password)";

/** Returns the outcome of a request that a fault keeps from being executed. `null` if the fault lets it pass. */
export function prevent(fault: Fault, reply: Reply, platform: Platform): Outcome | null {
  switch (fault.name) {
    case "lostBefore":
      return "lost";
    case "noAnswerBefore":
      return "silent";
    case "tooManyRequests": {
      const { random, clock } = platform;
      const wait = fault.retryAfter ?? random.pick("1", "1.0", "date");
      return reply.json(429, { errors: "Too Many Requests" }, retryAfter(wait, clock));
    }
    case "serverErrorBefore":
      return serverError(fault, reply, platform);
    case "requestTimeoutBefore":
      return reply.json(408, { errors: "Request Timeout" });
    case "unauthorized":
      return reply.json(401, { errors: UNAUTHORIZED });
    case "redirect":
      return reply.html(fault.status ?? 307, "", {
        location: fault.location ?? "https://elsewhere.example/",
      });
    default:
      return null;
  }
}

/** What a fault makes of the response to a request that was executed. */
export function distort(
  fault: Fault,
  answer: Outgoing,
  incoming: Incoming,
  reply: Reply,
  platform: Platform,
): Outcome {
  const text = typeof answer.body === "string" ? answer.body : "";
  switch (fault.name) {
    case "lostAfter":
      return "lost";
    case "noAnswerAfter":
      return "silent";
    case "serverErrorAfter":
      return serverError(fault, reply, platform);
    case "requestTimeoutAfter":
      return reply.json(408, { errors: "Request Timeout" });
    case "brokenJson":
      return { ...answer, body: `${text.slice(0, -1)}<!-- ` };
    case "truncatedBody":
      return { ...answer, body: truncated(text) };
    case "emptyBody":
      return { ...answer, body: "" };
    case "slowBody":
      return { ...answer, body: dripping(text, fault.milliseconds ?? 1000, platform.clock) };
    case "endlessBody":
      return { ...answer, body: endless(text) };
    case "echo":
      return reply.html(502, echoPage(incoming));
    default:
      return answer;
  }
}

function serverError(fault: Fault, reply: Reply, { random, clock }: Platform): Outgoing {
  const status = fault.status ?? random.pick(502, 500, 503, 504);
  const page = `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>Something went wrong</h1></body></html>\n`;
  const headers = fault.retryAfter === undefined ? {} : retryAfter(fault.retryAfter, clock);
  return reply.html(status, page, headers);
}

function retryAfter(wait: string | number, clock: Clock): Record<string, string> {
  // HTTP dates have whole seconds: one ahead at least.
  const date = (): string => new Date(Math.ceil(clock.now() / 1000 + 1) * 1000).toUTCString();
  return { "retry-after": wait === "date" ? date() : String(wait) };
}

/** What a careless proxy shows: everything it got. */
function echoPage({ method, url, headers, body }: Incoming): string {
  const lines = [`${method} ${url.pathname}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return `<!DOCTYPE html>\n<html><body><h1>Bad gateway</h1><pre>${lines.join("\n")}\n\n${body}</pre></body></html>\n`;
}

async function* truncated(text: string): AsyncGenerator<string> {
  yield text.slice(0, Math.ceil(text.length / 2));
  throw new Error("The connection broke off in the middle of the body");
}

const DRIPS = 10;

async function* dripping(text: string, milliseconds: number, clock: Clock): AsyncGenerator<string> {
  const size = Math.ceil(text.length / DRIPS);
  for (let start = 0; start < text.length; start += size) {
    await clock.sleep(milliseconds / DRIPS);
    yield text.slice(start, start + size);
  }
}

/** Begins like the response, and continues for as long as anybody reads. */
async function* endless(text: string): AsyncGenerator<string> {
  yield text.slice(0, -1);
  const filling = " ".repeat(16 * 1024);
  for (;;) {
    // Others get their turn between two pieces.
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    yield filling;
  }
}
