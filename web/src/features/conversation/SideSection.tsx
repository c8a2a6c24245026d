import { useQuery } from '@tanstack/react-query';
import { can, meQuery } from '@/api/directory';
import { openSide } from '@/api/openSide';
import type { Id } from '@/api/types';
import { messageTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Chip } from '@/ui/Chip';
import { IconButton } from '@/ui/IconButton';
import { shownName } from './recipients';
import { sidesQuery, type Side } from './side';
import css from './Side.module.css';

/** What was asked of couriers, suppliers and others about the conversation. */
export function SideSection({ id }: { id: Id }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: sides } = useQuery(sidesQuery(id));
  const mayWrite = can(me, 'conversations:reply');
  if (!sides || (!sides.length && !mayWrite)) return null;
  return (
    <section aria-label={t('side.title')}>
      <div className={css.sectionHead}>
        <h3>{t('side.title')}</h3>
        {mayWrite && <IconButton icon="plus" size={14} label={t('cmd.side')} onClick={() => openSide.set({ conversation: id })} />}
      </div>
      {sides.length === 0 && <p className={css.none}>{t('side.none')}</p>}
      {sides.length > 0 && <ul className={css.list}>{sides.map((side) => <Line key={side.id} side={side} />)}</ul>}
    </section>
  );
}

function Line({ side }: { side: Side }) {
  const t = useT();
  const now = useNow();
  const people = (side.to ?? []).map(shownName).join(', ');
  return (
    <li>
      <button type="button" className={css.line} onClick={() => openSide.set({ conversation: side.conversation_id, side: side.id })}>
        <span className={css.lineTop}>
          <b dir="auto" className="trunc">{side.subject}</b>
          <StateChip side={side} />
        </span>
        <span className={css.lineRest}>
          <bdi className="trunc">{people}</bdi>
          <time dateTime={side.last_activity_at}>{messageTime(side.last_activity_at, now)}</time>
        </span>
        {side.preview && <span dir="auto" className={css.preview}>{side.preview}</span>}
        <span className="sr">{t('side.count', { count: side.message_count })}</span>
      </button>
    </li>
  );
}

/** Whether it is done, and else whose word is next. */
export function StateChip({ side }: { side: Pick<Side, 'state' | 'awaited'> }) {
  const t = useT();
  if (side.state === 'done') return <Chip tone="ok" icon="check">{t('side.done')}</Chip>;
  return side.awaited ? <Chip tone="fill" icon="clock">{t('side.awaited')}</Chip> : <Chip tone="accent" icon="reply">{t('side.answered')}</Chip>;
}
