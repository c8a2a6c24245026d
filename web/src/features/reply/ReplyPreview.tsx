import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Input } from '@/ui/Field';
import { previewText } from './queries';
import type { Slots } from './slots';
import css from './Replies.module.css';

/** As a customer reads it: an invented one, or that of a conversation. */
export function ReplyPreview({ html, locale, Shown }: { html: string; locale: string; Shown: Slots['Shown'] }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const number = Number(/\d{1,15}/.exec(typed)?.[0] ?? 0);
  const asked = useDeferredValue(useSlow(JSON.stringify([number, locale, html]), 300));
  const [of, language, source] = JSON.parse(asked) as [number, string, string];
  const found = useQuery({
    queryKey: ['replies', 'preview', of, language, source], queryFn: () => previewText(source, of, language), enabled: source !== '', staleTime: Infinity, gcTime: 60_000, retry: false,
    placeholderData: (before) => before,
  });
  if (!source) return null;
  const { data, error } = found;
  return (
    <section aria-label={t('replies.preview_title')} className={css.seen}>
      <div className={css.seenHead}>
        <h3 className={css.legend}>{t(of ? 'replies.preview_real' : 'replies.preview')}</h3>
        <Input label={t('replies.preview_number')} hideLabel placeholder={t('replies.preview_number')} inputMode="numeric" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      {error ? <Banner tone="warn">{problemText(error)}</Banner> : data && (
        <>
          <div className={css.preview} aria-live="polite"><Shown text={data.text} html={withPictures(data.html, source)} /></div>
          {data.missing.length > 0 && <Banner tone="warn">{t('replies.missing', { names: data.missing.join(', ') })}</Banner>}
        </>
      )}
    </section>
  );
}

// The answer names the pictures; where they are shown from stands in what was written.
function withPictures(html: string, source: string): string {
  const written = new DOMParser().parseFromString(source, 'text/html');
  const shown = new DOMParser().parseFromString(html, 'text/html');
  for (const picture of shown.querySelectorAll<HTMLImageElement>('img[data-cid]')) {
    const from = written.querySelector(`img[data-cid="${CSS.escape(picture.dataset.cid!)}"]`)?.getAttribute('src');
    if (from?.startsWith('/api/')) picture.setAttribute('src', from);
  }
  return shown.body.innerHTML;
}

function useSlow(value: string, ms: number): string {
  const [slow, setSlow] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return slow;
}
