import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { Switch } from '@/ui/Toggle';
import css from './NotificationSettings.module.css';
import { notificationSettingsQuery, useEditSettings } from './queries';
import { kindTitles } from './words';

/** What I am told at the bell. Each is saved at once and can be taken back. */
export function NotificationSettings() {
  const t = useT();
  const settings = useWaiting(notificationSettingsQuery);
  const { mutate } = useEditSettings();
  return (
    <Section title={t('notifications.settings')} help={t('notifications.settings_help')}>
      <Awaited of={settings} bones={<RowBones count={5} lead={false} />}>
        {({ items }) => (
          <div className={css.lines}>
            {(items ?? []).map(({ kind, app }) => (
              <Switch
                key={kind} checked={app}
                onChange={(on) => mutate([{ kind, app: on }], { onSuccess: () => toast({ text: t('ui.saved'), undo: () => mutate([{ kind, app: !on }]) }) })}
              >
                {t(kindTitles[kind])}
              </Switch>
            ))}
          </div>
        )}
      </Awaited>
    </Section>
  );
}
