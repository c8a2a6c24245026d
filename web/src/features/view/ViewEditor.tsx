import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { can, meQuery, teamsQuery } from '@/api/directory';
import type { Answer } from '@/api/schema';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { viewKeys, type Condition, type SavedView } from '@/api/views';
import { countLabel } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { Switch } from '@/ui/Toggle';
import { ConditionGroup } from './ConditionGroup';
import { useProperties } from './properties';
import { conditionOf, count, most, treeOf, unfinished, type Group } from './tree';
import css from './ViewEditor.module.css';

type Sort = SavedView['sort'];
type Audience = SavedView['audience'];

/** What a new view begins with. */
export interface Start {
  name?: string;
  conditions: Condition;
  sort: Sort;
  tabs_by?: string;
}

interface Values {
  name: string;
  audience: Audience;
  team_id: string;
  sort: Sort;
  tabs_by: string;
  counted: boolean;
  conditions: Group;
}

const sorts: readonly Sort[] = ['newest', 'oldest', 'waiting', 'urgency'];

/** Makes a view out of conditions, or changes one. It says at once how many conversations there would be. */
export function ViewEditor({ view, start, onClose, onSaved }: { view?: SavedView; start?: Start; onClose: () => void; onSaved?: (view: SavedView) => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: teams } = useQuery(teamsQuery);
  const mayShare = can(me, 'views:manage');
  const properties = useProperties();
  const write = useWrite((body: object) => (view ? api.patch<SavedView>(`/views/${view.id}`, { body }) : api.post<SavedView>('/views', { body })), { renews: [viewKeys.all, conversationKeys.lists], handled: true });
  const [first] = useState<Values>(() => ({
    name: view?.name ?? start?.name ?? '', audience: view?.audience ?? 'me', team_id: String(view?.team_id ?? ''), sort: view?.sort ?? start?.sort ?? 'newest', tabs_by: view?.tabs_by ?? start?.tabs_by ?? '',
    counted: view?.counted ?? true, conditions: treeOf(view?.conditions ?? start?.conditions ?? {}),
  }));
  const [tried, setTried] = useState(false);
  const form = useForm<Values>(first, {
    check: ({ name, audience, team_id, conditions }) => ({
      name: name.trim() ? undefined : t('ui.required'),
      team_id: audience === 'team' && !team_id ? t('ui.required') : undefined,
      conditions: unfinished(conditions).length ? t('views.unfinished') : undefined,
    }),
    save: async ({ name, audience, team_id, sort, tabs_by, counted, conditions }) => {
      const saved = await write.mutateAsync({
        name: name.trim(), audience, team_id: audience === 'team' ? Number(team_id) : 0, sort, tabs_by, counted, conditions: conditionOf(conditions), version: view?.version,
      });
      onClose();
      onSaved?.(saved);
    },
  });
  const { conditions, audience } = form.values;
  const faulty = new Set(tried ? unfinished(conditions) : []);
  const submit = () => {
    setTried(true);
    void form.submit();
  };
  return (
    <Dialog
      wide title={view ? t('views.edit') : t('views.new')} onClose={onClose}
      actions={<>
        <span className={css.count} role="status"><Matching conditions={conditions} /></span>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={form.busy} onClick={submit}>{t('ui.save')}</Button>
      </>}
    >
      <form
        {...form.props} className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        {Boolean(view?.missing.length) && <Banner tone="warn">{t('views.missing_edit')}</Banner>}
        <Input label={t('views.name')} maxLength={80} autoComplete="off" {...form.text('name')} />
        <fieldset className={css.conditions}>
          <legend>{t('views.conditions')}</legend>
          <ConditionGroup
            group={conditions} depth={0} faulty={faulty} full={count(conditions) >= most}
            onChange={(change) => form.set('conditions', change(conditions))}
          />
          {form.errorOf('conditions') && <p className={css.error} role="alert">{form.errorOf('conditions')}</p>}
        </fieldset>
        <div className={css.two}>
          <Select label={t('list.sort')} {...form.choice('sort')} options={sorts.map((value) => ({ value, label: t(`sort.${value}`) }))} />
          <Select label={t('views.tabs')} {...form.choice('tabs_by')} options={[{ value: '', label: t('views.tabs_none') }, ...properties]} />
          {mayShare && (
            <Select
              label={t('views.audience')} {...form.choice('audience')}
              options={[{ value: 'me', label: t('views.for_me') }, ...(teams?.length ? [{ value: 'team' as const, label: t('views.for_team') }] : []), { value: 'all', label: t('views.for_all') }]}
            />
          )}
          {mayShare && audience === 'team' && (
            <Select label={t('views.team')} {...form.choice('team_id')} options={[{ value: '', label: t('views.choose') }, ...(teams ?? []).map(({ id, name }) => ({ value: String(id), label: name }))]} />
          )}
        </div>
        <Switch checked={form.values.counted} onChange={(on) => form.set('counted', on)}>{t('views.counted')}</Switch>
      </form>
    </Dialog>
  );
}

const pause = 350;

// How many conversations the conditions find now. Tests that are not finished are not asked about.
function Matching({ conditions }: { conditions: Group }) {
  const t = useT();
  const wanted = unfinished(conditions).length ? undefined : JSON.stringify(conditionOf(conditions));
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), pause);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, isError } = useQuery({
    queryKey: [...viewKeys.all, 'matching', asked], enabled: asked !== undefined, staleTime: 5000, retry: false,
    queryFn: ({ signal }) => api.post<Answer<'/views/count', 'post'>>('/views/count', { body: { conditions: JSON.parse(asked!) as Condition }, signal }),
    placeholderData: (before) => before,
  });
  if (wanted === undefined || isError || !data) return null;
  return t('views.matching', { count: data.count, shown: data.more ? '999+' : countLabel(data.count) || '0' });
}
