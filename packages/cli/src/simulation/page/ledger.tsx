import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { price } from "../../output/price.js";
import type { ChargeView, Snapshot } from "../snapshot.js";
import { Card } from "./card.js";
import { byDay, isLate, timeOfDay } from "./time.js";

/** What was really charged. */
export function Ledger({ charges }: Pick<Snapshot, "charges">): JSX.Element {
  if (charges.length === 0) {
    return (
      <Card title="Ledger">
        <p class="empty">Nothing was charged yet.</p>
      </Card>
    );
  }
  return (
    <Card title="Ledger" aside={<span class="muted">what was really charged, newest first</span>}>
      <div class="scroll" role="region" aria-label="Charges" tabIndex={0}>
        <table>
          <thead class="hidden">
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Description and key</th>
              <th scope="col">Price</th>
            </tr>
          </thead>
          {byDay(charges).map(([day, charges]) => (
            <tbody key={day}>
              <tr>
                <th class="day" colSpan={3} scope="rowgroup">
                  {day}
                </th>
              </tr>
              {charges.map((charge) => (
                <Charge key={charge.id} {...charge} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </Card>
  );
}

function Charge({
  at,
  description,
  price: money,
  idempotencyKey,
  attempts,
}: ChargeView): JSX.Element {
  const [isNew] = useState(isLate);
  return (
    <tr class={isNew ? "new" : ""}>
      <td class="time">{timeOfDay(at)}</td>
      <td>
        {description}
        <span class="muted">
          <code>{idempotencyKey ?? "no idempotency key"}</code>
          {attempts > 1 && ` · asked for ${attempts} times, charged once`}
        </span>
      </td>
      <td class="price">{price(money)}</td>
    </tr>
  );
}
