import type { ButtonHTMLAttributes, ReactElement } from "react";
import { Icon, type IconName } from "./icon.js";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "plain" | "secondary";
  readonly icon?: IconName;
  /** Whether its action is running. The button keeps the focus and ignores clicks. */
  readonly busy?: boolean;
}

export function Button({
  look = "secondary",
  icon,
  busy = false,
  onClick,
  className = "",
  children,
  ...attributes
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      {...attributes}
      className={`button button--${look} ${className}`}
      // Not `disabled`, which would take the focus away.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <span className="spinner" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
