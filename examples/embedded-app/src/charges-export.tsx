import type { UsageRecord, UsageRecordsReading } from "shopify-usage-billing/react";
import { useEffect, useRef } from "react";
import { download, toCsv } from "./csv.js";

/**
 * Saves the charges as a file, and is done. Where the file is to hold charges that were not read yet, they are
 * read first.
 */
export function ChargesExport({
  charges,
  older,
  records: { loadMore, loadingMore, error },
  onDone,
}: {
  readonly charges: readonly UsageRecord[];
  /** Are there older charges, not read yet, that belong to the file? */
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
