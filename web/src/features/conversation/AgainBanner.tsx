import type { Conversation } from '@/api/types';
import { findCommand, keysOf, runCommand } from '@/lib/commands';
import { momentLabel } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import css from './Composer.module.css';

/** A mere thanks woke the conversation: one key puts it away again as it was. */
export function AgainBanner({ conversation }: { conversation: Conversation | undefined }) {
  const t = useT();
  const now = useNow();
  const again = conversation?.snooze_again;
  if (!again || Date.parse(again.until) <= now || !findCommand('conversation.snooze_again')) return null;
  const time = momentLabel(again.until, now);
  return (
    <div className={css.notice}>
      <Banner
        tone="info" icon="moon"
        actions={<Button size="sm" keys={keysOf('conversation.snooze_again')} onClick={() => runCommand('conversation.snooze_again')}>{t(again.status === 'pending' ? 'again.wait' : 'again.again', { time })}</Button>}
      >
        {t('again.thanks', { name: conversation.customer.name || conversation.customer.email })}
      </Banner>
    </div>
  );
}
