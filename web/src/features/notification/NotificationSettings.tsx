import { useWaiting } from '@/api/useWaiting';
import { useT, type MessageKey } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Icon } from '@/ui/Icon';
import type { IconName } from '@/lib/icons';
import { Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { Checkbox } from '@/ui/Toggle';
import css from './NotificationSettings.module.css';
import { PushSettings } from './PushSettings';
import { notificationSettingsQuery, useEditSettings, type NotificationSetting } from './queries';
import { RhythmSettings } from './RhythmSettings';
import { kindTitles } from './words';

type Channel = 'app' | 'mail' | 'push' | 'sound';

const channels: { key: Channel; icon: IconName; title: MessageKey }[] = [
  { key: 'app', icon: 'bell', title: 'notifications.by_app' },
  { key: 'mail', icon: 'mail', title: 'notifications.by_mail' },
  { key: 'push', icon: 'monitor', title: 'notifications.by_push' },
  { key: 'sound', icon: 'sound', title: 'notifications.by_sound' },
];

/** What I am told, and how: a row for each event, a column for each way. Each is saved at once and can be taken back. */
export function NotificationSettings() {
  const t = useT();
  const settings = useWaiting(notificationSettingsQuery);
  return (
    <>
      <Section title={t('notifications.settings')} help={t('notifications.settings_help')}>
        <Awaited of={settings} bones={<RowBones count={5} lead={false} />}>
          {({ items }) => <Table items={items ?? []} />}
        </Awaited>
      </Section>
      <Section title={t('notifications.browser')} help={t('notifications.browser_help')}><PushSettings /></Section>
      <RhythmSettings />
    </>
  );
}

function Table({ items }: { items: NotificationSetting[] }) {
  const t = useT();
  const { mutate } = useEditSettings();
  const choose = (kind: NotificationSetting['kind'], key: Channel, on: boolean) =>
    mutate([{ kind, [key]: on }], { onSuccess: () => toast({ text: t('ui.saved'), undo: () => mutate([{ kind, [key]: !on }]) }) });
  return (
    <table className={css.table}>
      <caption className="sr">{t('notifications.settings')}</caption>
      <thead>
        <tr>
          <td />
          {channels.map(({ key, icon, title }) => <th key={key} scope="col"><span className={css.way}><Icon name={icon} />{t(title)}</span></th>)}
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.kind}>
            <th scope="row">{t(kindTitles[one.kind])}</th>
            {channels.map(({ key, title }) => (
              <td key={key}>
                <Checkbox
                  className={css.box} checked={one[key]} disabled={key === 'sound' && !one.app}
                  aria-label={t('notifications.by', { event: t(kindTitles[one.kind]), way: t(title) })}
                  onChange={(on) => choose(one.kind, key, on)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
