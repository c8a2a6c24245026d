import { clsx } from 'clsx';
import css from './Mark.module.css';

/** A D lying on the counter is a bell. Dome and counter in ink, the button in brass. */
export function Mark({ size = 20, className }: { size?: number; className?: string }) {
  return (
    <svg className={clsx(css.mark, className)} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M3.6 16.4a8.4 8.4 0 0 1 16.8 0z" />
      <rect x="1.8" y="18.6" width="20.4" height="2.4" rx="1.2" />
      <rect className={css.brass} x="10.25" y="2.6" width="3.5" height="3.5" rx="1.75" />
    </svg>
  );
}

const name = 'Deskbell';

export function Wordmark({ size = 20 }: { size?: number }) {
  return (
    <span className={css.wordmark} style={{ fontSize: size * 0.75 }} translate="no">
      <Mark size={size} />
      <span>{name}</span>
    </span>
  );
}

/** The bell at rest, for an inbox that is clear. */
export function RestingBell({ width = 184 }: { width?: number }) {
  return (
    <svg className={css.bell} width={width} height={width * 0.72} viewBox="0 0 200 144" aria-hidden="true">
      <path d="M12 116h176" stroke="var(--line2)" strokeWidth="2" />
      <path d="M26 126h148" stroke="var(--line)" strokeWidth="2" />
      <ellipse cx="100" cy="117" rx="62" ry="4" fill="var(--sunken)" />
      <g fill="var(--panel)" stroke="var(--ink)" strokeWidth="2.5">
        <path d="M50 98a50 50 0 0 1 100 0z" />
        <rect x="40" y="105" width="120" height="11" rx="5.5" />
        <path d="M100 47v-9" />
      </g>
      <path d="M62 90a38 38 0 0 1 22-27" stroke="var(--line2)" strokeWidth="2.5" />
      <rect x="90" y="25" width="20" height="13" rx="6.5" fill="var(--brass)" />
    </svg>
  );
}
