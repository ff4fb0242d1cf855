import type { ReactElement } from "react";

/** Bar heights in percent that do not look like real data. */
const BARS = [18, 42, 64, 12, 12, 24, 58, 24, 66, 40, 14, 10, 30, 48, 20, 60, 56, 12, 18];
const ROWS = ["a", "b", "c", "d", "e", "f"];

/** A placeholder while data loads. */
export function Skeleton({ part = false }: { readonly part?: boolean }): ReactElement {
  return (
    <div className="skeleton" role="status" aria-busy="true">
      <span className="unseen">Loading usage</span>
      {!part && (
        <div className="card skeleton__meter" aria-hidden="true">
          <span className="skeleton__line skeleton__line--title" />
          <span className="skeleton__figure" />
          <span className="skeleton__line skeleton__line--track" />
          <span className="skeleton__line skeleton__line--third" />
          <span className="skeleton__line skeleton__line--half" />
        </div>
      )}
      <div className="card" aria-hidden="true">
        <span className="skeleton__line skeleton__line--title" />
        <span className="skeleton__chart">
          {BARS.map((height, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- they never move
            <span key={index} style={{ blockSize: `${height}%` }} />
          ))}
        </span>
      </div>
      <div className="card" aria-hidden="true">
        <span className="skeleton__line skeleton__line--title" />
        {ROWS.map((row) => (
          <span key={row} className="skeleton__line" />
        ))}
      </div>
    </div>
  );
}
