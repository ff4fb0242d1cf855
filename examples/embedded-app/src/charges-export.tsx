import type { UsageRecord, UsageRecordsReading } from "shopify-usage-billing/react";
import { useEffect, useRef } from "react";
import { download, toCsv } from "./csv.js";

/**
 * Saves the charges as a file. If some of them are not loaded yet, it loads them first.
 */
export function ChargesExport({
  charges,
  older,
  records: { loadMore, loadingMore, error },
  onDone,
}: {
  readonly charges: readonly UsageRecord[];
  /** Whether older charges that belong in the file are not loaded yet. */
  readonly older: boolean;
  readonly records: UsageRecordsReading<UsageRecord>;
  readonly onDone: (saved: boolean) => void;
}): null {
  const done = useRef(false);
  useEffect(() => {
    // React's strict mode runs effects twice.
    if (loadingMore || done.current) return;
    if (error) {
      onDone(false);
    } else if (older) {
      loadMore();
    } else {
      done.current = true;
      download("usage.csv", toCsv(charges));
      onDone(true);
    }
  }, [charges, older, loadMore, loadingMore, error, onDone]);
  return null;
}
