import type { ReactElement } from "react";

/** Tells a screen reader what changed, once the reader is done with what it was saying. */
export function Announcement({ text }: { readonly text: string }): ReactElement {
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
