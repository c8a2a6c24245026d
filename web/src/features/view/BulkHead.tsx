import type { ListFilter } from '@/api/conversations';
import { keysOf } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Kbd } from '@/ui/Kbd';
import { Checkbox } from '@/ui/Toggle';
import { keepTicked, tickAll, whole } from './state';
import css from './ConversationList.module.css';

/** The head of the list while something is ticked: how much, and the way to all or none. */
export function BulkHead({ marks, total, rest }: { marks: number; total: number; rest: ListFilter | undefined }) {
  const t = useT();
  const all = marks >= total;
  const everything = useStore(whole) !== undefined;
  const chosen = everything ? t('bulk.everything') : t('bulk.selected', { count: marks });
  return (
    <header className={css.bulk}>
      <Checkbox checked={all} mixed={!all} aria-label={t('bulk.select_all')} onChange={() => (all ? keepTicked() : tickAll())} />
      <h1 className={css.title}>
        <span className="trunc">{chosen}</span> {!everything && <span className={css.count}>{t('bulk.of', { total })}</span>}
      </h1>
      <span className="sr" role="status">{chosen}</span>
      <span className="grow" />
      {!all && <Button variant="ghost" size="sm" onClick={tickAll}>{t('bulk.select_all')} <Kbd keys={keysOf('list.select_all')!} /></Button>}
      {all && rest && !everything && <Button variant="ghost" size="sm" onClick={() => whole.set(rest)}>{t('bulk.select_view')}</Button>}
      <IconButton icon="x" label={t('bulk.clear')} keys="Escape" onClick={() => keepTicked()} />
    </header>
  );
}
