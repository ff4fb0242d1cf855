import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import {
  type AdminSimulator,
  type SimulatorListener,
  SimulatorUsageError,
} from "shopify-usage-billing/testing";
import type { CommandContext } from "../command-context.js";
import { COMMAND } from "../command-name.js";
import { checkApiVersion, currentApiVersion } from "../connection/api-version.js";
import { countOption, numberOption } from "../connection/connection-options.js";
import { examples } from "../examples.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { exitCodes } from "../failure/exit-code.js";
import { printableJson } from "../output/printable.js";
import { shellWord } from "../output/shell-word.js";
import type { Terminal } from "../output/terminal.js";
import { VARIABLES } from "../connection/settings.js";
import { faultRates, latency } from "../simulation/fault-rates.js";
import type { LivePage } from "../simulation/live-page.js";
import { chargeLine, requestLine, webhookLine } from "../simulation/log-line.js";

const PORT = 4000;
/** How many ports to try in order, if the usual one is taken, before any free one. */
const PORTS_TRIED = 10;

function portOption(text: string): number {
  const port = countOption(text);
  if (port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port such as 4000, or 0 for any free one.");
}

/** `usage-billing simulate` */
export function simulateCommand({ terminal, interruption, run }: CommandContext): Command {
  return new Command("simulate")
    .description("Run a simulator of Shopify's Admin API, with a live page in the browser.")
    .option(
      "--port <number>",
      `listen on this port (default: ${PORT}, or the next free one)`,
      portOption,
    )
    .optionsGroup("The shop:")
    .option("--shop <domain>", "the shop", "demo.myshopify.com")
    .option("--access-token <token>", "the access token that it accepts", "simulated-token")
    .option("--cap <amount>", "the capped amount of its subscription", "100.00")
    .option("--currency <code>", "the currency of its subscription", "USD")
    .option("--test", "make it a test subscription, which is never billed")
    .option("--no-subscription", "start without a subscription")
    .option("--expiring-tokens", "make the access token expire after an hour, with a refresh token")
    .option("--api-key <id>", "the app's client id, for refreshing tokens", "simulated-app")
    .option(
      "--api-secret <secret>",
      "the app's client secret, which signs webhooks",
      "simulated-secret",
    )
    .option("--webhooks <url>", "send the app's webhooks to this URL")
    .option("--history <days>", "start with this many days of usage", countOption, 0)
    .optionsGroup("Behaviour:")
    .option("--faults <rates>", "faults with their rates, such as lostAfter=0.1", faultRates)
    .option("--latency <milliseconds>", "how long requests take, such as 50 or 20-80", latency)
    .option("--now <time>", "the simulated time at the start (default: now)")
    .option("--speed <factor>", "how fast simulated time passes; 0 stops it", numberOption, 1)
    .option(
      "--retire-versions",
      "serve calls to retired API versions with a newer one, as Shopify does",
    )
    .addOption(
      new Option("--replay <responses>", "the responses that are repeated for a repeated key")
        .choices(["successes", "all"] as const)
        .default("successes" as const),
    )
    .option("--seed <number>", "the seed for random choices", numberOption, 1)
    .optionsGroup("Output:")
    .option(
      "--api-version <version>",
      "the Admin API version in the printed URLs (default: the newest released)",
    )
    .option("--quiet", "do not show requests, charges and webhooks")
    .option("--json", "write one JSON object per line: first its addresses, then what happens")
    .option("--debug", "show details of errors")
    .addHelpText(
      "after",
      examples(
        ["a shop with a subscription, on port 4000", "simulate"],
        [
          "a month of usage, and trouble",
          "simulate --history 30 --faults lostAfter=0.1,throttled=0.05",
        ],
        ["for a script: any port, printed as JSON", "simulate --port 0 --quiet --json"],
      ),
    )
    .action((options) =>
      run(options, async () => {
        const { createAdminSimulator } = await import("shopify-usage-billing/testing");
        const { addDemoShop } = await import("../simulation/demo-shop.js");
        const { LivePage } = await import("../simulation/live-page.js");
        const { accessToken, apiSecret, history, speed, cap, currency } = options;
        const apiVersion =
          options.apiVersion === undefined
            ? currentApiVersion(Date.now())
            : checkApiVersion(options.apiVersion);
        const begin = options.now === undefined ? Date.now() : timeOf(options.now);

        const admin = createAdminSimulator({
          seed: options.seed,
          now: begin,
          clock: { speed },
          replay: options.replay,
          ...(options.retireVersions && { supportedVersions: "byDate" }),
        });
        const shop = addDemoShop(admin, {
          shop: options.shop,
          accessToken,
          apiKey: options.apiKey,
          apiSecret,
          expiringTokens: options.expiringTokens === true,
          cappedAmount: { amount: cap, currencyCode: currency.toUpperCase() },
          test: options.test === true,
          subscribed: options.subscription,
          history,
        });
        if (options.faults) admin.faults.rate(options.faults);
        if (options.latency !== undefined) admin.faults.latency(options.latency);

        const { webhooks: webhooksTo } = options;
        const page = new LivePage({ admin, shop, apiSecret, apiVersion, speed, webhooksTo });
        const listener = await listen(admin, page, options.port, terminal);
        const place = { ...listener, endpoint: listener.endpoint(apiVersion) };
        const { out } = terminal;
        await (options.json
          ? out.json({
              url: place.url,
              endpoint: place.endpoint,
              shop: shop.domain,
              accessToken,
              ...(options.expiringTokens && { refreshToken: shop.offlineToken?.refreshToken }),
              apiVersion,
            })
          : out.line(welcome(place, shop.domain, accessToken, terminal)));
        if (!options.quiet) log(admin, options.json === true, terminal);
        if (!interruption.signal.aborted) {
          await new Promise((resolve) => {
            interruption.signal.addEventListener("abort", resolve, { once: true });
          });
        }
        page.close();
        await listener.close();
        if (!options.json) {
          const { length } = admin.ledger;
          await out.line(
            `\nStopped, with ${length} charge${length === 1 ? "" : "s"} in the ledger.`,
          );
        }
        return exitCodes.ok;
      }),
    );
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new CommandFailedError(
    `--now must be a time such as 2026-01-31T12:00:00Z, got ${JSON.stringify(text)}`,
    exitCodes.usage,
  );
}

/** Listens on the requested port, or otherwise on a free one. */
async function listen(
  admin: AdminSimulator,
  page: LivePage,
  port: number | undefined,
  { err }: Terminal,
): Promise<SimulatorListener> {
  const options = { fallback: (request: Request) => page.respond(request), cors: true };
  if (port !== undefined) {
    try {
      return await admin.listen(port, options);
    } catch (error) {
      if (!(error instanceof SimulatorUsageError)) throw error;
      throw new CommandFailedError(error.message, exitCodes.refused);
    }
  }
  for (let tried = PORT; ; tried += 1) {
    // Port 0 is any free one.
    const choice = tried < PORT + PORTS_TRIED ? tried : 0;
    try {
      const listener = await admin.listen(choice, options);
      if (listener.port !== PORT) {
        await err.line(err.colors.yellow(`Port ${PORT} is taken: using ${listener.port}.`));
      }
      return listener;
    } catch (error) {
      if (!(error instanceof SimulatorUsageError) || choice === 0) throw error;
    }
  }
}

/** Returns the welcome text: what to open and what to type. */
function welcome(
  { url, endpoint }: { readonly url: string; readonly endpoint: string },
  shop: string,
  accessToken: string,
  { out }: Terminal,
): string {
  const { bold, cyan, dim, green } = out.colors;
  const query = "{ currentAppInstallation { activeSubscriptions { name status } } }";
  return `${green("●")} ${bold("Admin API simulator")} ${dim("– nobody is billed")}

  live page  ${cyan(url)}
  endpoint   ${cyan(endpoint)}
  shop       ${shop}
  token      ${accessToken}

${dim("Try it:")}

  curl ${endpoint} \\
    -H ${shellWord("content-type: application/json")} \\
    -H ${shellWord(`x-shopify-access-token: ${accessToken}`)} \\
    -d ${shellWord(JSON.stringify({ query }))}

${dim("Or in another terminal:")}

  export ${VARIABLES.shop}=${shop}
  export ${VARIABLES.accessToken}=${shellWord(accessToken)}
  export ${VARIABLES.endpoint}=${endpoint}
  ${COMMAND} charge --amount 1.00 --description "1000 emails"

${dim("Press Ctrl-C to stop.")}
`;
}

/** Logs requests, charges and webhooks as they happen. */
function log(admin: AdminSimulator, json: boolean, { out }: Terminal): void {
  const write = (text: string): void => {
    out.write(`${text}\n`).catch(() => undefined); // The simulator keeps running if its output is closed.
  };
  admin.on("request", ({ query: _query, response: _response, ...record }) => {
    write(json ? printableJson({ request: record }) : requestLine(record, out.colors));
  });
  admin.on("usageRecord", (record) => {
    const { id, shop, description, price, idempotencyKey, createdAt, test, attempts } = record;
    const usageRecord = { id, shop, description, price, idempotencyKey, createdAt, test, attempts };
    write(json ? printableJson({ usageRecord }) : chargeLine(record, out.colors));
  });
  admin.on("webhook", (webhook) => {
    write(json ? printableJson({ webhook }) : webhookLine(webhook, out.colors));
  });
}
