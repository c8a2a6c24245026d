import { useEffect, useMemo, useRef, useState } from 'react';
import { useT } from '@/lib/i18n';
import { mailDocument } from './mailDocument';
import { trimEnd } from './mailEnd';
import { keepTogether } from './together';
import css from './Message.module.css';

const highest = 20_000;

/** A rich mail on white paper, as tall as it is. Keys pressed in it are the page's. */
export function MailFrame({ html, remoteImages }: { html: string; remoteImages: boolean }) {
  const t = useT();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(60);
  const page = useMemo(() => mailDocument(html, remoteImages), [html, remoteImages]);

  useEffect(() => {
    const element = frame.current!;
    let sizes: ResizeObserver | undefined;
    const measure = () => {
      const body = element.contentDocument?.body;
      if (body) setHeight(Math.min(highest, Math.ceil(body.getBoundingClientRect().height) + 1));
    };
    const pass = (event: KeyboardEvent) => {
      const { key, code, shiftKey, ctrlKey, metaKey, altKey } = event;
      const copy = new KeyboardEvent('keydown', { key, code, shiftKey, ctrlKey, metaKey, altKey, bubbles: true, cancelable: true });
      if (!element.dispatchEvent(copy)) event.preventDefault();
    };
    const loaded = () => {
      const inside = element.contentDocument;
      if (!inside?.body) return;
      trimEnd(inside.body);
      keepTogether(inside.body);
      sizes?.disconnect();
      sizes = new ResizeObserver(measure);
      sizes.observe(inside.body);
      inside.addEventListener('keydown', pass);
      measure();
    };
    element.addEventListener('load', loaded);
    loaded();
    return () => {
      element.removeEventListener('load', loaded);
      sizes?.disconnect();
    };
  }, [page]);

  return (
    <iframe
      ref={frame} className={css.frame} style={{ height }} title={t('message.frame')} srcDoc={page}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerPolicy="no-referrer" loading="eager"
    />
  );
}
