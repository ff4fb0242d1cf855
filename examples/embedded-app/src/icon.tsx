import type { ReactElement } from "react";

/** Paths on a 20 × 20 grid, like those of Polaris. */
const PATHS = {
  alert:
    "M10 6.5v4m0 2.6v.1M8.7 3.6 2.6 14.2a1.5 1.5 0 0 0 1.3 2.3h12.2a1.5 1.5 0 0 0 1.3-2.3L11.3 3.6a1.5 1.5 0 0 0-2.6 0Z",
  chart: "M3.5 3.5v11a2 2 0 0 0 2 2h11M7.5 13V9.5m3.5 3.500V6m3.5 7V8",
  check: "m6.8 10.2 2.3 2.3 4.2-4.7M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z",
  close: "m5.5 5.5 9 9m0-9-9 9",
  download:
    "M10 3.5v9m0 0 3.500-3.500M10 12.500 6.500 9M3.500 13.500v1a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-1",
  info: "M10 9.500v4m0-6.600v-.1M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z",
  receipt:
    "M4.500 3.500h11v13l-2.200-1.500-1.700 1.500L10 15l-1.600 1.500L6.700 15l-2.200 1.500v-13ZM7.500 7.500h5m-5 3h3",
  refresh: "M16 10a6 6 0 1 1-1.700-4.200M16.200 2.800v3.400h-3.400",
  search: "m12.800 12.800 3.700 3.700M14.500 9a5.500 5.500 0 1 1-11 0 5.500 5.500 0 0 1 11 0Z",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon, hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
