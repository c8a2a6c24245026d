import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Id } from '@/api/types';
import { problemText } from '@/api/words';
import { usePaletteCommands } from '@/lib/commands';
import { intlLocale, useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import type { Content } from './draft';
import { languageName, offerQuery, sameLanguage, translate } from './translation';

interface Props {
  id: Id;
  content: Content;
  onPut: (content: Content) => void;
}

/** Puts a reply into the customer's language, where there is a server for it and the language is known and another one. */
export function TranslateReply({ id, content, onPut }: Props) {
  const t = useT();
  const { data: offer } = useQuery(offerQuery(id));
  const [busy, setBusy] = useState(false);
  const latest = useRef(content);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => {
    latest.current = content;
  });
  useEffect(() => () => leaving.current?.abort(), []);

  const code = offer?.enabled ? offer.customer_language : '';
  const wanted = code && !sameLanguage(code, intlLocale()) ? code : '';
  const language = wanted && languageName(wanted);
  const run = useRef(() => Promise.resolve());
  useEffect(() => {
    run.current = async () => {
      const before = latest.current;
      leaving.current?.abort();
      const turn = (leaving.current = new AbortController());
      setBusy(true);
      try {
        const made = await translate(id, { html: before.html, to: wanted }, turn.signal);
        // What was written meanwhile is not lost for it.
        if (latest.current.html !== before.html) toast({ text: t('translation.changed'), action: { label: t('error.retry'), run: () => void run.current() } });
        else {
          onPut({ ...before, html: made.html, text: made.text });
          toast({ text: t('translation.done', { language }), undo: () => onPut({ ...latest.current, html: before.html, text: before.text }) });
        }
      } catch (error) {
        if (!turn.signal.aborted) toast({ text: problemText(error), tone: 'bad' });
      }
      if (leaving.current === turn) setBusy(false);
    };
  });

  const label = t('translation.into', { language });
  usePaletteCommands(useMemo(() => (wanted ? [{ id: 'conversation.translate', title: label, icon: 'lang', section: 'conversation', run: () => void run.current() }] as const : []), [wanted, label]));
  if (!wanted) return null;
  return <IconButton icon="lang" label={busy ? t('translation.running') : label} aria-busy={busy} disabled={busy} onClick={() => void run.current()} />;
}
