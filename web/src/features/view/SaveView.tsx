import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { can, meQuery, tagsQuery } from '@/api/directory';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { viewKeys, type Condition, type SavedView } from '@/api/views';
import { useT } from '@/lib/i18n';
import { navigate, type SearchOf } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { conditionsOf } from './conditions';
import type { View } from './views';

interface Values {
  name: string;
  audience: 'me' | 'all';
}

/** Keeps what the list shows now, its filters and its order, under a name. */
export function SaveView({ view, search, onClose }: { view: View; search: SearchOf<'/inbox/$view'>; onClose: () => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: tags } = useQuery(tagsQuery);
  const save = useWrite((body: { name: string; audience: 'me' | 'all'; conditions: Condition; sort: 'newest' }) => api.post<SavedView>('/views', { body }), { renews: [viewKeys.all], handled: true });
  const form = useForm<Values>({ name: '', audience: 'me' }, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async ({ name, audience }) => {
      const made = await save.mutateAsync({ name: name.trim(), audience, conditions: conditionsOf(view, search, tags ?? []), sort: (search.sort ?? 'newest') as 'newest' });
      onClose();
      void navigate({ to: '/inbox/$view', params: { view: `saved-${made.id}` } });
    },
  });
  return (
    <Dialog
      title={t('views.save')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('ui.save')}</Button>
      </>}
    >
      <form {...form.props} style={{ display: 'grid', gap: 16 }}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('views.name')} maxLength={80} autoComplete="off" {...form.text('name')} />
        {can(me, 'views:manage') && (
          <Select label={t('views.audience')} {...form.choice('audience')} options={[{ value: 'me', label: t('views.for_me') }, { value: 'all', label: t('views.for_all') }]} />
        )}
        <p className="muted">{t('views.text')}</p>
      </form>
    </Dialog>
  );
}
