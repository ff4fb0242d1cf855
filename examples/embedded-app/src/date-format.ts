const dayFormat = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const weekdayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  month: "long",
  day: "numeric",
});
const shortWeekdayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  month: "short",
  day: "numeric",
});
const momentFormat = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});

/** Mar 4 */
export function formatDay(date: Date): string {
  return dayFormat.format(date);
}

/** Wednesday, March 4 */
export function formatWeekday(date: Date): string {
  return weekdayFormat.format(date);
}

/** Wed, Mar 4 */
export function formatShortWeekday(date: Date): string {
  return shortWeekdayFormat.format(date);
}

/** Mar 4, 3:12 PM */
export function formatMoment(date: Date): string {
  return momentFormat.format(date);
}
