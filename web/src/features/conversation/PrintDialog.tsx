import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { conversationQuery } from '@/api/conversations';
import type { ConversationItem } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Checkbox } from '@/ui/Toggle';
import { printConversation } from './print';
import css from './MergeDialog.module.css';

/** Prints the whole conversation, as a PDF where the browser can, or hands out its mails as they are. */
export function PrintDialog({ item, onClose }: { item: ConversationItem; onClose: () => void }) {
  const t = useT();
  const { data: conversation = item } = useQuery(conversationQuery(item.id));
  const [notes, setNotes] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const print = async () => {
    setBusy(true);
    try {
      await printConversation(conversation, { notes, t });
      onClose();
    } catch (problem) {
      setFault(problemText(problem));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('cmd.print')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button icon="download" onClick={() => {
          window.location.assign(`/api/v1/conversations/${item.id}/mbox`);
          onClose();
        }}>{t('print.mails')}</Button>
        <Button variant="primary" data-autofocus busy={busy} onClick={() => void print()}>{t('print.do')}</Button>
      </>}
    >
      <div className={css.form}>
        {fault && <Banner tone="bad">{fault}</Banner>}
        <p>{t('print.text')}</p>
        <Checkbox checked={notes} onChange={setNotes}>{t('print.notes')}</Checkbox>
        <p className="muted">{t('print.mails_text')}</p>
      </div>
    </Dialog>
  );
}
