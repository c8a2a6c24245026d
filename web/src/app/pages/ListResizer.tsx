import { useRef } from 'react';
import { useT } from '@/lib/i18n';
import { setPrefs, usePrefs } from '@/lib/prefs';
import css from './InboxPage.module.css';

const least = 300;
const most = 460;
const clamp = (width: number) => Math.round(Math.max(least, Math.min(most, width)));

/** The edge of the list: drag it, or move it with the arrows. The width stays with this browser. */
export function ListResizer() {
  const t = useT();
  const { listWidth } = usePrefs();
  const from = useRef<{ x: number; width: number }>(undefined);
  const turned = () => (document.documentElement.dir === 'rtl' ? -1 : 1);
  return (
    <div
      role="separator" tabIndex={0} aria-orientation="vertical" aria-label={t('list.width')} aria-valuemin={least} aria-valuemax={most} aria-valuenow={listWidth}
      className={css.resizer}
      onPointerDown={(event) => {
        from.current = { x: event.clientX, width: listWidth };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current) setPrefs({ listWidth: clamp(from.current.width + (event.clientX - from.current.x) * turned()) });
      }}
      onPointerUp={() => (from.current = undefined)}
      onDoubleClick={() => setPrefs({ listWidth: 360 })}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 8 : event.key === 'ArrowLeft' ? -8 : 0;
        if (!step) return;
        event.preventDefault();
        setPrefs({ listWidth: clamp(listWidth + step * turned()) });
      }}
    />
  );
}
