import { lazy, type ComponentType } from 'react';

const turns = 'deskbell.reloaded';

/**
 * A part of a page in a chunk of its own. A file that a new version of the console has replaced cannot be fetched any
 * more: the page is loaded again, once.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as React's own lazy
export function lazyPart<C extends ComponentType<any>>(load: () => Promise<C>) {
  return lazy(() => load().then(
    (component) => {
      sessionStorage.removeItem(turns);
      return { default: component };
    },
    (error: unknown) => {
      if (sessionStorage.getItem(turns)) throw error;
      sessionStorage.setItem(turns, '1');
      location.reload();
      return new Promise<never>(() => undefined);
    },
  ));
}
