// @ts-check
// The live page. Everything from outside is set as text, never as HTML.

/**
 * @typedef {{ amount: string, currencyCode: string }} Money
 * @typedef {{ __typename?: string, cappedAmount?: Money, balanceUsed?: Money, terms?: string, price?: Money, interval: string }} Pricing
 * @typedef {{ id: string, name: string, status: string, test: boolean, createdAt: string, currentPeriodEnd: string | null, trialDays: number, lineItems: { id: string, plan: { pricingDetails: Pricing } }[] }} Subscription
 * @typedef {{ kind: string, id: string, name: string, agreement: string[], confirmationUrl: string }} Approval
 * @typedef {{ maximumAvailable: number, currentlyAvailable: number, restoreRate: number }} Bucket
 * @typedef {{ domain: string, app: string, status: string, bucket: Bucket, subscriptions: Subscription[], approvals: Approval[] }} Shop
 * @typedef {{ id: string, createdAt: string, description: string, price: Money, idempotencyKey: string | null, attempts: number, test: boolean }} Charge
 * @typedef {{ id: string, receivedAt: number, method: string, path: string, hasToken: boolean, shop: string | null, apiVersion: string | null, servedVersion: string | null, operationName: string | null, rootFields: string[], variables: object, fault: string | null, status: number | null, errors: string[], requestedCost: number | null, actualCost: number | null, duration: number | null }} RequestRecord
 * @typedef {{ name: string, times: number, target: string }} ArmedFault
 * @typedef {{ now: number, speed: number, shops: Shop[], ledger: { count: number, sums: Money[], records: Charge[] }, requests: { count: number, records: RequestRecord[] }, faults: { armed: ArmedFault[], happened: { name: string, times: number }[] } }} State
 */

/** What each fault does, for those who have not learnt them by heart. */
const FAULT_NOTES = new Map([
  ["lostBefore", "The connection breaks before the request is executed."],
  ["lostAfter", "The request is executed, then the connection breaks. The classic double charge."],
  ["noAnswerBefore", "Nothing is executed, and no answer ever comes."],
  ["noAnswerAfter", "The request is executed, but no answer ever comes."],
  ["tooManyRequests", "Status 429 with Retry-After. Not executed."],
  ["serverErrorBefore", "Status 5xx with HTML. Not executed."],
  ["serverErrorAfter", "Executed, then status 5xx with HTML."],
  ["requestTimeoutBefore", "Status 408. Not executed."],
  ["requestTimeoutAfter", "Executed, then status 408."],
  ["unauthorized", "Status 401, although the token is right. Not executed."],
  ["redirect", "Status 307 to another host. Not executed."],
  ["throttled", "Status 200 with the GraphQL error THROTTLED. Not executed."],
  ["accessDenied", "Status 200 with the GraphQL error ACCESS_DENIED. Charges only, not executed."],
  ["resolverError", "Status 200 with an error of the charge's resolver, and null. Charges only."],
  ["keyInProgress", "The user error that the key is in progress. Charges only, not executed."],
  ["internalErrorBefore", "Status 200 with INTERNAL_SERVER_ERROR. Not executed."],
  ["internalErrorAfter", "Executed, then status 200 with INTERNAL_SERVER_ERROR."],
  ["nullRecord", "Executed, but the record is null beside a GraphQL error. Charges only."],
  ["brokenJson", "Executed; the body is no JSON."],
  ["truncatedBody", "Executed; the body breaks off with the connection."],
  ["emptyBody", "Executed; the body is empty."],
  ["slowBody", "Executed; the body drips."],
  ["endlessBody", "Executed; the body never ends."],
  ["echo", "Executed, then status 502 with a page that shows the whole request, its token too."],
  ["otherVersion", "Executed by another API version."],
  ["duplicateDelivery", "Executed twice, as by a proxy that repeats a request."],
]);

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}

/**
 * @param {Element} parent
 * @param {string} name
 * @returns {HTMLElement}
 */
function part(parent, name) {
  const element = parent.querySelector(`[data-${name}]`);
  if (!(element instanceof HTMLElement)) throw new Error(`A template has no data-${name}`);
  return element;
}

/** @param {Element} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Money} money */
function price({ amount, currencyCode }) {
  const [whole = "", fraction = ""] = amount.split(".");
  let decimals = 2;
  try {
    const format = new Intl.NumberFormat("en", { style: "currency", currency: currencyCode });
    decimals = format.resolvedOptions().minimumFractionDigits ?? 2;
  } catch {
    // Shopify's own codes, such as USDC.
  }
  const digits = fraction.replace(/0+$/, "").padEnd(decimals, "0");
  return `${whole}${digits && `.${digits}`} ${currencyCode}`;
}

/** @param {number} milliseconds */
function timeOfDay(milliseconds) {
  return new Date(milliseconds).toISOString().slice(11, 19);
}

/** @param {string} dateTime */
function moment(dateTime) {
  return dateTime.replace("T", " ").replace("Z", "");
}

/** What the keys of rows were last time, so that new ones can be shown as new. */
const known = new WeakMap();

/**
 * Makes the children of an element those of a list, keeping the ones that stay: focus, scrolling and
 * what is open are theirs.
 *
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {() => HTMLElement} create
 * @param {(element: HTMLElement, item: T) => void} update
 */
function reconcile(parent, items, keyOf, create, update) {
  /** @type {Map<string, HTMLElement> | undefined} */
  const before = known.get(parent);
  /** @type {Map<string, HTMLElement>} */
  const after = new Map();
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = before?.get(key);
    if (!element) {
      element = create();
      if (before) element.classList.add("new");
    }
    update(element, item);
    after.set(key, element);
    if (element === place) place = element.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const [key, element] of before ?? []) if (!after.has(key)) element.remove();
  known.set(parent, after);
}

/** @param {string} id @returns {() => HTMLElement} */
function fromTemplate(id) {
  const template = byId(id);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`#${id} is no template`);
  return () => {
    const element = template.content.firstElementChild?.cloneNode(true);
    if (!(element instanceof HTMLElement)) throw new Error(`#${id} is empty`);
    return element;
  };
}

const newSubscription = fromTemplate("subscription-template");
const newApproval = fromTemplate("approval-template");
const newRequest = fromTemplate("request-template");
const newCharge = fromTemplate("charge-template");

/** @type {State | null} */
let state = null;
/** When the state came, on the clock of `performance.now()`. */
let stateAt = 0;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let toastTimer;

/** @param {string} text */
function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove("shown"), 4000);
}

/**
 * Asks the simulator for something, and says what came of it.
 *
 * @param {Record<string, unknown>} action
 * @param {HTMLButtonElement | null} [button]
 */
async function act(action, button = null) {
  if (button) button.disabled = true;
  try {
    const response = await fetch("/actions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ shop: state?.shops[0]?.domain, ...action }),
    });
    const { done, problem } = await response.json();
    toast(done ?? problem);
  } catch {
    toast("The simulator does not answer.");
  } finally {
    if (button) button.disabled = false;
  }
}

/** @param {HTMLElement} button @param {() => Record<string, unknown>} action */
function onClick(button, action) {
  if (!(button instanceof HTMLButtonElement)) throw new Error("Not a button");
  button.addEventListener("click", () => act(action(), button));
}

/** @param {HTMLElement} meter @param {number} share from 0 to 1 */
function setMeter(meter, share) {
  const fill = meter.querySelector(".fill");
  if (fill instanceof HTMLElement) {
    fill.style.setProperty("--part", String(Math.min(1, Math.max(0, share))));
  }
}

/** @param {Subscription} subscription */
function usageOf({ lineItems }) {
  for (const { id, plan } of lineItems) {
    const { balanceUsed, cappedAmount, terms = "" } = plan.pricingDetails;
    if (balanceUsed && cappedAmount) return { id, balanceUsed, cappedAmount, terms };
  }
  return null;
}

/** @param {string} status */
function toneOf(status) {
  if (status === "ACTIVE") return "well";
  return status === "PENDING" || status === "ACCEPTED" || status === "FROZEN" ? "near" : "";
}

/** @param {HTMLElement} element @param {Subscription} subscription */
function showSubscription(element, subscription) {
  const { id, name, status, test, currentPeriodEnd, lineItems } = subscription;
  setText(part(element, "name"), name);
  const badge = part(element, "status");
  setText(badge, status);
  badge.className = `badge ${toneOf(status)}`;
  part(element, "test").hidden = !test;
  element.classList.toggle("over", ["CANCELLED", "DECLINED", "EXPIRED"].includes(status));

  const freeze = part(element, "freeze");
  freeze.hidden = status !== "ACTIVE" && status !== "FROZEN";
  setText(freeze, status === "FROZEN" ? "unfreeze" : "freeze");
  freeze.setAttribute("aria-label", `${freeze.textContent} ${name}`);
  freeze.dataset["subject"] = id;

  const usage = usageOf(subscription);
  const usagePart = part(element, "usage");
  usagePart.hidden = !usage;
  if (usage) {
    const share = Number(usage.balanceUsed.amount) / Number(usage.cappedAmount.amount);
    const percent = `${Math.floor(share * 1000 + 1e-9) / 10} %`;
    setText(part(element, "used"), price(usage.balanceUsed));
    setText(part(element, "cap"), price(usage.cappedAmount));
    setText(part(element, "percent"), percent);
    const meter = usagePart.querySelector(".meter");
    if (meter instanceof HTMLElement) {
      setMeter(meter, share);
      meter.classList.toggle("near", share >= 0.75 && share < 0.9);
      meter.classList.toggle("full", share >= 0.9);
      meter.setAttribute("aria-label", `Used of the capped amount of ${name}`);
      meter.setAttribute("aria-valuenow", String(Math.min(100, Math.floor(share * 100))));
      meter.setAttribute(
        "aria-valuetext",
        `${price(usage.balanceUsed)} of ${price(usage.cappedAmount)}`,
      );
    }
  }
  const recurring = lineItems.find(({ plan }) => plan.pricingDetails.price)?.plan.pricingDetails;
  const details = [];
  if (recurring?.price) {
    const interval = recurring.interval === "ANNUAL" ? "year" : "30 days";
    details.push(`${price(recurring.price)} every ${interval}`);
  }
  if (usage) details.push(usage.terms);
  if (currentPeriodEnd) details.push(`the period ends ${moment(currentPeriodEnd)}`);
  setText(part(element, "details"), details.join(" · "));
  setText(part(element, "id"), usage ? usage.id : id);
}

function createSubscription() {
  const element = newSubscription();
  const freeze = part(element, "freeze");
  onClick(freeze, () => ({ action: freeze.textContent, id: freeze.dataset["subject"] }));
  return element;
}

const QUESTIONS = new Map([
  ["subscription", "The app proposes"],
  ["cappedAmount", "The app asks for a higher cap on"],
  ["oneTimePurchase", "The app asks for a one-time payment:"],
]);

/** @param {HTMLElement} element @param {Approval} approval */
function showApproval(element, { kind, id, name, agreement, confirmationUrl }) {
  setText(part(element, "title"), `${QUESTIONS.get(kind) ?? "The app asks:"} “${name}”`);
  reconcile(
    part(element, "agreement"),
    agreement,
    (line) => line,
    () => document.createElement("li"),
    setText,
  );
  for (const button of ["approve", "decline"]) {
    const control = part(element, button);
    control.dataset["subject"] = id;
    control.setAttribute("aria-label", `${control.textContent} ${name}`);
  }
  const page = part(element, "page");
  if (page instanceof HTMLAnchorElement && /^https?:/.test(confirmationUrl)) {
    page.href = confirmationUrl;
  }
}

function createApproval() {
  const element = newApproval();
  for (const action of ["approve", "decline"]) {
    const button = part(element, action);
    onClick(button, () => ({ action, id: button.dataset["subject"] }));
  }
  return element;
}

/** @param {HTMLElement} element @param {RequestRecord} request */
function showRequest(element, request) {
  const { status, fault, errors, actualCost, requestedCost, apiVersion, servedVersion } = request;
  const well = status !== null && status < 400 && errors.length === 0 && fault === null;
  element.classList.toggle("trouble", !well);
  const { operationName, rootFields } = request;
  setText(part(element, "time"), timeOfDay(request.receivedAt));
  setText(
    part(element, "what"),
    rootFields.join(", ") || operationName || `${request.method} ${request.path}`,
  );
  const [field = ""] = rootFields;
  const says = operationName !== null && operationName.toLowerCase() !== field.toLowerCase();
  setText(part(element, "operation"), field !== "" && says ? operationName : "");
  const badge = part(element, "status");
  setText(badge, status === null ? "no answer" : String(status));
  badge.className = `badge ${status !== null && status < 400 ? "well" : "bad"}`;
  part(element, "fault").hidden = fault === null;
  setText(part(element, "fault"), fault ?? "");
  part(element, "errors").hidden = errors.length === 0;
  setText(part(element, "errors"), errors.join(", "));
  setText(part(element, "cost"), actualCost === null ? "" : `${actualCost} pts`);

  /** @type {[string, string][]} */
  const facts = [
    ["Request id", request.id],
    ["Operation", operationName ?? "–"],
    [
      "Version",
      apiVersion === servedVersion ? (apiVersion ?? "–") : `${apiVersion}, served ${servedVersion}`,
    ],
    ["Shop", request.shop ?? (request.hasToken ? "a wrong token" : "no token")],
    ["Cost", requestedCost === null ? "–" : `${requestedCost} asked, ${actualCost ?? 0} taken`],
    ["Duration", request.duration === null ? "–" : `${request.duration} ms`],
  ];
  if (errors.length > 0) facts.push(["Errors", errors.join(", ")]);
  const list = part(element, "facts");
  reconcile(
    list,
    facts.flatMap(([term, text]) => [
      { tag: "dt", term, text: term },
      { tag: "dd", term, text },
    ]),
    ({ tag, term }) => tag + term,
    () => document.createElement("div"),
    (row, { tag, text }) => {
      if (row.firstChild?.nodeName.toLowerCase() !== tag) {
        row.style.display = "contents";
        row.replaceChildren(document.createElement(tag));
      }
      if (row.firstElementChild) setText(row.firstElementChild, text);
    },
  );
  setText(part(element, "variables"), JSON.stringify(request.variables, null, 2));
}

/** @param {HTMLElement} element @param {Charge} charge */
function showCharge(element, { createdAt, description, price: money, idempotencyKey, attempts }) {
  const time = part(element, "time");
  setText(time, moment(createdAt).slice(5));
  time.setAttribute("datetime", createdAt);
  time.title = moment(createdAt);
  setText(part(element, "description"), description);
  setText(part(element, "price"), price(money));
  const key = part(element, "key");
  setText(key, idempotencyKey ?? "–");
  key.title = idempotencyKey ?? "The app sent no idempotency key";
  setText(part(element, "attempts"), attempts === 0 ? "–" : `${attempts} ×`);
}

/** @param {ArmedFault} fault */
function armedText({ name, times, target }) {
  const which = target === "all" ? "" : `, ${target}`;
  return `${name} ${times} ×${which}`;
}

function show() {
  if (!state) return;
  const { shops, ledger, requests, faults } = state;
  const [shop] = shops;
  setText(byId("charge-count"), String(ledger.count));
  setText(byId("charge-sum"), ledger.sums.map(price).join(" + ") || "0");
  setText(byId("request-count"), String(requests.count));
  setText(byId("fault-count"), String(faults.happened.reduce((sum, { times }) => sum + times, 0)));
  const subscriptions = shops.flatMap((shop) => shop.subscriptions);
  reconcile(
    byId("subscriptions"),
    subscriptions.filter(({ status }) => status !== "PENDING"),
    ({ id }) => id,
    createSubscription,
    showSubscription,
  );
  const approvals = shops.flatMap((shop) => shop.approvals);
  reconcile(
    byId("approvals"),
    approvals,
    ({ kind, id }) => kind + id,
    createApproval,
    showApproval,
  );
  byId("no-subscriptions").hidden = subscriptions.length > 0;
  reconcile(byId("ledger"), ledger.records, ({ id }) => id, newCharge, showCharge);
  byId("no-charges").hidden = ledger.count > 0;
  reconcile(byId("requests"), requests.records, ({ id }) => id, newRequest, showRequest);
  byId("no-requests").hidden = requests.count > 0;
  reconcile(
    byId("armed"),
    faults.armed,
    ({ name, target }) => `${name} ${target}`,
    () => {
      const chip = document.createElement("li");
      chip.className = "badge fault";
      return chip;
    },
    (chip, fault) => setText(chip, armedText(fault)),
  );
  byId("clear-faults").hidden = faults.armed.length === 0;
  if (shop)
    setText(
      byId("shop-name"),
      shop.status === "open" ? shop.domain : `${shop.domain}, ${shop.status}`,
    );
  tick();
}

/** What changes by time alone. */
function tick() {
  if (!state) return;
  const elapsed = (performance.now() - stateAt) * state.speed;
  const clock = byId("clock");
  const now = new Date(state.now + elapsed).toISOString();
  setText(clock, now.slice(0, 19).replace("T", " "));
  clock.setAttribute("datetime", now);
  const bucket = state.shops[0]?.bucket;
  if (!bucket) return;
  const { maximumAvailable, currentlyAvailable, restoreRate } = bucket;
  const points = Math.min(maximumAvailable, currentlyAvailable + (elapsed / 1000) * restoreRate);
  setText(byId("bucket-text"), `${Math.floor(points)} of ${maximumAvailable}`);
  setText(byId("bucket-rate"), String(restoreRate));
  const meter = byId("bucket");
  meter.setAttribute("aria-valuemax", String(maximumAvailable));
  meter.setAttribute("aria-valuenow", String(Math.floor(points)));
  setMeter(meter, points / maximumAvailable);
}

function listen() {
  const events = new EventSource("/events");
  const connection = byId("connection");
  /** @param {string} text @param {string} tone */
  const tell = (text, tone) => {
    setText(connection, text);
    connection.className = `connection ${tone}`;
  };
  events.addEventListener("message", ({ data }) => {
    state = JSON.parse(data);
    stateAt = performance.now();
    tell("live", "live");
    show();
  });
  // The browser tries again by itself.
  events.addEventListener("error", () => tell("the simulator has ended", "lost"));
}

async function showConnection() {
  const response = await fetch("/connection.json");
  const { shop, accessToken, endpoint } = await response.json();
  setText(byId("endpoint"), endpoint);
  setText(byId("token"), accessToken);
  setText(byId("shop"), shop);
  const query = { query: "{ currentAppInstallation { activeSubscriptions { name status } } }" };
  setText(
    byId("curl"),
    [
      `curl ${endpoint} \\`,
      `  -H 'content-type: application/json' \\`,
      `  -H 'x-shopify-access-token: ${accessToken}' \\`,
      `  -d '${JSON.stringify(query)}'`,
    ].join("\n"),
  );
}

for (const button of document.querySelectorAll("[data-advance]")) {
  if (!(button instanceof HTMLElement)) continue;
  onClick(button, () => ({
    action: "advance",
    milliseconds: Number(button.dataset["advance"]),
  }));
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!(button instanceof HTMLElement)) continue;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(byId(button.dataset["copy"] ?? "").textContent ?? "");
      toast("Copied.");
    } catch {
      toast("The browser does not let this page copy.");
    }
  });
}
onClick(byId("drain"), () => ({ action: "drain" }));
onClick(byId("clear-faults"), () => ({ action: "clearFaults" }));

/** @param {string} id @param {(fields: FormData) => Record<string, unknown>} action */
function onSubmit(id, action) {
  const form = byId(id);
  if (!(form instanceof HTMLFormElement)) throw new Error(`#${id} is no form`);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    void act(action(new FormData(form)), button);
  });
}

onSubmit("charge", (fields) => ({
  action: "charge",
  amount: fields.get("amount"),
  description: fields.get("description"),
}));
onSubmit("fault", (fields) => ({
  action: "fault",
  name: fields.get("name"),
  target: fields.get("target"),
  times: Number(fields.get("times")),
}));

const faultName = document.querySelector('#fault select[name="name"]');
function showFaultNote() {
  if (faultName instanceof HTMLSelectElement) {
    setText(byId("fault-note"), FAULT_NOTES.get(faultName.value) ?? "");
  }
}
faultName?.addEventListener("change", showFaultNote);
showFaultNote();

byId("only-trouble").addEventListener("change", ({ target }) => {
  const only = target instanceof HTMLInputElement && target.checked;
  byId("requests").classList.toggle("only-trouble", only);
});

listen();
await showConnection();
setInterval(tick, 250);
