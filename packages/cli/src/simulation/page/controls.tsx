import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ArmedFault, ArmedTarget } from "../armed-faults.js";
import { REQUEST_FAULTS, WEBHOOK_FAULTS } from "../fault-notes.js";
import type { Snapshot } from "../snapshot.js";
import { Button, Form } from "./act.js";
import { Card } from "./card.js";

const TARGETS: Readonly<Record<ArmedTarget, string>> = {
  all: "request",
  mutations: "mutation",
  queries: "query",
  tokens: "token request",
  webhooks: "webhook",
};

/** What makes something happen in the simulator. */
export function Controls({ armed, shop }: Pick<Snapshot, "armed" | "shop">): JSX.Element {
  return (
    <Card title="Make something happen">
      <Form
        does={(field) => ({
          action: "charge",
          amount: field("amount"),
          description: field("description"),
          key: field("key"),
        })}
      >
        <label class="short">
          Amount
          <input name="amount" inputMode="decimal" defaultValue="1.00" required />
        </label>
        <label>
          For
          <input name="description" defaultValue="1000 emails" required />
        </label>
        <label>
          Key
          <input name="key" placeholder="made up" maxLength={255} />
        </label>
        <button class="primary">Charge as the app</button>
      </Form>
      <FaultForm />
      <Form does={(field) => ({ action: "webhooks", url: field("url") })}>
        <label>
          Send webhooks to
          <input
            name="url"
            type="url"
            placeholder="http://127.0.0.1:3000/webhooks"
            defaultValue={shop.webhooksTo ?? ""}
            required
          />
        </label>
        <button>Send them</button>
      </Form>
      {armed.length > 0 && (
        <div class="row">
          <ul class="row" aria-label="Faults that wait">
            {armed.map(({ name, times, target }) => (
              <li key={name + target} class="badge near">
                {name} {times} ×{target !== "all" && `, ${target}`}
              </li>
            ))}
          </ul>
          <Button does={{ action: "clearFaults" }} class="link">
            no more faults
          </Button>
        </div>
      )}
    </Card>
  );
}

function FaultForm(): JSX.Element {
  const [target, setTarget] = useState<ArmedTarget>("mutations");
  const [chosen, setChosen] = useState("lostAfter");
  const groups = Object.entries(target === "webhooks" ? WEBHOOK_FAULTS : REQUEST_FAULTS);
  const [group, notes] = groups.find(([, notes]) => chosen in notes) ?? groups[0] ?? ["", {}];
  const name = chosen in notes ? chosen : Object.keys(notes)[0];
  return (
    <Form
      does={(field) => ({
        action: "fault",
        name: field("name") as ArmedFault["name"], // an option below
        target,
        times: Number(field("times")),
      })}
    >
      <label>
        The next
        <select onChange={(event) => setTarget(event.currentTarget.value as ArmedTarget)}>
          {Object.entries(TARGETS).map(([value, text]) => (
            <option key={value} value={value} selected={value === target}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        meets the fault
        <select
          name="name"
          aria-describedby="fault-note"
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {groups.map(([label, notes]) => (
            <optgroup key={label} label={label}>
              {Object.keys(notes).map((option) => (
                <option key={option} selected={option === name}>
                  {option}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label class="short">
        Times
        <input name="times" type="number" min="1" max="1000" defaultValue="1" required />
      </label>
      <button>Inject</button>
      <p id="fault-note" class="muted">
        {target !== "webhooks" && `${group}. `}
        {name !== undefined && notes[name]}
      </p>
    </Form>
  );
}
