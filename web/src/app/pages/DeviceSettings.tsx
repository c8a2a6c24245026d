import { useEffect, useState } from 'react';
import { intlLocale, useT } from '@/lib/i18n';
import { setPrefs, usePrefs, type Swipe } from '@/lib/prefs';
import { askWorker, tellWorker } from '@/lib/worker';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Field';
import { Section } from '@/ui/Page';
import { Switch } from '@/ui/Toggle';
import { installing } from '../install';
import { useStore } from '@/lib/store';
import css from './DeviceSettings.module.css';

interface Size {
  answers: number;
  bytes: number;
  off: boolean;
}

const swipes: readonly Swipe[] = ['close', 'snooze', 'assign_me', 'unread', 'none'];

/** What holds on this device alone: installing, reading without a network, gestures. */
export function DeviceSettings() {
  const t = useT();
  const { swipeToEnd, swipeToStart } = usePrefs();
  const offer = useStore(installing);
  const words: Record<Swipe, string> = {
    close: t('ui.close'), snooze: t('cmd.snooze'), assign_me: t('cmd.assign_me'), unread: t('cmd.unread'), none: t('profile.swipe_none'),
  };
  const options = swipes.map((value) => ({ value, label: words[value] }));
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
        <Select label={t('profile.swipe_to_end')} value={swipeToEnd} onChange={(value) => setPrefs({ swipeToEnd: value as Swipe })} options={options} />
        <Select label={t('profile.swipe_to_start')} value={swipeToStart} onChange={(value) => setPrefs({ swipeToStart: value as Swipe })} options={options} />
      </div>
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
