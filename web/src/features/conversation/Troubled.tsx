import type { Address, Participants } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import { recipientsOf } from './recipients';
import css from './Composer.module.css';

interface Props {
  chosen: { to?: Address[]; cc?: Address[]; bcc?: Address[] };
  suggested: Participants | undefined;
}

/** Warns before a reply goes to an address that takes no mail, or to somebody who took ours for spam. */
export function Troubled({ chosen, suggested }: Props) {
  const t = useT();
  const { to, cc, bcc } = recipientsOf(chosen, suggested);
  const written = new Set([...to, ...cc, ...bcc].map((one) => one.address.toLowerCase()));
  const troubled = suggested?.troubled?.filter((one) => written.has(one.address.toLowerCase())) ?? [];
  if (!troubled.length) return null;
  return (
    <div className={css.strangers} role="status">
      {troubled.map((one) => (
        <p key={one.address}>
          <Icon name="warn" size={14} />
          <span>{one.bounced_at ? t('composer.bounced', { address: one.address, reason: one.bounce_reason }) : t('composer.complained', { address: one.address })}</span>
        </p>
      ))}
    </div>
  );
}
