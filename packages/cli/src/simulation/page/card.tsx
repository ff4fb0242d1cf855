import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** A part of the page with a heading. */
export function Card({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <section class="card stack" aria-labelledby={id}>
      <div class="row">
        <h2 id={id}>{title}</h2>
        <span class="gap" />
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A bar that is filled to a part from 0 to 1. */
export function Meter({
  label,
  part,
  text,
  tone = "well",
}: {
  readonly label: string;
  readonly part: number;
  readonly text: string;
  readonly tone?: "well" | "near" | "bad";
}): JSX.Element {
  const percent = Math.min(100, Math.max(0, part * 100));
  return (
    <div
      class={`meter ${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      aria-valuetext={text}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
