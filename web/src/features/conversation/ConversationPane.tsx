import { useT } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { RestingBell } from '@/ui/Mark';
import css from './ConversationPane.module.css';

interface Props {
  viewName: string;
  conversationId: number | undefined;
}

/** The thread column: the open conversation, or what to do when there is none. */
export function ConversationPane({ conversationId }: Props) {
  const t = useT();
  return (
    <main id="main" tabIndex={-1} className={css.pane}>
      <header className={css.bar} />
      {conversationId === undefined && (
        <EmptyState art={<RestingBell />} title={t('conversation.none_title')}>{t('conversation.none_text')}</EmptyState>
      )}
    </main>
  );
}
