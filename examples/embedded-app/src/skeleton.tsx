import type { ReactElement } from "react";

/** The shape of what is being read. */
export function Skeleton({ part = false }: { readonly part?: boolean }): ReactElement {
  return (
    <div className="skeleton" role="status" aria-busy="true">
      <span className="unseen">Loading usage</span>
      {!part && (
        <div className="card" aria-hidden="true">
          <span className="skeleton__line skeleton__line--short" />
          <span className="skeleton__figure" />
          <span className="skeleton__line skeleton__line--track" />
          <span className="skeleton__line skeleton__line--half" />
        </div>
      )}
      <div className="card" aria-hidden="true">
        <span className="skeleton__line skeleton__line--short" />
        <span className="skeleton__chart" />
      </div>
      <div className="card" aria-hidden="true">
        <span className="skeleton__line skeleton__line--short" />
        {["a", "b", "c", "d"].map((row) => (
          <span key={row} className="skeleton__line" />
        ))}
      </div>
    </div>
  );
}
