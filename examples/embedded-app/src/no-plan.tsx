import { useState, type ReactElement } from "react";
import { Button } from "./button.js";
import { requestPlan } from "./cap-request.js";
import { EmptyState } from "./empty-state.js";

/** Offers the plan to a merchant who has none. */
export function NoPlan(): ReactElement {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const choose = async (): Promise<void> => {
    setBusy(true);
    setProblem(await requestPlan());
    setBusy(false);
  };
  return (
    <section className="card" aria-label="Plan">
      <EmptyState
        page
        icon="chart"
        title="Pay only for what you send"
        action={
          <>
            <Button look="primary" busy={busy} onClick={() => void choose()}>
              Choose the Growth plan
            </Button>
            {problem !== null && (
              <p className="problem" role="alert">
                {problem}
              </p>
            )}
          </>
        }
      >
        $0.90 for 1,000 emails and $0.015 for a text message, up to a cap of $100 in 30 days that
        you can change. Shopify asks you to approve it.
      </EmptyState>
    </section>
  );
}
