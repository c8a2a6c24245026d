import { clsx } from 'clsx';
import { useEffect, useState, type ReactNode } from 'react';
import css from './Skeleton.module.css';

interface Props {
  width?: number | string;
  height?: number;
  round?: boolean;
  className?: string;
}

export function Skeleton({ width = '100%', height = 10, round, className }: Props) {
  return <span className={clsx(css.bone, className)} style={{ width, height, borderRadius: round ? '50%' : undefined }} />;
}

const patience = 150;

/** Shows nothing for 150 ms, then the skeleton: a fast answer does not flicker. */
export function Patient({ children, label }: { children: ReactNode; label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={label} aria-busy="true" className={css.patient}>
      {late && <div aria-hidden="true" className={css.patient}>{children}</div>}
    </div>
  );
}
