import { Suspense, useRef, useState } from 'react';
import type { Message } from '@/api/types';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { IconButton } from '@/ui/IconButton';
import css from './Message.module.css';

const MessageActions = lazyPart(() => withWords(import('./translating').then((module) => module.MessageActions)));

/** What can be done with one message; what that is comes when it is asked for. */
export function MessageMenu({ message, mayMove, onTranslate }: { message: Message; mayMove: boolean; onTranslate: () => void }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  if (message.kind === 'note' && !mayMove) return null;
  return (
    <>
      <span className={css.menu}>
        <IconButton ref={anchor} icon="more" size={14} label={t('message.menu')} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)} />
      </span>
      {open && <Suspense><MessageActions anchor={anchor} message={message} mayMove={mayMove} onTranslate={onTranslate} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
