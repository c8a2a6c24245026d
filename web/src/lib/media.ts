import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds, renewed when it changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** The widths at which the console changes shape; the style sheets use the same ones. */
export const phone = '(max-width: 767.98px)';
export const narrow = '(max-width: 1023.98px)';
export const noContextColumn = '(max-width: 1279.98px)';

export const useIsPhone = () => useMedia(phone);
