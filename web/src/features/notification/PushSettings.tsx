import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWaiting } from '@/api/useWaiting';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { Switch } from '@/ui/Toggle';
import css from './NotificationSettings.module.css';
import { obstacle, subscribe, unsubscribe } from './push';
import { pushQuery, rhythmQuery, settingKeys, useEditRhythm } from './queries';

/** Whether this browser is told also when no tab is open, and whether words go along. */
export function PushSettings() {
  const t = useT();
  const push = useWaiting(pushQuery);
  const rhythm = useWaiting(rhythmQuery);
  const queries = useQueryClient();
  const { mutate: editRhythm } = useEditRhythm();
  const change = useMutation({
    mutationFn: (on: boolean) => (on ? subscribe(push.data!.public_key) : unsubscribe()),
    onSuccess: () => toast({ text: t('ui.saved') }),
    onSettled: () => queries.invalidateQueries({ queryKey: settingKeys.push }),
  });
  const why = obstacle();
  if (why) return <p className="muted">{t(why === 'denied' ? 'notifications.push_denied' : 'notifications.push_unable')}</p>;
  return (
    <Awaited of={push} bones={<Skeleton width="60%" />}>
      {({ subscribed }) => (
        <div className={css.lines}>
          {change.isError && <Banner tone="bad">{t(obstacle() === 'denied' ? 'notifications.push_denied' : 'notifications.push_failed')}</Banner>}
          <p className={css.browser}>
            <span className="grow">{t(subscribed ? 'notifications.push_on' : 'notifications.push_off')}</span>
            <Button size="sm" variant="outline" busy={change.isPending} onClick={() => change.mutate(!subscribed)}>
              {t(subscribed ? 'notifications.push_stop' : 'notifications.push_start')}
            </Button>
          </p>
          {rhythm.data && (
            <Switch checked={rhythm.data.push_words} help={t('notifications.push_words_help')} onChange={(push_words) => editRhythm({ ...rhythm.data!, push_words })}>
              {t('notifications.push_words')}
            </Switch>
          )}
        </div>
      )}
    </Awaited>
  );
}
