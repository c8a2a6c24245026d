import { clsx } from 'clsx';
import type { AnchorHTMLAttributes, MouseEvent, Ref } from 'react';
import { href } from './match';
import { navigate, preload, useIsWithin } from './router';
import type { Target } from './types';

export type LinkProps = Target & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  /** Worn while its address, or one below it, is on screen. */
  activeClass?: string;
  /** Below does not count. */
  exact?: boolean;
  ref?: Ref<HTMLAnchorElement>;
};

/** A link inside the console: a real one, that a modified click opens in another tab. */
export function Link({ to, params, search, replace, activeClass, exact, className, onClick, ...rest }: LinkProps) {
  const address = href({ to, params, search });
  const active = useIsWithin(address, exact);
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain || rest.target) return;
    event.preventDefault();
    void navigate({ to, params, search, replace } as Target);
  };
  return (
    <a
      aria-current={active ? 'page' : undefined}
      {...rest}
      href={address}
      className={clsx(className, active && activeClass) || undefined}
      onClick={follow}
      onPointerEnter={() => preload(address)}
      onFocus={() => preload(address)}
    />
  );
}
