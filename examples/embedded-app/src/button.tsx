import type { ButtonHTMLAttributes, ReactElement } from "react";
import { Icon, type IconName } from "./icon.js";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "plain" | "secondary";
  readonly icon?: IconName;
  /** Is what it began under way? It stays focused, and does nothing more. */
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
