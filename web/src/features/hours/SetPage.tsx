import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isProblem, staleVersion } from '@/api/problem';
import type { Id } from '@/api/types';
import { faultsOf, useForm } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Link, navigate, type PageProps } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { LeaveGuard } from '@/ui/LeaveGuard';
import { Page, Two } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { SaveBar } from '@/ui/SaveBar';
import { toast } from '@/ui/Toast';
import { HolidayFields } from './HolidayFields';
import { InboxFields } from './InboxFields';
import { hoursKeys, hoursQuery, hoursWrites, triedQuery, type HoursSet } from './queries';
import { Status } from './Status';
import { bodyFrom, suggested, valuesOf, type Values } from './values';
import { WeekFields } from './WeekFields';
import { ZoneField } from './ZoneField';
import css from './Hours.module.css';

/** One set of business hours. */
export function SetPage({ params }: PageProps<'/settings/business-hours/$hoursId'>) {
  const t = useT();
  const id = Number(params.hoursId);
  const isNew = params.hoursId === 'new';
  const sets = useWaiting(hoursQuery);
  const set = sets.data?.find((one) => one.id === id);
  const title = isNew ? t('hours.new') : set?.name ?? t('settings.hours');
  return (
    <Page title={title} column lead={<span className={css.path}><Link to="/settings/business-hours">{t('settings.hours')}</Link><Icon name="right" size={14} /></span>}>
      <Awaited of={sets} bones={<RowBones count={6} lead={false} />}>
        {(all) => isNew || set ? <Editor key={params.hoursId} set={set} first={all.length === 0} /> : (
          <EmptyState title={t('hours.gone')} actions={<Button onClick={back}>{t('hours.back')}</Button>}>{t('hours.gone_text')}</EmptyState>
        )}
      </Awaited>
    </Page>
  );
}

const back = () => void navigate({ to: '/settings/business-hours' });

function Editor({ set, first }: { set?: HoursSet; first: boolean }) {
  const t = useT();
  const queries = useQueryClient();
  const renews = [hoursKeys.all];
  const create = useWrite(hoursWrites.create, { renews, handled: true });
  const change = useWrite(hoursWrites.change, { renews, handled: true });
  const [made, setMade] = useState<Id>();
  // What others do to it meanwhile must not change the ground under somebody who writes.
  const [start, setStart] = useState<HoursSet | undefined>(set);
  const form = useForm<Values>(valuesOf(start ?? { ...suggested(''), default: first }), {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async (values) => {
      const { inbox_ids, ...body } = bodyFrom(values);
      const inboxes = form.changed.includes('inbox_ids') || !start ? { inbox_ids } : {};
      if (start) setStart(await change.mutateAsync({ id: start.id, version: start.version, ...body, ...inboxes }));
      else setMade((await create.mutateAsync({ ...body, ...inboxes })).id);
      toast({ text: t('ui.saved') });
    },
  });
  if (set && start && set.version !== start.version && !form.dirty && !form.busy) setStart(set);
  useEffect(() => {
    if (made) void navigate({ to: '/settings/business-hours/$hoursId', params: { hoursId: String(made) }, replace: true });
  }, [made]);
  const { tried, wrong, faultOf } = useTried(form.values);
  const errorOf = (name: keyof Values & string) => form.errorOf(name) ?? faultOf(name);
  const isStale = isProblem(change.error, staleVersion);
  const newest = async () => {
    form.reset();
    await queries.invalidateQueries({ queryKey: hoursKeys.all });
  };
  const zone = form.values.time_zone;
  return (
    <>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad" actions={isStale && <Button size="sm" onClick={() => void newest()}>{t('inboxes.load_newest')}</Button>}>{form.fault}</Banner>}
        <div className={css.now} role="status">{wrong ? t('hours.wrong') : tried && <Status now={tried} zone={zone} />}</div>
        <Two>
          <Input label={t('hours.name')} help={t('hours.name_help')} maxLength={100} autoComplete="off" {...form.text('name')} />
          <ZoneField value={zone} error={errorOf('time_zone')} onChange={(next) => form.set('time_zone', next)} />
        </Two>
        <WeekFields values={form.values} errorOf={errorOf} onSet={form.set} />
        <HolidayFields values={form.values} errorOf={errorOf} onSet={form.set} />
        <InboxFields set={start} first={first} values={form.values} errorOf={errorOf} onSet={form.set} />
      </form>
      {(form.dirty || !start) && <SaveBar saveLabel={start ? undefined : t('hours.create')} busy={form.busy} onSave={() => void form.submit()} onDiscard={start ? form.reset : back} />}
      <LeaveGuard when={form.dirty && !made} />
    </>
  );
}

// What the server makes of what is written, and what it finds wrong before it is saved.
function useTried(values: Values) {
  const wanted = JSON.stringify({ ...bodyFrom(values), inbox_ids: [], default: false });
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), 300);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, error } = useQuery({ ...triedQuery(asked), placeholderData: (before) => before });
  const faults = faultsOf(error);
  return { tried: data, wrong: Object.keys(faults).length > 0, faultOf: (name: string) => (asked === wanted ? faults[name] : undefined) };
}

