import { useState } from 'react';
import { problemText } from '@/api/words';
import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Input, Select } from '@/ui/Field';
import { Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { Switch } from '@/ui/Toggle';
import css from './NotificationSettings.module.css';
import { rhythmQuery, useEditRhythm, type Rhythm } from './queries';
import { clockOf, minuteOf } from './quiet';

/** When I am told: how soon mails leave, and the hours in which nothing does. */
export function RhythmSettings() {
  const t = useT();
  const rhythm = useWaiting(rhythmQuery);
  return (
    <Section title={t('notifications.rhythm')} help={t('notifications.rhythm_help')}>
      <Awaited of={rhythm} bones={<RowBones count={3} lead={false} />}>{(now) => <Form now={now} />}</Awaited>
    </Section>
  );
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

function zones(chosen: string) {
  const all = Intl.supportedValuesOf('timeZone');
  return [...new Set(['UTC', ...all, here(), chosen || 'UTC'])].map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}

function Form({ now }: { now: Rhythm }) {
  const t = useT();
  const { mutate, error } = useEditRhythm();
  // Who never chose a zone is where their browser is.
  const zone = now.time_zone || here();
  const save = (change: Partial<Rhythm>) => mutate({ ...now, time_zone: zone, ...change }, { onSuccess: () => toast({ text: t('ui.saved'), undo: () => mutate(now) }) });
  return (
    <div className={css.lines}>
      <Select
        label={t('notifications.mails')} value={now.mails} onChange={(mails) => save({ mails })}
        options={[
          { value: 'soon', label: t('notifications.mails_soon') },
          { value: 'hourly', label: t('notifications.mails_hourly') },
          { value: 'daily', label: t('notifications.mails_daily') },
        ]}
      />
      {now.mails === 'daily' && <div className={css.times}><Time label={t('notifications.daily_at')} minute={now.daily_at} onChange={(daily_at) => save({ daily_at })} /></div>}
      <Switch checked={now.quiet} help={t('notifications.quiet_help')} onChange={(quiet) => save({ quiet })}>{t('notifications.quiet')}</Switch>
      {now.quiet && (
        <div className={css.times}>
          <Time label={t('notifications.quiet_from')} minute={now.quiet_from} unlike={now.quiet_until} onChange={(quiet_from) => save({ quiet_from })} />
          <Time label={t('notifications.quiet_until')} minute={now.quiet_until} unlike={now.quiet_from} onChange={(quiet_until) => save({ quiet_until })} />
        </div>
      )}
      {(now.quiet || now.mails === 'daily') && <Select label={t('notifications.time_zone')} value={zone} options={zones(zone)} onChange={(time_zone) => save({ time_zone })} />}
      {error && <p role="alert">{problemText(error)}</p>}
    </div>
  );
}

/** A time of day, saved when it is whole and left. */
function Time({ label, minute, unlike, onChange }: { label: string; minute: number; unlike?: number; onChange: (minute: number) => void }) {
  const t = useT();
  const [text, setText] = useState<string>();
  const typed = text === undefined ? minute : minuteOf(text);
  const same = typed !== undefined && typed === unlike;
  const leave = () => {
    if (typed === undefined || same) return;
    setText(undefined);
    if (typed !== minute) onChange(typed);
  };
  return (
    <Input
      type="time" label={label} value={text ?? clockOf(minute)} error={same ? t('notifications.quiet_same') : undefined}
      onChange={(event) => setText(event.target.value)} onBlur={leave} onKeyDown={(event) => event.key === 'Enter' && leave()}
    />
  );
}
