import { useT } from '@/lib/i18n';
import { Patient, Skeleton } from '@/ui/Skeleton';
import css from './ConversationPane.module.css';

const shapes: readonly (readonly [boolean, readonly number[]])[] = [[true, [92, 84, 48]], [false, [88, 60]], [true, [70, 40]]];

/** Bubbles in their true places. */
export function ThreadSkeleton() {
  const t = useT();
  return (
    <Patient label={t('ui.loading')}>
      {shapes.map(([inbound, lines], at) => (
        <div key={at} className={inbound ? css.boneIn : css.boneOut}>
          {inbound && <Skeleton width={28} height={28} round />}
          <div className={css.boneBubble}>{lines.map((width) => <Skeleton key={width} width={`${width}%`} />)}</div>
          {!inbound && <Skeleton width={28} height={28} round />}
        </div>
      ))}
    </Patient>
  );
}
