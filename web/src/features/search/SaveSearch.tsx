import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { can, meQuery } from '@/api/directory';
import type { Answer } from '@/api/schema';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { viewKeys, type Condition, type SavedView } from '@/api/views';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { zone } from './found';
import css from './SearchPage.module.css';

interface Values {
  name: string;
  audience: 'me' | 'all';
}

/** Keeps what the operators of a search ask for as a view, and says what a view cannot hold. */
export function SaveSearch({ text, onClose }: { text: string; onClose: () => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const asked = useQuery({
    queryKey: ['search', 'conditions', text],
    queryFn: ({ signal }) => api.get<Answer<'/search/conditions'>>('/search/conditions', { query: { q: text, time_zone: zone() }, signal }),
  });
  const conditions = asked.data?.conditions as Condition | undefined;
  const left = asked.data?.left_out ?? [];
  const empty = conditions !== undefined && !conditions.all?.length;
  const save = useWrite((body: Values & { conditions: Condition; sort: 'newest' }) => api.post<SavedView>('/views', { body }), { renews: [viewKeys.all], handled: true });
  const form = useForm<Values>({ name: '', audience: 'me' }, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async ({ name, audience }) => {
      const made = await save.mutateAsync({ name: name.trim(), audience, conditions: conditions!, sort: 'newest' });
      onClose();
      void navigate({ to: '/inbox/$view', params: { view: `saved-${made.id}` } });
    },
  });
  return (
    <Dialog
      title={t('search.save')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={form.busy} disabled={!conditions || empty} onClick={() => void form.submit()}>{t('ui.save')}</Button>
      </>}
    >
      <form {...form.props} className={css.form}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        {asked.error && <Banner tone="bad">{problemText(asked.error)}</Banner>}
        {empty && <Banner tone="warn">{t('search.save_nothing')}</Banner>}
        {left.length > 0 && <Banner tone="warn"><ul className={css.left}>{left.map((one) => <li key={one}>{one}</li>)}</ul></Banner>}
        <Input label={t('views.name')} maxLength={80} autoComplete="off" {...form.text('name')} />
        {can(me, 'views:manage') && (
          <Select label={t('views.audience')} {...form.choice('audience')} options={[{ value: 'me', label: t('views.for_me') }, { value: 'all', label: t('views.for_all') }]} />
        )}
        <p className="muted">{t('search.save_text')}</p>
      </form>
    </Dialog>
  );
}
