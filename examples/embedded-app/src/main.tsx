import "@shopify/polaris-tokens/css/styles.css";
import "./styles.css";
import { UsageBillingProvider } from "shopify-usage-billing/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { UsagePage } from "./usage-page.js";

const container = document.getElementById("app");
if (!container) throw new Error("index.html has no #app");

createRoot(container).render(
  <StrictMode>
    <UsageBillingProvider endpoint="/api/usage-billing">
      <UsagePage />
    </UsageBillingProvider>
  </StrictMode>,
);
