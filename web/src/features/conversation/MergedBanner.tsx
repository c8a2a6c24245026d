import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { Id } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';
import css from './Composer.module.css';

/** Says where a merged conversation is now, and takes the merge back. */
export function MergedBanner({ id, into, mayUndo }: { id: Id; into: Id; mayUndo: boolean }) {
  const t = useT();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    try {
      await api.post(`/conversations/${id}/unmerge`);
      await queries.invalidateQueries({ queryKey: conversationKeys.all });
      await queries.invalidateQueries({ queryKey: directoryKeys.counts });
    } catch (problem) {
      toast({ text: problemText(problem), tone: 'bad' });
    }
    setBusy(false);
  };
  return (
    <div className={css.notice}>
      <Banner tone="info" icon="link" actions={<>
        <Button size="sm" onClick={() => void navigate({ to: '/conversations/$conversationId', params: { conversationId: String(into) } })}>{t('thread.merged_open', { number: String(into) })}</Button>
        {mayUndo && <Button size="sm" variant="ghost" busy={busy} onClick={() => void undo()}>{t('thread.merged_undo')}</Button>}
      </>}>{t('thread.merged', { number: String(into) })}</Banner>
    </div>
  );
}
