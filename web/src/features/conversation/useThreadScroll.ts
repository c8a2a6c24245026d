import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

const slack = 48;

/**
 * Keeps the newest message in sight while nobody has scrolled away, whatever grows meanwhile (pictures, mail in
 * frames), and keeps the place when earlier messages come in above.
 */
export function useThreadScroll(first: number | undefined, last: number | undefined): {
  box: RefObject<HTMLDivElement | null>;
  inner: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
} {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const distance = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    pinned.current = true;
    setAtEnd(true);
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element || first === undefined) return;
    if (pinned.current) element.scrollTop = element.scrollHeight;
    else element.scrollTop = element.scrollHeight - distance.current;
  }, [first]);

  useLayoutEffect(() => {
    if (pinned.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last]);

  useEffect(() => {
    const element = box.current;
    const content = inner.current;
    if (!element || !content) return;
    const settle = () => {
      if (pinned.current) element.scrollTop = element.scrollHeight;
    };
    const sizes = new ResizeObserver(settle);
    sizes.observe(content);
    sizes.observe(element);
    const scrolled = () => {
      distance.current = element.scrollHeight - element.scrollTop;
      pinned.current = distance.current - element.clientHeight < slack;
      setAtEnd(pinned.current);
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [first === undefined]); // eslint-disable-line react-hooks/exhaustive-deps -- anew once the first messages are here

  return { box, inner, atEnd, toEnd };
}
