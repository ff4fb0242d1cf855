import "@shopify/shopify-app-react-router/adapters/node";
import { Session } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createShopify, type Surroundings } from "./shopify.server.js";
import { clientsOf, work, type UsageJob, type UsageQueue } from "./worker.js";

const MINUTE = 60_000;
const SHOPS = ["one.myshopify.com", "two.myshopify.com", "three.myshopify.com"];
const APP = { apiKey: "client-id", apiSecret: "client-secret" };

type SessionStorage = NonNullable<Surroundings["sessionStorage"]>;

/** Sessions in memory; Prisma in the template. */
class Sessions implements SessionStorage {
  readonly #sessions = new Map<string, Session>();
  storeSession = async (session: Session) => !!this.#sessions.set(session.id, session);
  loadSession = async (id: string) => this.#sessions.get(id);
  deleteSession = async (id: string) => this.#sessions.delete(id);
  deleteSessions = async (ids: string[]) => ids.every((id) => this.#sessions.delete(id));
  findSessionsByShop = async (shop: string) =>
    [...this.#sessions.values()].filter((session) => session.shop === shop);
}

/** A queue in memory, which notes what became of each job. */
class Queue implements UsageQueue {
  readonly #jobs: UsageJob[] = [];
  readonly outcomes = new Map<string, string>();
  add(job: UsageJob): void {
    this.#jobs.push(job);
  }
  take = async () => this.#jobs.shift() ?? null;
  done = async ({ id }: UsageJob, record: string) => void this.outcomes.set(id, record);
  later = async ({ id }: UsageJob, wait: number) => void this.outcomes.set(id, `later: ${wait}`);
  park = async ({ id }: UsageJob, reason: string) => void this.outcomes.set(id, reason);
}

beforeEach(() => {
  // The simulator's clock follows the real one, which only the test moves.
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An app that is installed in all shops, with a usage plan and an offline session in each. */
async function installedApp() {
  const admin = createAdminSimulator();
  const sessionStorage = new Sessions();
  for (const domain of SHOPS) {
    const accessToken = `shpat_${domain}`;
    const expiring = { offlineTokens: "expiring", ...APP } as const;
    const shop = admin.addShop({ shop: domain, accessToken, ...expiring });
    const cappedAmount = { amount: "100.00", currencyCode: "USD" };
    shop.createSubscription({ cappedAmount, status: "ACTIVE" });
    const { expiresAt, refreshToken } = shop.offlineToken ?? {};
    const offline = { id: `offline_${domain}`, shop: domain, state: "", isOnline: false };
    const expires = new Date(expiresAt ?? 0);
    await sessionStorage.storeSession(
      new Session({ ...offline, accessToken, expires, refreshToken: refreshToken ?? "" }),
    );
  }
  const shopify = createShopify({
    apiKey: APP.apiKey,
    apiSecretKey: APP.apiSecret,
    appUrl: "https://app.example",
    sessionStorage,
  });
  setAbstractFetchFunc(admin.fetch);
  return { admin, shopify, sessionStorage };
}

it("charges three shops for three hours, through tokens that last one", async () => {
  const { admin, shopify } = await installedApp();
  const billingFor = clientsOf(shopify, admin.fetch);
  const queue = new Queue();

  for (let round = 0; round < 19; round += 1) {
    for (const shop of SHOPS) queue.add({ shop, id: `${shop}/${round}`, emails: 50 });
    await work(queue, billingFor);
    vi.setSystemTime(Date.now() + 10 * MINUTE);
  }

  expect(admin.ledger).toHaveLength(57);
  expect(queue.outcomes.size).toBe(57);
  for (const outcome of queue.outcomes.values()) expect(outcome).toMatch(/AppUsageRecord/);
  const refreshes = admin.requests.filter(({ kind }) => kind === "token");
  expect(refreshes).toHaveLength(SHOPS.length * 3);
  expect(admin.requests.every(({ status }) => status === 200)).toBe(true);
});

it("keeps a job whose charge may have been made, and charges it once", async () => {
  const { admin, shopify } = await installedApp();
  const billingFor = clientsOf(shopify, admin.fetch);
  const queue = new Queue();
  const job = { shop: "one.myshopify.com", id: "a", emails: 50 };
  queue.add(job);
  admin.faults.rate({ internalErrorAfter: 1 }, "mutations");
  vi.spyOn(Math, "random").mockReturnValue(0); // It waits for no backoff.

  await work(queue, billingFor);
  expect(queue.outcomes.get("a")).toBe("later: 60000");

  admin.faults.clear();
  queue.add(job);
  await work(queue, billingFor);
  vi.restoreAllMocks();
  expect(queue.outcomes.get("a")).toMatch(/AppUsageRecord/);
  expect(admin.ledger).toHaveLength(1);
});

it("puts aside what only the merchant can help", async () => {
  const { admin, shopify } = await installedApp();
  const queue = new Queue();
  queue.add({ shop: "one.myshopify.com", id: "much", emails: 5_001 });
  queue.add({ shop: "two.myshopify.com", id: "little", emails: 1 });

  await work(queue, clientsOf(shopify, admin.fetch));

  expect(queue.outcomes.get("much")).toBe("CAPPED_AMOUNT_EXCEEDED");
  expect(queue.outcomes.get("little")).toMatch(/AppUsageRecord/);
});

it("asks for a shop again that has no session, and charges nothing", async () => {
  const { admin, shopify, sessionStorage } = await installedApp();
  await sessionStorage.deleteSession("offline_one.myshopify.com");
  const queue = new Queue();
  queue.add({ shop: "one.myshopify.com", id: "a", emails: 1 });

  await work(queue, clientsOf(shopify, admin.fetch));

  expect(queue.outcomes.get("a")).toBe("later: 60000");
  expect(admin.ledger).toHaveLength(0);
});
