import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import type { AdminSimulator } from "shopify-usage-billing/testing";
import { createServer as createVite } from "vite";
import { requestOf, send } from "./http.js";
import { createRoutes } from "./routes.js";
import { Sessions } from "./sessions.js";
import { createShopify, type DemoShop } from "./shops.js";

export interface ExampleOptions {
  /** The port on 127.0.0.1. Default: any free port. */
  readonly port?: number;
  /** The simulated time, in milliseconds since 1970. Default: the real time. */
  readonly now?: number;
}

/** The app and the simulated Shopify, both listening. */
export interface Example {
  /** The URL that a merchant of a shop opens from the Shopify admin. */
  readonly pageOf: (shop: DemoShop) => string;
  readonly shopify: AdminSimulator;
  readonly close: () => Promise<void>;
}

const HOST = "127.0.0.1";

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Starts the simulated Shopify and the app: its server, and its page through Vite. */
export async function startExample({ port = 0, now }: ExampleOptions = {}): Promise<Example> {
  const server = createServer();
  const origin = `http://${HOST}:${await listen(server, port)}`;
  const pageOf = (shop: DemoShop): string => `${origin}/?shop=${shop.domain}`;

  const shopify = createShopify({ returnUrl: pageOf, ...(now !== undefined && { now }) });
  const listener = await shopify.listen();
  const routes = createRoutes({
    sessions: new Sessions(),
    endpoint: listener.endpoint(),
    returnUrl: pageOf,
  });
  const vite = await createVite({
    root: fileURLToPath(new URL("..", import.meta.url)),
    configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
    server: { middlewareMode: true, hmr: { server } },
  });

  server.on("request", (incoming, response) => {
    void (async () => {
      if (/^\/($|\?|api\/)/.test(incoming.url ?? "/")) {
        const answer = await routes(requestOf(incoming, response));
        if (answer) return send(answer, response);
      }
      return vite.middlewares(incoming, response);
    })().catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });

  return {
    pageOf,
    shopify,
    close: async () => {
      await vite.close();
      await listener.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
