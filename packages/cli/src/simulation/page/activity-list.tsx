import { Fragment, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Activity, ActivityDetails } from "../activity.js";
import type { Snapshot } from "../snapshot.js";
import { Card } from "./card.js";
import { Code } from "./code.js";
import { byDay, isLate, timeOfDay } from "./time.js";

const FILTERS: Readonly<Record<string, (activity: Activity) => boolean>> = {
  All: () => true,
  Requests: ({ kind }) => kind !== "webhook",
  Webhooks: ({ kind }) => kind === "webhook",
  Trouble: ({ tone }) => tone !== "well",
};

/** Which way it went: to the simulator, or to the app. */
const ARROWS: Record<Activity["kind"], string> = { request: "→", token: "↻", webhook: "←" };

/** Requests, token refreshes and webhooks, newest first. */
export function ActivityList({ activity }: Pick<Snapshot, "activity">): JSX.Element {
  const [filter, setFilter] = useState("All");
  const shown = activity.filter(FILTERS[filter] ?? (() => true));
  return (
    <Card
      title="Requests and webhooks"
      aside={
        <div class="row" role="group" aria-label="Show">
          {Object.keys(FILTERS).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === filter}
              onClick={() => setFilter(name)}
            >
              {name}
            </button>
          ))}
        </div>
      }
    >
      <div class="scroll" role="region" aria-label="Activity" tabIndex={0}>
        {byDay(shown).map(([day, rows]) => (
          <section key={day}>
            <h3 class="day">{day}</h3>
            <ol>
              {rows.map((row) => (
                <ActivityRow key={row.id} {...row} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {shown.length === 0 && (
        <p class="empty">
          {filter === "All" ? "No request has come yet." : "Nothing of this kind."}
        </p>
      )}
    </Card>
  );
}

function ActivityRow({ id, kind, at, title, note, cost, outcome, tone }: Activity): JSX.Element {
  const [isNew] = useState(isLate);
  const [isOpen, setOpen] = useState(false);
  return (
    <li class={isNew ? "new" : ""}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="time">{timeOfDay(at)}</span>
          <span class="arrow" aria-hidden="true">
            {ARROWS[kind]}
          </span>
          <span class="what">
            <span>{title}</span> <span class="muted">{note}</span>
          </span>
          <span class="muted">{cost !== null && `${cost} points`}</span>
          <span class={`badge ${tone}`}>{outcome}</span>
        </summary>
        {isOpen && <Details id={id} version={outcome + note} />}
      </details>
    </li>
  );
}

/** Loads what an opened row shows, again whenever its version changes. */
function Details({ id, version }: Record<"id" | "version", string>): JSX.Element {
  const [details, setDetails] = useState<ActivityDetails | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    fetch(`/activity/${id}`, { signal: controller.signal })
      .then(async (response) => setDetails(response.ok ? await response.json() : null))
      .catch(() => undefined); // The page says elsewhere that the simulator has ended.
    return () => controller.abort();
  }, [id, version]);
  return (
    <div class="stack">
      <dl>
        {details?.facts.map(([term, text]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
      {details?.texts
        .filter(([, text]) => text !== "")
        .map(([title, text]) => (
          <Code key={title} title={title} text={text} />
        ))}
    </div>
  );
}
