import { useCallback, useState } from "react";

/** Tracks the width of an element in pixels; 0 until it is measured. */
export function useWidth(): readonly [width: number, ref: (element: Element | null) => () => void] {
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: Element | null) => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    if (element) observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [width, ref];
}
