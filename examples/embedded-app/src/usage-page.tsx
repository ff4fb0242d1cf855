import {
  useUsageBalance,
  useUsageLineItem,
  useUsageRecords,
  type ReadError,
} from "shopify-usage-billing/react";
import {
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactElement,
  type ReactNode,
} from "react";
import { roughly } from "./amount.js";
import { Announcement } from "./announcement.js";
import { Banner } from "./banner.js";
import { Button } from "./button.js";
import { CapAnswer } from "./cap-answer.js";
import { CapBanner } from "./cap-banner.js";
import { Charges } from "./charges.js";
import { EmptyState } from "./empty-state.js";
import { NoPlan } from "./no-plan.js";
import { paceOf } from "./pace.js";
import { periodUntil } from "./period.js";
import { RaiseCap } from "./raise-cap.js";
import { problemOf } from "./read-problem.js";
import { Skeleton } from "./skeleton.js";
import { usageByDay } from "./usage-by-day.js";
import { UsageMeter } from "./usage-meter.js";
import { UsageOverTime } from "./usage-over-time.js";

function Frame({
  subtitle,
  actions,
  children,
}: {
  readonly subtitle?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <main className="page">
      <header className="page__head">
        <div>
          <h1>Usage</h1>
          {subtitle !== undefined && <p>{subtitle}</p>}
        </div>
        {actions}
      </header>
      {children}
    </main>
  );
}

function Failed({
  error,
  busy,
  onRetry,
}: {
  readonly error: ReadError;
  readonly busy: boolean;
  readonly onRetry: () => void;
}): ReactElement {
  const { title, advice } = problemOf(error);
  return (
    <section className="card" role="alert">
      <EmptyState
        page
        icon="alert"
        title={title}
        action={
          <Button look="primary" busy={busy} onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {advice}
      </EmptyState>
    </section>
  );
}

/** The merchant's usage page. */
export function UsagePage(): ReactElement {
  const lineItem = useUsageLineItem();
  const balance = useUsageBalance();
  const records = useUsageRecords({ reverse: true });
  const [announcement, setAnnouncement] = useState("");
  const [raising, setRaising] = useState(false);
  const [now, setNow] = useState(() => new Date());

  const { data: usage } = balance;
  const period = useMemo(() => periodUntil(usage?.currentPeriodEnd ?? null), [usage]);
  const pace = useMemo(
    () =>
      usage && period
        ? paceOf(roughly(usage.balanceUsed.amount), roughly(usage.cappedAmount.amount), period, now)
        : null,
    [usage, period, now],
  );
  const days = useMemo(
    () => (period && records.data ? usageByDay(records.data, period, now) : null),
    [period, records.data, now],
  );

  // The chart needs the whole period, which may span several pages of charges.
  const oldest = records.data?.at(-1);
  const { status, hasMore, loadMore } = records;
  useEffect(() => {
    const within = period && oldest && new Date(oldest.createdAt) >= period.start;
    if (status === "ready" && hasMore && within) loadMore();
  }, [status, hasMore, loadMore, oldest, period]);

  const { refresh: refreshBalance } = balance;
  const { refresh: refreshRecords } = records;
  const refresh = useCallback(() => {
    setNow(new Date());
    refreshBalance();
    refreshRecords();
  }, [refreshBalance, refreshRecords]);
  const refreshing = balance.refreshing || records.refreshing;

  const raiseCap = useCallback(() => setRaising(true), []);
  const plan = lineItem.data;

  if (balance.status === "loading") {
    return (
      <Frame>
        <Skeleton />
      </Frame>
    );
  }
  if (balance.status === "noPlan") {
    return (
      <Frame>
        <NoPlan />
      </Frame>
    );
  }
  if (!usage) {
    return (
      <Frame>
        {balance.error && <Failed error={balance.error} busy={refreshing} onRetry={refresh} />}
      </Frame>
    );
  }
  return (
    <Frame
      subtitle={plan ? `${plan.subscription.name} plan · ${plan.terms}` : undefined}
      actions={
        <Button icon="refresh" busy={refreshing} onClick={refresh}>
          Refresh
        </Button>
      }
    >
      <Announcement text={announcement} />
      {balance.error && (
        <Banner
          tone="critical"
          title={problemOf(balance.error).title}
          actions={
            <Button busy={refreshing} onClick={refresh}>
              Try again
            </Button>
          }
        >
          <p>This is what was known before. {problemOf(balance.error).advice}</p>
        </Banner>
      )}
      <CapAnswer cappedAmount={usage.cappedAmount} />
      <CapBanner balance={usage} />
      <UsageMeter balance={usage} period={period} pace={pace} now={now} onRaiseCap={raiseCap} />
      {records.data ? (
        <>
          {days && records.data.length > 0 && (
            <UsageOverTime
              days={days}
              cappedAmount={usage.cappedAmount}
              outlook={pace?.total ?? null}
            />
          )}
          <Charges records={records} period={period} announce={setAnnouncement} />
        </>
      ) : records.error ? (
        <Failed error={records.error} busy={refreshing} onRetry={refresh} />
      ) : (
        <Skeleton part />
      )}
      {raising && <RaiseCap cappedAmount={usage.cappedAmount} onClose={() => setRaising(false)} />}
    </Frame>
  );
}
