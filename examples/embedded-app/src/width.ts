import { useCallback, useState } from "react";

/** The width of an element in pixels, as it changes; 0 before it is known. */
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
