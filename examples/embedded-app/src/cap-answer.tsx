import type { Money } from "shopify-usage-billing/react";
import { useEffect, useState, type ReactElement } from "react";
import { Banner } from "./banner.js";
import { capAnswerOf, forgetCapRequest } from "./cap-request.js";
import { formatMoney } from "./money-format.js";

/** Says what became of the higher cap when the merchant returns from Shopify's page. */
export function CapAnswer({ cappedAmount }: { readonly cappedAmount: Money }): ReactElement | null {
  const [answer, setAnswer] = useState(() => capAnswerOf(cappedAmount));
  useEffect(forgetCapRequest, []);
  const dismiss = (): void => setAnswer(null);
  const cap = formatMoney(cappedAmount);
  switch (answer) {
    case "approved":
      return <Banner tone="success" title={`Your cap is now ${cap}`} onDismiss={dismiss} />;
    case "notApproved":
      return (
        <Banner tone="info" title={`Your cap stays at ${cap}`} onDismiss={dismiss}>
          <p>The higher cap was not approved.</p>
        </Banner>
      );
    case null:
      return null;
  }
}
