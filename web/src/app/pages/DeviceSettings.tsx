import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { meQuery } from '@/api/directory';
import type { Me } from '@/api/types';
import { useEditMe } from '@/features/team/queries';
import { moveSwipes, swipes, type Swipe } from '@/features/view/swipes';
import { intlLocale, useT } from '@/lib/i18n';
import { askWorker, tellWorker } from '@/lib/worker';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Field';
import { Section, Two } from '@/ui/Page';
import { Switch } from '@/ui/Toggle';
import { installing } from '../install';
import { useStore } from '@/lib/store';
import css from './DeviceSettings.module.css';

interface Size {
  answers: number;
  bytes: number;
  off: boolean;
}

/** What holds on this device alone: installing, reading without a network. */
export function DeviceSettings() {
  const t = useT();
  const offer = useStore(installing);
  return (
    <Section title={t('profile.device')} help={t('profile.device_help')}>
      <div className={css.lines}>
        {offer && (
          <div className={css.line}>
            <p className="grow">{t('profile.install_help')}</p>
            <Button onClick={() => void offer.prompt().then(() => installing.set(undefined))}>{t('profile.install')}</Button>
          </div>
        )}
        <Kept />
      </div>
    </Section>
  );
}

/** What drawing a row of a list aside does, on all of my devices. */
export function SwipeSettings() {
  const { data: me } = useQuery(meQuery);
  return me && <Swipes me={me} />;
}

function Swipes({ me }: { me: Me }) {
  const t = useT();
  const queries = useQueryClient();
  const { mutate } = useEditMe();
  useEffect(() => void moveSwipes(queries, me), [queries, me]);
  const words: Record<Swipe, string> = {
    close: t('ui.close'), snooze: t('cmd.snooze'), assign_me: t('cmd.assign_me'), unread: t('cmd.unread'), none: t('profile.swipe_none'),
  };
  const options = swipes.map((value) => ({ value, label: words[value] }));
  return (
    <Section title={t('profile.swipes')} help={t('profile.swipes_help')}>
      <Two>
        <Select label={t('profile.swipe_to_end')} value={me.swipe_to_end} onChange={(value) => mutate({ swipe_to_end: value })} options={options} />
        <Select label={t('profile.swipe_to_start')} value={me.swipe_to_start} onChange={(value) => mutate({ swipe_to_start: value })} options={options} />
      </Two>
    </Section>
  );
}

function Kept() {
  const t = useT();
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    let gone = false;
    void askWorker<Size>({ type: 'size' }).then((now) => !gone && setSize(now));
    return () => {
      gone = true;
    };
  }, []);
  if (!size) return <p className="muted">{t('profile.offline_never')}</p>;
  const megabytes = new Intl.NumberFormat(intlLocale(), { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(size.bytes / 1e6);
  return (
    <Switch
      checked={!size.off} help={size.off ? t('profile.offline_off') : t('profile.offline_help', { size: megabytes })}
      onChange={(on) => {
        tellWorker({ type: 'keep', on });
        setSize({ answers: 0, bytes: 0, off: !on });
      }}
    >
      {t('profile.offline')}
    </Switch>
  );
}
