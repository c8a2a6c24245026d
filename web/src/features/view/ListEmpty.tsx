import { runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import { setSearch, type SearchOf } from '@/lib/router';
import { Button } from '@/ui/Button';
import { AllClear } from './AllClear';
import { apart, isNarrowed } from './match';
import type { View } from './views';
import css from './ConversationList.module.css';

/** A list without rows says what it would hold. */
export function ListEmpty({ view, search, by }: { view: View; search: SearchOf<'/inbox/$view'>; by: string }) {
  const t = useT();
  const isPhone = useIsPhone();
  if (isNarrowed(search) && !isNarrowed(apart(search, by))) {
    return (
      <div className={css.empty}>
        <p>{t('empty.live')}</p>
        <Button size="sm" onClick={() => runCommand('list.next_tab')}>{t('cmd.list_next_tab')}</Button>
      </div>
    );
  }
  if (isNarrowed(search)) {
    return (
      <div className={css.empty}>
        <p>{t('empty.filtered')}</p>
        <Button size="sm" onClick={() => setSearch<'/inbox/$view'>({ inbox: undefined, team: undefined, tag: undefined, assignee: undefined, priority: undefined, without: undefined, field: undefined })}>{t('filter.clear')}</Button>
      </div>
    );
  }
  const work = view.kind !== 'system' || view.id === 'mine' || view.id === 'unassigned' || view.id === 'open';
  if (work && isPhone && !search.status) return <AllClear />;
  if (work) return <div className={css.empty}><p>{t(search.status === 'pending' ? 'empty.pending' : 'empty.live')}</p></div>;
  const id = view.kind === 'system' ? view.id : 'open';
  return <div className={css.empty}><p>{t(id === 'needs_attention' ? 'empty.live' : `empty.${id as 'mentions'}`)}</p></div>;
}
