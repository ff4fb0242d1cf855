import { render, type JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { moment } from "../../output/moment.js";
import { price } from "../../output/price.js";
import type { PageAction } from "../page-action.js";
import type { Snapshot } from "../snapshot.js";
import { Act, Button, post } from "./act.js";
import { ActivityList } from "./activity-list.js";
import { Meter } from "./card.js";
import { Connect } from "./connect.js";
import { Controls } from "./controls.js";
import { Ledger } from "./ledger.js";
import { Subscriptions } from "./subscriptions.js";

const HOUR = 60 * 60 * 1000;
const STEPS = { "1 hour": HOUR, "1 day": 24 * HOUR, "30 days": 30 * 24 * HOUR };

const CONNECTIONS = {
  wait: "connecting",
  well: "live",
  bad: "the simulator has ended",
} as const;

function Page(): JSX.Element {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [connection, setConnection] = useState<keyof typeof CONNECTIONS>("wait");
  const [toast, setToast] = useState("");
  const timer = useRef(0);

  useEffect(() => {
    const events = new EventSource("/events");
    events.addEventListener("message", ({ data }) => {
      setSnapshot(JSON.parse(String(data)));
      setConnection("well");
    });
    // The browser tries again by itself.
    events.addEventListener("error", () => setConnection("bad"));
    return () => events.close();
  }, []);

  const act = useCallback(async (action: PageAction) => {
    setToast(await post(action));
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setToast(""), 5000);
  }, []);

  return (
    <Act.Provider value={act}>
      <a class="skip" href="#main">
        Skip to the subscriptions
      </a>
      <header>
        <div class="columns">
          <div class="row">
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <rect width="32" height="32" rx="8" />
              <path d="M8 22v-6M14 22V10M20 22v-8M26 22V7" />
            </svg>
            <div>
              <h1>Admin API simulator</h1>
              <p class="muted">{snapshot?.shop.domain} · nobody is billed</p>
            </div>
            <span class={`badge ${connection}`} role="status">
              {CONNECTIONS[connection]}
            </span>
          </div>
          <Clock snapshot={snapshot} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {snapshot && (
          <>
            <Numbers {...snapshot} />
            <div class="columns">
              <div class="stack">
                <Subscriptions {...snapshot} />
                <Ledger {...snapshot} />
              </div>
              <div class="stack">
                <Controls {...snapshot} />
                <ActivityList {...snapshot} />
                <Connect {...snapshot.shop} />
              </div>
            </div>
          </>
        )}
      </main>
      <p class="toast" role="status">
        {toast}
      </p>
    </Act.Provider>
  );
}

/** Returns how many simulated milliseconds have passed since the snapshot came. */
function useElapsed(snapshot: Snapshot | null): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const tick = (): void => setElapsed((performance.now() - start) * (snapshot?.speed ?? 0));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [snapshot]);
  return elapsed;
}

function Clock({ snapshot }: { readonly snapshot: Snapshot | null }): JSX.Element {
  const now = new Date((snapshot?.now ?? 0) + useElapsed(snapshot)).toISOString();
  return (
    <div class="row" role="group" aria-label="Simulated time">
      <time dateTime={now}>{snapshot && moment(now)}</time>
      <span class="gap" />
      <span class="row">
        {Object.entries(STEPS).map(([name, milliseconds]) => (
          <Button key={name} does={{ action: "advance", milliseconds }}>
            + {name}
          </Button>
        ))}
      </span>
    </div>
  );
}

function Numbers(snapshot: Snapshot): JSX.Element {
  const { chargeCount, sums, requestCount, faultCount, shop } = snapshot;
  const { maximumAvailable, currentlyAvailable, restoreRate } = shop.bucket;
  const restored = (useElapsed(snapshot) / 1000) * restoreRate;
  const points = Math.floor(Math.min(maximumAvailable, currentlyAvailable + restored));
  const numbers = [
    [chargeCount, "charges"],
    [sums.map(price).join(" + ") || "0", "charged in all"],
    [requestCount, "requests"],
    [faultCount, "faults"],
  ];
  return (
    <section class="numbers" aria-label="In numbers">
      {numbers.map(([number, label]) => (
        <p key={label}>
          <strong class="large">{number}</strong>
          <br />
          <span class="muted">{label}</span>
        </p>
      ))}
      <div class="stack">
        <p class="row">
          <strong>
            {points} of {maximumAvailable}
          </strong>
          <span class="muted">points, {restoreRate} more each second</span>
          <span class="gap" />
          <Button does={{ action: "drain" }} class="link">
            drain
          </Button>
        </p>
        <Meter
          label="Points left in the cost bucket"
          part={points / maximumAvailable}
          text={`${points} of ${maximumAvailable}`}
        />
      </div>
    </section>
  );
}

render(<Page />, document.body);
