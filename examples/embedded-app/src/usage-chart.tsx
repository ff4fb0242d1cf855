import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { scaleBand, scaleLinear } from "@visx/scale";
import { AreaClosed, BarRounded, LinePath } from "@visx/shape";
import type { Money } from "shopify-usage-billing/react";
import { useState, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import { roughly } from "./amount.js";
import { formatDay, formatWeekday } from "./date-format.js";
import { formatMoney, formatRoughly } from "./money-format.js";
import type { UsageDay } from "./usage-by-day.js";
import { useWidth } from "./width.js";

export type ChartView = "daily" | "total";

export interface UsageChartProps {
  readonly days: readonly UsageDay[];
  readonly cappedAmount: Money;
  readonly view: ChartView;
  /** The period's expected total. `null` if it cannot be estimated. */
  readonly outlook: number | null;
}

const HEIGHT = 232;
const MARGIN = { top: 16, right: 4, bottom: 28, left: 40 };
/** The width of a day's label in pixels, with its margins. */
const LABEL_WIDTH = 62;

/** The style sheet, not attributes, styles the labels. */
const LABEL = { className: "chart__label", fill: "", fontFamily: "", fontSize: "" } as const;

function charges(count: number): string {
  return count === 1 ? "1 charge" : `${count} charges`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The expected usage, up to the cap. */
function Outlook({
  from,
  to,
  top,
}: {
  readonly from: Point;
  readonly to: Point;
  readonly top: number;
}): ReactElement {
  const share = to.y < top ? (from.y - top) / (from.y - to.y) : 1;
  return (
    <line
      className="chart__outlook"
      x1={from.x}
      y1={from.y}
      x2={from.x + (to.x - from.x) * share}
      y2={from.y + (to.y - from.y) * share}
    />
  );
}

/** Charts the usage of a period by day; arrow keys and the pointer move from day to day. */
export function UsageChart({ days, cappedAmount, view, outlook }: UsageChartProps): ReactElement {
  const [width, ref] = useWidth();
  const [active, setActive] = useState<number | null>(null);
  const { currencyCode } = cappedAmount;
  const past = days.filter(({ future }) => !future);
  const money = (amount: string): string => formatMoney({ amount, currencyCode });

  const innerWidth = Math.max(0, width - MARGIN.left - MARGIN.right);
  const innerHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const cap = roughly(cappedAmount.amount);
  const valueOf = (day: UsageDay): number => roughly(view === "daily" ? day.amount : day.total);
  const highest = Math.max(...past.map(valueOf), view === "total" ? cap : 1);
  const last = past.at(-1);

  const x = scaleBand({
    domain: days.map((_, index) => index),
    range: [0, innerWidth],
    padding: 0.28,
  });
  const y = scaleLinear({ domain: [0, highest * 1.06], range: [innerHeight, 0], nice: true });
  const centre = (index: number): number => (x(index) ?? 0) + x.bandwidth() / 2;
  const every = Math.max(
    1,
    Math.ceil(days.length / Math.max(1, Math.floor(innerWidth / LABEL_WIDTH))),
  );

  const select = (index: number): void => setActive(Math.min(past.length - 1, Math.max(0, index)));
  const onPointerMove = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left } = currentTarget.getBoundingClientRect();
    select(Math.floor((clientX - left - MARGIN.left) / x.step()));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = active ?? past.length - 1;
    const steps: Partial<Record<string, number>> = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      PageDown: now - 7,
      PageUp: now + 7,
      Home: 0,
      End: past.length - 1,
    };
    const next = steps[event.key];
    if (event.key === "Escape") setActive(null);
    if (next === undefined) return;
    event.preventDefault();
    select(next);
  };

  const shownIndex = active ?? past.length - 1;
  const shown = past[shownIndex];
  const activeDay = active === null ? undefined : past[active];

  return (
    <div
      ref={ref}
      className="chart"
      role="slider"
      tabIndex={0}
      aria-label={view === "daily" ? "Usage per day" : "Usage added up over the period"}
      aria-valuemin={1}
      aria-valuemax={past.length}
      aria-valuenow={shownIndex + 1}
      aria-valuetext={
        shown &&
        `${formatWeekday(shown.date)}: ${money(shown.amount)} in ${charges(shown.charges)}, ${money(shown.total)} so far`
      }
      onPointerMove={onPointerMove}
      onPointerLeave={() => setActive(null)}
      onBlur={() => setActive(null)}
      onFocus={({ currentTarget }) => {
        if (currentTarget.matches(":focus-visible")) select(past.length - 1);
      }}
      onKeyDown={onKeyDown}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <g transform={`translate(${MARGIN.left},${MARGIN.top})`}>
            <GridRows scale={y} width={innerWidth} numTicks={4} className="chart__grid" stroke="" />
            {activeDay && (
              <rect
                className="chart__column"
                x={centre(shownIndex) - x.step() / 2}
                width={x.step()}
                height={innerHeight}
                rx={4}
              />
            )}
            {view === "daily" ? (
              past.map((day, index) => {
                const height = innerHeight - y(valueOf(day));
                return (
                  <BarRounded
                    key={day.date.getTime()}
                    className={`chart__bar ${index === active ? "chart__bar--active" : ""}`}
                    x={x(index) ?? 0}
                    y={innerHeight - height}
                    width={x.bandwidth()}
                    height={height}
                    radius={Math.min(3, height, x.bandwidth() / 2)}
                    top
                  />
                );
              })
            ) : (
              <>
                <AreaClosed
                  className="chart__area"
                  data={[...past]}
                  x={(day) => centre(days.indexOf(day))}
                  y={(day) => y(valueOf(day))}
                  yScale={y}
                />
                <LinePath
                  className="chart__line"
                  data={[...past]}
                  x={(day) => centre(days.indexOf(day))}
                  y={(day) => y(valueOf(day))}
                />
                {last && outlook !== null && (
                  <Outlook
                    from={{ x: centre(past.length - 1), y: y(valueOf(last)) }}
                    to={{ x: centre(days.length - 1), y: y(outlook) }}
                    top={y(cap)}
                  />
                )}
                <line className="chart__cap" x2={innerWidth} y1={y(cap)} y2={y(cap)} />
                <text className="chart__cap-label" x={4} y={y(cap) - 6}>
                  Cap {formatRoughly(cap, currencyCode)}
                </text>
                {shown && (
                  <circle
                    className="chart__dot"
                    cx={centre(shownIndex)}
                    cy={y(valueOf(shown))}
                    r={4}
                  />
                )}
              </>
            )}
            <AxisLeft
              scale={y}
              numTicks={4}
              hideAxisLine
              hideTicks
              tickFormat={(value) => formatRoughly(Number(value), currencyCode)}
              tickLabelProps={{ ...LABEL, textAnchor: "end", dx: "-0.25em", dy: "0.3em" }}
            />
            <AxisBottom
              scale={x}
              top={innerHeight}
              hideTicks
              axisLineClassName="chart__base"
              stroke=""
              tickValues={days.map((_, index) => index).filter((index) => index % every === 0)}
              tickFormat={(index) => {
                const day = days[index];
                return day ? formatDay(day.date) : "";
              }}
              tickLabelProps={{ ...LABEL, textAnchor: "middle", dy: "0.4em" }}
            />
          </g>
        </svg>
      )}
      {activeDay && (
        <div
          className="chart__tip"
          aria-hidden="true"
          style={{
            insetInlineStart: MARGIN.left + centre(shownIndex),
            insetBlockStart: MARGIN.top + Math.min(y(valueOf(activeDay)), innerHeight - 40),
            // Opens towards the middle of the chart, so that it never overflows.
            translate:
              centre(shownIndex) > innerWidth / 2 ? "calc(-100% - 12px) -50%" : "12px -50%",
          }}
        >
          <p>{formatWeekday(activeDay.date)}</p>
          <dl>
            <dt>That day</dt>
            <dd>{money(activeDay.amount)}</dd>
            <dt>Period so far</dt>
            <dd>{money(activeDay.total)}</dd>
          </dl>
        </div>
      )}
    </div>
  );
}
