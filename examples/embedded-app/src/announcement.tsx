import type { ReactElement } from "react";

/** Announces a change to screen readers once they finish what they are saying. */
export function Announcement({ text }: { readonly text: string }): ReactElement {
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
