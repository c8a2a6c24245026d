import { useQuery } from '@tanstack/react-query';
import { countsQuery } from '@/api/directory';
import { keysOf } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { RestingBell } from '@/ui/Mark';

/** Nothing waits here: the bell rests, and says where there is something to do. */
export function AllClear() {
  const t = useT();
  const { data: counts } = useQuery(countsQuery);
  const unassigned = counts?.unassigned ?? 0;
  const snoozed = counts?.snoozed ?? 0;
  const go = (view: string) => () => void navigate({ to: '/inbox/$view', params: { view } });
  return (
    <EmptyState
      art={<RestingBell />} title={t('empty.clear_title')}
      actions={(unassigned > 0 || snoozed > 0) && (
        <>
          {unassigned > 0 && <Button variant="primary" size="lg" keys={keysOf('go.unassigned')} onClick={go('unassigned')}>{t('empty.to_unassigned', { count: unassigned })}</Button>}
          {snoozed > 0 && <Button size="lg" onClick={go('snoozed')}>{t('empty.to_snoozed')}</Button>}
        </>
      )}
    >
      {snoozed > 0 ? t('empty.clear_snoozed', { count: snoozed }) : t('empty.clear_text')}
    </EmptyState>
  );
}
