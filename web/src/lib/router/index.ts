export { Link, type LinkProps } from './Link';
export { href } from './match';
export {
  currentHref, go, guardLeaving, lazyPage, navigate, preload, setSearch, startRouter, useIsWithin, useRoute,
} from './router';
export type { Match, Page, PageProps, ParamsOf, Path, Paths, Route, SearchOf, Target } from './types';
