import { Suspense, useEffect, type ReactNode } from 'react';
import type { Id } from '@/api/types';
import { withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import css from './ConversationPane.module.css';

const loadThread = () => withWords(import('./Thread'));
const Thread = lazyPart(() => loadThread().then((module) => module.Thread));

// A page that opens with a conversation needs it at once; otherwise it comes while the list is read.
if (/\/\d+$/.test(location.pathname)) void loadThread();

interface Props {
  conversationId: Id | undefined;
  /** What stands here while nothing is open. */
  empty: ReactNode;
  onList: () => void;
  onDetails: () => void;
  onSentAndClosed: (id: Id) => void;
  onClosed: (id: Id) => void;
  onReturn: (id: Id) => void;
}

/** The thread column: the open conversation, or what to do when there is none. */
export function ConversationPane({ conversationId, empty, ...rest }: Props) {
  useEffect(() => {
    void loadThread();
  }, []);
  const blank = <main id="main" tabIndex={-1} className={css.pane}><header className={css.bar} /></main>;
  if (conversationId !== undefined) {
    return <Suspense fallback={blank}><Thread key={conversationId} id={conversationId} {...rest} /><KeepFocus key={`focus ${conversationId}`} /></Suspense>;
  }
  return (
    <main id="main" tabIndex={-1} className={css.pane}>
      <header className={css.bar} />
      {empty}
      <KeepFocus />
    </main>
  );
}

// Another conversation is another main: who read in the one before would find themselves at the top of the page.
function KeepFocus() {
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
  }, []);
  return null;
}
