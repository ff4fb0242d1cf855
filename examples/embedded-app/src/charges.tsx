import type { UsageRecord, UsageRecordsReading } from "shopify-usage-billing/react";
import { useCallback, useId, useState, type ReactElement } from "react";
import { sum } from "./amount.js";
import { Banner } from "./banner.js";
import { Button } from "./button.js";
import { Card } from "./card.js";
import { ChargesExport } from "./charges-export.js";
import { formatMoment } from "./date-format.js";
import { EmptyState } from "./empty-state.js";
import { Icon } from "./icon.js";
import { formatMoney } from "./money-format.js";
import type { Period } from "./period.js";
import { problemOf } from "./read-problem.js";
import { Segments } from "./segments.js";

type Scope = "period" | "all";

const SCOPES = [
  { value: "period", label: "This period" },
  { value: "all", label: "All" },
] as const satisfies readonly { value: Scope; label: string }[];

/** The number of rows shown at first and added by each “Show more”. */
const STEP = 12;

function count(records: number): string {
  return records === 1 ? "1 charge" : `${records} charges`;
}

/** Lists every charge, with search and export. */
export function Charges({
  records,
  period,
  announce,
}: {
  readonly records: UsageRecordsReading<UsageRecord>;
  readonly period: Period | null;
  readonly announce: (text: string) => void;
}): ReactElement {
  const searchId = useId();
  const [scope, setScope] = useState<Scope>("period");
  const [search, setSearch] = useState("");
  const [rows, setRows] = useState(STEP);
  const [exporting, setExporting] = useState(false);
  const { data, hasMore, loadMore, loadingMore, error } = records;

  const words = search.trim().toLowerCase();
  const inScope = (data ?? []).filter(
    ({ createdAt }) => scope === "all" || !period || new Date(createdAt) >= period.start,
  );
  const found = inScope.filter(({ description }) => description.toLowerCase().includes(words));
  const shown = found.slice(0, rows);
  const older = scope === "all" && hasMore;
  const currencyCode = found[0]?.price.currencyCode;
  const total = currencyCode && {
    amount: sum(found.map(({ price }) => price.amount)),
    currencyCode,
  };

  const exported = useCallback(
    (saved: boolean) => {
      setExporting(false);
      if (saved) announce("The charges were exported");
    },
    [announce],
  );

  const showMore = (): void => {
    if (rows + STEP > found.length && older) loadMore();
    setRows(rows + STEP);
    announce(`Showing ${count(Math.min(rows + STEP, found.length))}`);
  };

  if (data?.length === 0) {
    return (
      <Card title="Charges">
        <EmptyState icon="receipt" title="No charges yet">
          Each charge appears here as soon as it is made.
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card
      title="Charges"
      className="charges"
      actions={
        <Button
          icon="download"
          busy={exporting}
          aria-disabled={found.length === 0 || undefined}
          onClick={() => {
            if (found.length > 0) setExporting(true);
          }}
        >
          Export
        </Button>
      }
    >
      {exporting && (
        <ChargesExport charges={found} older={older} records={records} onDone={exported} />
      )}
      <div className="charges__filter">
        <div className="search">
          <label htmlFor={searchId} className="unseen">
            Search charges
          </label>
          <Icon name="search" />
          <input
            id={searchId}
            className="input"
            type="search"
            placeholder="Search charges"
            value={search}
            onChange={({ target }) => {
              setSearch(target.value);
              setRows(STEP);
            }}
          />
        </div>
        <Segments
          label="Charges of"
          options={SCOPES}
          value={scope}
          onChange={(value) => {
            setScope(value);
            setRows(STEP);
          }}
        />
      </div>
      {error && data && (
        <Banner tone="critical" title={problemOf(error).title}>
          <p>{problemOf(error).advice}</p>
        </Banner>
      )}
      {found.length === 0 ? (
        <EmptyState icon="search" title={words ? "Nothing found" : "No charges in this period"}>
          {words
            ? "Try other words, or search all charges."
            : "Look at all charges for earlier ones."}
        </EmptyState>
      ) : (
        <table className="table">
          <caption className="unseen">Charges, newest first</caption>
          <thead>
            <tr>
              <th scope="col" className="wide">
                Date
              </th>
              <th scope="col">Description</th>
              <th scope="col" className="number">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ id, createdAt, description, price }) => (
              <tr key={id}>
                <td className="wide subdued">
                  <time dateTime={createdAt}>{formatMoment(new Date(createdAt))}</time>
                </td>
                <td>
                  {description}
                  <time className="narrow subdued" dateTime={createdAt}>
                    {formatMoment(new Date(createdAt))}
                  </time>
                </td>
                <td className="number">{formatMoney(price)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {total && (
        <footer className="charges__foot">
          <p role="status">
            {shown.length < found.length
              ? `${shown.length} of ${count(found.length)}`
              : count(found.length)}
            <span className="subdued"> · {formatMoney(total)}</span>
          </p>
          {(shown.length < found.length || older) && (
            <Button busy={loadingMore && !exporting} onClick={showMore}>
              Show more
            </Button>
          )}
        </footer>
      )}
    </Card>
  );
}
