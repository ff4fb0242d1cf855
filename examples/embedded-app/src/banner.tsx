import { useId, type ReactElement, type ReactNode } from "react";
import { Icon, type IconName } from "./icon.js";

export type BannerTone = "critical" | "info" | "success" | "warning";

const ICONS: Record<BannerTone, IconName> = {
  critical: "alert",
  info: "info",
  success: "check",
  warning: "alert",
};

export interface BannerProps {
  readonly tone: BannerTone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly onDismiss?: () => void;
}

/** A notice for the merchant, with what to do about it. */
export function Banner({ tone, title, children, actions, onDismiss }: BannerProps): ReactElement {
  const titleId = useId();
  return (
    <section
      className={`banner banner--${tone}`}
      aria-labelledby={titleId}
      role={tone === "critical" ? "alert" : "status"}
    >
      <div className="banner__head">
        <Icon name={ICONS[tone]} />
        <h2 id={titleId}>{title}</h2>
        {onDismiss && (
          <button
            type="button"
            className="banner__dismiss"
            aria-label="Dismiss"
            onClick={onDismiss}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {(children || actions) && (
        <div className="banner__body">
          {children}
          {actions && <div className="banner__actions">{actions}</div>}
        </div>
      )}
    </section>
  );
}
