import type { ComponentType } from 'react';

/**
 * Every address of the console with what may stand behind its question mark. The app fills this in
 * (app/paths.ts), so that links in features are checked without features knowing the app.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Paths {}

export type Path = keyof Paths & string;

type Names<P extends string> = P extends `${string}$${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : P extends `${string}$${infer Name}`
    ? Name
    : never;

/** The parts of a path that begin with $. */
export type ParamsOf<P extends Path> = { [N in Names<P>]: string };

export type SearchOf<P extends Path> = Paths[P];

/** What a page component is given. */
export interface PageProps<P extends Path> {
  params: ParamsOf<P>;
  search: SearchOf<P>;
}

/** Where a link or a navigation goes. */
export type Target<P extends Path = Path> = P extends Path
  ? { to: P; search?: SearchOf<P>; replace?: boolean } & (Names<P> extends never ? { params?: undefined } : { params: ParamsOf<P> })
  : never;

/** The code of a page, fetched once when it is first wanted. */
export interface Page {
  load: () => Promise<ComponentType<never>>;
  loaded?: ComponentType<never>;
}

export interface Route {
  page?: Page;
  /** Reads the part behind the question mark; whatever it leaves out is dropped. */
  search?: (raw: Record<string, string>) => object;
  /** Answers false for addresses that look right and name nothing. */
  exists?: (params: Record<string, string>) => boolean;
  redirect?: (params: Record<string, string>) => Target;
  /** Outside the shell, open to people who have not signed in. */
  open?: boolean;
}

export interface Match {
  path: string;
  route: Route;
  params: Record<string, string>;
  search: object;
  pathname: string;
  href: string;
}
