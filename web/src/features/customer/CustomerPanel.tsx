import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { conversationLink, conversationQuery } from '@/api/conversations';
import { keysOf, runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import { Card } from '@/ui/Page';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import { CustomerFacts, type CustomerFieldsSlot } from './CustomerFacts';
import css from './CustomerPanel.module.css';

interface Props {
  conversationId: number;
  /** In a drawer or on a screen of its own. */
  inLayer?: boolean;
  onClose?: () => void;
  /** Fields that the shop defined, of the conversation and of its customer. */
  fields?: ReactNode;
  customerFields?: CustomerFieldsSlot;
}

/** The context column: who writes, and what else they wrote. */
export function CustomerPanel({ conversationId, inLayer, onClose, fields, customerFields }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const { data: conversation } = useQuery(conversationQuery(conversationId));
  const copy = () => {
    const text = conversationLink(conversationId);
    navigator.clipboard.writeText(text).then(() => toast({ text: t('action.copied') }), () => toast({ text, duration: 15_000 }));
  };
  return (
    <aside className={css.panel} aria-label={t('nav.customer')}>
      <header className={css.bar}>
        {isPhone && <IconButton icon="left" size={20} label={t('thread.back')} onClick={onClose} />}
        <h2 className="grow">{t(isPhone ? 'thread.details' : 'nav.customer')}</h2>
        <IconButton icon="link" label={t('cmd.copy_link')} keys={keysOf('conversation.copy_link')} onClick={copy} />
        {!isPhone && (
          <IconButton icon={inLayer ? 'x' : 'panel'} label={inLayer ? t('ui.close') : t('cmd.context')} keys={keysOf('app.context')} onClick={() => (onClose ? onClose() : runCommand('app.context'))} />
        )}
      </header>
      <div className={css.body}>
        {conversation && <CustomerFacts id={conversation.customer.id} name={conversation.customer.name || conversation.customer.email} current={conversationId} between={fields} fields={customerFields} />}
        {conversation && isPhone && (
          <section>
            <h3 className={css.head}>{t('customer.conversation')}</h3>
            <Card>
              <PhoneFact icon="user" label={t('filter.assignee')} value={conversation.assignee?.name ?? t('row.unassigned')} command="conversation.assign" />
              <PhoneFact icon="users" label={t('filter.team')} value={conversation.team?.name ?? t('thread.no_team')} command="conversation.move" />
              <PhoneFact icon="tag" label={t('customer.tags')} value={conversation.tags.map((tag) => tag.name).join(', ') || t('bulk.none')} command="conversation.tag" />
              <PhoneFact icon="flag" label={t('filter.priority')} value={t(`priority.${conversation.priority}`)} command="conversation.priority" />
            </Card>
          </section>
        )}
      </div>
    </aside>
  );
}

function PhoneFact({ icon, label, value, command }: {
  icon: 'user' | 'users' | 'tag' | 'flag';
  label: string;
  value: string;
  command: 'conversation.assign' | 'conversation.move' | 'conversation.tag' | 'conversation.priority';
}) {
  return (
    <button type="button" className={css.fact} data-picker={command} onClick={() => runCommand(command)}>
      <Icon name={icon} />
      <span className="muted">{label}</span>
      <bdi className={css.factValue}>{value}</bdi>
      <Icon name="right" size={14} />
    </button>
  );
}
