import { useQuery } from '@tanstack/react-query';
import type { Change } from '@/api/conversations';
import { agentsQuery, teamsQuery } from '@/api/directory';
import { momentLabel } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Chip } from '@/ui/Chip';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import css from './Composer.module.css';

/** What will change when this is sent. */
export function MacroChips({ change, onRemove }: { change: Change; onRemove?: () => void }) {
  const t = useT();
  const now = useNow();
  const { data: agents } = useQuery(agentsQuery);
  const { data: teams } = useQuery(teamsQuery);
  const words: string[] = [];
  if (change.snoozed_until) words.push(t('thread.until', { time: momentLabel(change.snoozed_until, now) }));
  else if (change.status) words.push(t(`status.${change.status}`));
  if (change.priority) words.push(t(`priority.${change.priority}`));
  if (change.assignee_id !== undefined) words.push(agents?.find((agent) => agent.id === change.assignee_id)?.name ?? t('row.unassigned'));
  if (change.team_id !== undefined) words.push(teams?.find((team) => team.id === change.team_id)?.name ?? t('picker.no_team'));
  words.push(...(change.add_tags ?? []).map((tag) => `+${tag}`), ...(change.remove_tags ?? []).map((tag) => `−${tag}`));
  return (
    <div className={css.macro} role="group" aria-label={t('saved.with')}>
      <Icon name="bolt" size={14} />
      <span>{t('saved.with')}</span>
      {words.map((word) => <Chip key={word} tone="fill"><bdi>{word}</bdi></Chip>)}
      {onRemove && <IconButton icon="x" size={14} label={t('saved.with_remove')} onClick={onRemove} />}
    </div>
  );
}
