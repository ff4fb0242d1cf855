import type { JSX } from "preact";
import type { OpenApproval } from "shopify-usage-billing/testing";
import { distance, moment } from "../../output/moment.js";
import { partOf, percent, price } from "../../output/price.js";
import type { Snapshot, SubscriptionView } from "../snapshot.js";
import { Button } from "./act.js";
import { Card, Meter } from "./card.js";

const QUESTIONS: Record<OpenApproval["kind"], string> = {
  subscription: "The app asks for approval of",
  cappedAmount: "The app asks for a higher cap on",
  oneTimePurchase: "The app asks for the one-time purchase",
};

const TONES: Partial<Record<SubscriptionView["status"], string>> = {
  ACTIVE: "well",
  ACCEPTED: "near",
  FROZEN: "near",
};

/** What the merchant has agreed to, and is asked to agree to. */
export function Subscriptions({ shop, now }: Pick<Snapshot, "shop" | "now">): JSX.Element {
  const subscriptions = shop.subscriptions.filter(({ status }) => status !== "PENDING");
  return (
    <Card title="Subscriptions">
      {shop.approvals.map((approval) => (
        <Approval key={approval.kind + approval.id} {...approval} />
      ))}
      {subscriptions.map((subscription) => (
        <SubscriptionRow key={subscription.id} now={now} {...subscription} />
      ))}
      {shop.subscriptions.length === 0 && (
        <p class="empty">
          The app has no subscription yet. Once it calls <code>appSubscriptionCreate</code>, you can
          approve it here as the merchant.
        </p>
      )}
    </Card>
  );
}

function Approval({ kind, id, name, agreement, confirmationUrl }: OpenApproval): JSX.Element {
  return (
    <article class="approval stack">
      <h3>
        {QUESTIONS[kind]} “{name}”
      </h3>
      {agreement.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <div class="row">
        <Button does={{ action: "approve", id }} class="primary" aria-label={`Approve ${name}`}>
          Approve
        </Button>
        <Button does={{ action: "decline", id }} aria-label={`Decline ${name}`}>
          Decline
        </Button>
        <a href={confirmationUrl} target="_blank" rel="noopener">
          Open its page
        </a>
      </div>
    </article>
  );
}

function SubscriptionRow(row: SubscriptionView & Pick<Snapshot, "now">): JSX.Element {
  const { id, name, status, test, currentPeriodEnd, recurring, usage, now } = row;
  const isOpen = status === "ACTIVE" || status === "FROZEN";
  const hold = status === "FROZEN" ? "unfreeze" : "freeze";
  const part = usage ? partOf(usage.balanceUsed, usage.cappedAmount) : 0;
  const facts = [
    recurring &&
      `${price(recurring.price)} every ${recurring.interval === "ANNUAL" ? "year" : "30 days"}`,
    usage?.terms,
    currentPeriodEnd &&
      `period ends ${distance(Date.parse(currentPeriodEnd) - now)}, ${moment(currentPeriodEnd)} UTC`,
  ];
  return (
    <article class="subscription stack">
      <div class="row">
        <h3>{name}</h3>
        <span class={`badge ${TONES[status] ?? ""}`}>{status}</span>
        {test && <span class="badge near">test</span>}
        <span class="gap" />
        {isOpen && (
          <>
            <Button does={{ action: hold, id }} class="link" aria-label={`${hold} ${name}`}>
              {hold}
            </Button>
            <Button does={{ action: "cancel", id }} class="link" aria-label={`cancel ${name}`}>
              cancel
            </Button>
          </>
        )}
      </div>
      {usage && isOpen && (
        <>
          <p class="row">
            <strong class="large">{price(usage.balanceUsed)}</strong>
            <span class="muted">of {price(usage.cappedAmount)}</span>
            <span class="gap" />
            <span>{percent(part)}</span>
          </p>
          <Meter
            label={`Used of the capped amount of ${name}`}
            part={part}
            text={`${price(usage.balanceUsed)} of ${price(usage.cappedAmount)}`}
            tone={part >= 0.9 ? "bad" : part >= 0.75 ? "near" : "well"}
          />
        </>
      )}
      <p class="muted">{facts.filter(Boolean).join(" · ")}</p>
      <code class="muted">{usage?.lineItemId ?? id}</code>
    </article>
  );
}
