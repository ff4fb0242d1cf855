import type { ReactElement, ReactNode } from "react";
import { Icon, type IconName } from "./icon.js";

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** Whether it is the whole page, and its title the page's heading. */
  readonly page?: boolean;
}

/** A message in place of content. */
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
