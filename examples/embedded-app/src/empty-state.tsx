import type { ReactElement, ReactNode } from "react";
import { Icon, type IconName } from "./icon.js";

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** Is it the whole page, whose heading it then is? */
  readonly page?: boolean;
}

/** What there is to say where there is nothing to show. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  page = false,
}: EmptyStateProps): ReactElement {
  const Title = page ? "h2" : "h3";
  return (
    <div className={`empty ${page ? "empty--page" : ""}`}>
      <span className="empty__icon">
        <Icon name={icon} />
      </span>
      <Title>{title}</Title>
      <p>{children}</p>
      {action}
    </div>
  );
}
