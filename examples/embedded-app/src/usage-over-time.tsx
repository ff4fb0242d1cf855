import type { Money } from "shopify-usage-billing/react";
import { useState, type ReactElement } from "react";
import { Card } from "./card.js";
import { Segments } from "./segments.js";
import type { UsageDay } from "./usage-by-day.js";
import { UsageChart, type ChartView } from "./usage-chart.js";
import { UsageDays } from "./usage-days.js";

const VIEWS = [
  { value: "daily", label: "Daily" },
  { value: "total", label: "Total" },
  { value: "table", label: "Table" },
] as const satisfies readonly { value: ChartView | "table"; label: string }[];

/** This period's usage by day, as a chart or a table. */
export function UsageOverTime({
  days,
  cappedAmount,
  outlook,
}: {
  readonly days: readonly UsageDay[];
  readonly cappedAmount: Money;
  readonly outlook: number | null;
}): ReactElement {
  const [view, setView] = useState<ChartView | "table">("daily");
  return (
    <Card
      title="Usage over time"
      actions={<Segments label="Show as" options={VIEWS} value={view} onChange={setView} />}
    >
      {view === "table" ? (
        <UsageDays days={days} cappedAmount={cappedAmount} />
      ) : (
        <UsageChart days={days} cappedAmount={cappedAmount} view={view} outlook={outlook} />
      )}
    </Card>
  );
}
