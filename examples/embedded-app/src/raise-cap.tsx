import type { Money } from "shopify-usage-billing/react";
import { useEffect, useId, useRef, useState, type FormEvent, type ReactElement } from "react";
import { times } from "./amount.js";
import { Button } from "./button.js";
import { requestCap } from "./cap-request.js";
import { formatMoney } from "./money-format.js";

const OTHER = "other";

/** Half as much again, twice and three times as much. */
function suggestions({ amount }: Money): readonly string[] {
  return [times(amount, 1.5), times(amount, 2), times(amount, 3)];
}

/** Lets the merchant choose a higher cap, then opens Shopify's approval page. */
export function RaiseCap({
  cappedAmount,
  onClose,
}: {
  readonly cappedAmount: Money;
  readonly onClose: () => void;
}): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const problemId = useId();
  const [suggested] = useState(() => suggestions(cappedAmount));
  const [choice, setChoice] = useState(suggested[0] ?? OTHER);
  const [other, setOther] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { currencyCode } = cappedAmount;

  // The browser keeps the focus within a modal dialog and then returns it to the opener.
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const message = await requestCap(choice === OTHER ? other.trim() : choice);
    if (message === null) return; // The browser is leaving the page.
    setProblem(message);
    setBusy(false);
  };

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <header className="dialog__head">
          <h2 id={titleId}>Raise your cap</h2>
        </header>
        <div className="dialog__body">
          <p>
            Your cap is {formatMoney(cappedAmount)}. You only pay for what you use, and never more
            than the cap in a period of 30 days.
          </p>
          <fieldset>
            <legend>New cap</legend>
            {suggested.map((amount) => (
              <label key={amount} className="choice">
                <input
                  type="radio"
                  name="cap"
                  value={amount}
                  checked={choice === amount}
                  onChange={() => setChoice(amount)}
                />
                <span>{formatMoney({ amount, currencyCode })}</span>
              </label>
            ))}
            <label className="choice">
              <input
                type="radio"
                name="cap"
                value={OTHER}
                checked={choice === OTHER}
                onChange={() => setChoice(OTHER)}
              />
              <span>Another amount</span>
            </label>
          </fieldset>
          {choice === OTHER && (
            <label className="field">
              <span>Amount in {currencyCode}</span>
              <input
                className="input"
                inputMode="decimal"
                autoComplete="off"
                required
                value={other}
                onChange={({ target }) => setOther(target.value)}
                aria-invalid={problem !== null}
                aria-describedby={problem === null ? undefined : problemId}
              />
            </label>
          )}
          {problem !== null && (
            <p id={problemId} className="problem" role="alert">
              {problem}
            </p>
          )}
        </div>
        <footer className="dialog__foot">
          <p>Shopify asks you to approve it.</p>
          <div className="dialog__buttons">
            <Button onClick={() => dialog.current?.close()}>Cancel</Button>
            <Button type="submit" look="primary" busy={busy}>
              Continue
            </Button>
          </div>
        </footer>
      </form>
    </dialog>
  );
}
