import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Skeleton } from './Skeleton';
import css from './Rows.module.css';

/** A list of things in settings: one card, a line between rows. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return <ul className={css.rows} aria-label={label}>{children}</ul>;
}

interface RowProps {
  lead?: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  /** Chips and buttons at the end. */
  end?: ReactNode;
  /** The whole row opens something. */
  onOpen?: () => void;
  /** Out of use. */
  quiet?: boolean;
  /** On a phone the end stands under the text. */
  stacks?: boolean;
}

export function Row({ lead, title, detail, end, onOpen, quiet, stacks }: RowProps) {
  return (
    <li className={clsx(css.row, onOpen && css.opens, stacks && css.stacks)}>
      {lead && <span className={css.lead}>{lead}</span>}
      <div className={css.text}>
        <div className={clsx(css.title, quiet && css.quiet)}>
          {onOpen ? <button type="button" className={css.open} onClick={onOpen}>{title}</button> : title}
        </div>
        {detail && <div className={css.detail}>{detail}</div>}
      </div>
      {end && <div className={css.end}>{end}</div>}
    </li>
  );
}

/** The shape of rows that are on their way. */
export function RowBones({ count = 3, lead = true }: { count?: number; lead?: boolean }) {
  return (
    <div className={css.rows}>
      {Array.from({ length: count }, (_, at) => (
        <div key={at} className={css.row} style={{ opacity: 1 - at * 0.2 }}>
          {lead && <Skeleton width={28} height={28} round />}
          <div className={css.text}>
            <div className={css.bone}><Skeleton width={140 + (at % 3) * 30} /></div>
            <div className={css.bone}><Skeleton width={220 - (at % 2) * 40} height={8} /></div>
          </div>
        </div>
      ))}
    </div>
  );
}
