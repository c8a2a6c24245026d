import { clsx } from 'clsx';
import type { CSSProperties } from 'react';
import { ConversationPane } from '@/features/conversation/ConversationPane';
import { CustomerPanel } from '@/features/customer/CustomerPanel';
import { ConversationList } from '@/features/view/ConversationList';
import { parseView } from '@/features/view/views';
import { noContextColumn, useIsPhone, useMedia } from '@/lib/media';
import { usePrefs } from '@/lib/prefs';
import type { PageProps } from '@/lib/router';
import css from './InboxPage.module.css';

type Props = PageProps<'/inbox/$view'> & { params: { conversationId?: string } };

/** The three columns beside the sidebar. On a phone one of them at a time. */
export function InboxPage({ params, search }: Props) {
  const { listWidth, contextOpen } = usePrefs();
  const isPhone = useIsPhone();
  const noColumn = useMedia(noContextColumn);
  const id = Number(params.conversationId) || undefined;
  const view = parseView(params.view)!;

  const showContext = id !== undefined && contextOpen && !noColumn;
  return (
    <div className={clsx(css.columns, showContext && css.withContext)} style={{ '--list': `${listWidth}px` } as CSSProperties}>
      {(!isPhone || !id) && <ConversationList view={view} viewName={params.view} search={search} openId={id} />}
      {(!isPhone || id) && <ConversationPane viewName={params.view} conversationId={id} />}
      {showContext && <CustomerPanel conversationId={id} />}
    </div>
  );
}
