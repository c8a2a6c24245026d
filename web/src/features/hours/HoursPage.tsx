import { useQuery } from '@tanstack/react-query';
import { inboxesQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { RestingBell } from '@/ui/Mark';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { hoursKeys, hoursQuery, hoursWrites, type HoursSet } from './queries';
import { Status } from './Status';
import { here, suggested } from './values';
import { zoneName } from './words';
import css from './Hours.module.css';

const open = (id: Id | 'new') => void navigate({ to: '/settings/business-hours/$hoursId', params: { hoursId: String(id) } });
const renews = [hoursKeys.all];

/** When the shop answers: its sets of business hours. */
export function HoursPage() {
  const t = useT();
  const sets = useWaiting(hoursQuery);
  const some = (sets.data?.length ?? 0) > 0;
  return (
    <Page title={t('settings.hours')} column actions={some && <Button variant="primary" size="sm" icon="plus" onClick={() => open('new')}>{t('hours.new')}</Button>}>
      <Awaited of={sets} bones={<RowBones count={2} lead={false} />}>
        {(all) => all.length === 0 ? <Nothing /> : (
          <div className={css.page}>
            <p className="muted">{t('hours.text')}</p>
            <Rows label={t('settings.hours')}>{all.map((set) => <SetRow key={set.id} set={set} only={all.length === 1} />)}</Rows>
          </div>
        )}
      </Awaited>
    </Page>
  );
}

function Nothing() {
  const t = useT();
  const create = useWrite(hoursWrites.create, { renews });
  const make = () => create.mutate(suggested(t('hours.suggested_name')), { onSuccess: ({ id }) => open(id) });
  return (
    <EmptyState
      title={t('hours.none')} art={<RestingBell width={120} />}
      actions={<>
        <Button variant="primary" busy={create.isPending} onClick={make}>{t('hours.suggest')}</Button>
        <Button variant="ghost" onClick={() => open('new')}>{t('hours.other')}</Button>
      </>}
    >
      {t('hours.none_text', { zone: zoneName(here()) })}
    </EmptyState>
  );
}

function SetRow({ set, only }: { set: HoursSet; only: boolean }) {
  const t = useT();
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const remove = useWrite(hoursWrites.remove, { renews });
  const restore = useWrite(hoursWrites.restore, { renews });
  const away = () => remove.mutate(set.id, { onSuccess: () => toast({ text: t(set.inbox_ids.length > 0 ? 'hours.deleted_used' : 'hours.deleted', { name: set.name }), undo: () => restore.mutate(set.id) }) });
  const names = inboxes.filter(({ id }) => set.inbox_ids.includes(id)).map(({ name }) => name);
  const facts = [zoneName(set.time_zone), ...names];
  return (
    <Row
      stacks title={<bdi>{set.name}</bdi>} onOpen={() => open(set.id)}
      detail={<><Status now={set.now} zone={set.time_zone} /><span className={css.facts}>{facts.map((fact) => <bdi key={fact}>{fact}</bdi>)}</span></>}
      end={<>
        {set.default && <Chip>{t('hours.default')}</Chip>}
        {(only || !set.default) && <IconButton icon="trash" label={t('hours.delete_of', { name: set.name })} onClick={away} />}
      </>}
    />
  );
}
