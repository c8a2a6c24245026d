import { clsx } from 'clsx';
import { Skeleton } from '@/ui/Skeleton';
import css from './ConversationList.module.css';

const widths: readonly (readonly [number, number, number])[] = [
  [118, 214, 186], [72, 176, 204], [96, 190, 160], [130, 224, 198], [104, 110, 210], [92, 168, 176], [100, 136, 206],
  [112, 220, 150], [60, 150, 190], [124, 200, 172], [88, 180, 160],
];

/** Rows in their true shape, each fainter than the one above. */
export function RowSkeletons({ compact = false }: { compact?: boolean }) {
  return widths.map(([name, subject, preview], at) => (
    <div key={at} className={clsx(css.bone, compact && css.boneCompact)} style={{ opacity: 1 - at * 0.075 }}>
      <span />
      <span><Skeleton width={14} height={14} /></span>
      <div>
        <div className={css.line}><Skeleton width={name} /><Skeleton width={30} height={8} /></div>
        {!compact && <div className={css.line}><Skeleton width={subject} /></div>}
        {!compact && <div className={css.line}><Skeleton width={preview} height={8} /><Skeleton width={36} height={14} /></div>}
      </div>
    </div>
  ));
}
