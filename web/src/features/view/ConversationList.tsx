import { useQuery } from '@tanstack/react-query';
import { countsQuery, inboxesQuery, teamsQuery } from '@/api/directory';
import { runCommand } from '@/lib/commands';
import { countLabel } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import type { SearchOf } from '@/lib/router';
import { IconButton } from '@/ui/IconButton';
import { Patient } from '@/ui/Skeleton';
import { RowSkeletons } from './RowSkeletons';
import { systemViews, type View } from './views';
import css from './ConversationList.module.css';

interface Props {
  view: View;
  viewName: string;
  search: SearchOf<'/inbox/$view'>;
  openId: number | undefined;
}

/** The list column: head, tabs and rows of one view. */
export function ConversationList({ view }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const { title, count } = useViewHead(view);
  return (
    <section className={css.list} aria-label={title}>
      <header className={css.bar}>
        <h1 className={css.title}>
          <bdi>{title}</bdi> <span className={css.count}>{countLabel(count)}</span>
        </h1>
        {isPhone && <IconButton icon="down" size={20} label={t('cmd.views')} onClick={() => runCommand('app.views')} />}
      </header>
      <Patient label={t('ui.loading')}><RowSkeletons /></Patient>
    </section>
  );
}

function useViewHead(view: View): { title: string; count: number | undefined } {
  const t = useT();
  const { data: counts } = useQuery(countsQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: inboxes } = useQuery(inboxesQuery);
  if (view.kind === 'team') {
    return {
      title: teams?.find((team) => team.id === view.teamId)?.name ?? '',
      count: counts?.teams.find((team) => team.team_id === view.teamId)?.open,
    };
  }
  if (view.kind === 'inbox') {
    return {
      title: inboxes?.find((inbox) => inbox.id === view.inboxId)?.name ?? '',
      count: counts?.inboxes.find((inbox) => inbox.inbox_id === view.inboxId)?.open,
    };
  }
  const system = systemViews.find((one) => one.id === view.id)!;
  return { title: t(system.title), count: counts && system.count(counts) };
}
