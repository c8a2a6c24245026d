import { usePresent } from '@/api/presence';
import type { Id } from '@/api/types';
import { useT, Words } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import css from './ConversationPane.module.css';

/** Who is writing here right now, at the end of the thread. */
export function Replying({ id }: { id: Id }) {
  const t = useT();
  return usePresent(id).filter((one) => one.state === 'typing').map((one) => (
    <div key={one.id} className={css.replying} role="status" aria-label={t('presence.replying', { name: one.name })}>
      <Avatar name={one.name} seed={one.id} size={20} kind="agent" ring="typing" />
      <span><Words id="presence.replying" values={{ name: <b key="n"><bdi>{one.name}</bdi></b> }} /></span>
      <span className={css.dots} aria-hidden="true"><i /><i /><i /></span>
    </div>
  ));
}
