import { useQueryClient } from '@tanstack/react-query';
import { memo, useState } from 'react';
import { findCached } from '@/api/conversations';
import { ConversationCommands } from '@/features/conversation/ConversationCommands';
import { cursor, failures, keepTicked, ticked, whole } from '@/features/view/state';
import { useT } from '@/lib/i18n';
import { useStore } from '@/lib/store';
import css from './InboxPage.module.css';

interface Props {
  /** Something is open; which, opened says when it is asked. */
  isOpen: boolean;
  opened: () => number | undefined;
  open: (id: number | undefined) => void;
  nextOf: (id: number) => number | undefined;
  onClosed: (id: number) => void;
}

/** Joins what is ticked or marked in the list to the actions on conversations. */
export const InboxActions = memo(function InboxActions({ isOpen, opened, open, nextOf, onClosed }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const marks = useStore(ticked, (now) => now.size);
  const hasCursor = useStore(cursor, (now) => now !== undefined);
  const [progress, setProgress] = useState<{ done: number; total: number }>();

  const targets = () => {
    const chosen = [...ticked.get().values()];
    if (chosen.length) return chosen.map((item) => findCached(queries, item.id) ?? item);
    const id = cursor.get() ?? opened();
    const item = id === undefined ? undefined : findCached(queries, id);
    return item ? [item] : [];
  };
  return (
    <>
      <ConversationCommands
        targets={targets} enabled={marks > 0 || hasCursor || isOpen} bulk={marks > 0} filter={whole.get}
        onNext={(from) => {
          if (from === opened()) open(nextOf(from));
          else if (opened() === undefined && cursor.get() === from) cursor.set(nextOf(from));
        }}
        onBack={open}
        onProgress={(done, total) => setProgress(done < total ? { done, total } : undefined)}
        onClosed={onClosed}
        onDone={(failed, unseen) => {
          failures.set(failed);
          keepTicked([...failed.keys()], unseen);
        }}
      />
      {progress && progress.total > 10 && (
        <div className={css.progress} role="status">
          <progress max={progress.total} value={progress.done} />
          {t('bulk.progress', { done: progress.done, total: progress.total })}
        </div>
      )}
    </>
  );
});
