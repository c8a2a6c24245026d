import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useDeferredValue, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { searchQuery } from '@/features/search/queries';
import { ariaKeys, commands } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { useStore } from '@/lib/store';
import { ModalFrame } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
import { Kbd } from '@/ui/Kbd';
import { Marked } from './Marked';
import { findRows, type PaletteRow } from './paletteRows';
import css from './Palette.module.css';

/** Everything that can be done here and now, by its name. */
export function Palette({ start, onClose, onSheet }: { start: string; onClose: () => void; onSheet: () => void }) {
  const t = useT();
  const id = useId();
  const [query, setQuery] = useState(start);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const rows = useRows(query);
  const active = Math.min(at, rows.length - 1);

  const run = (row: PaletteRow | undefined) => {
    if (!row) return;
    onClose();
    // After the layer is gone, so that the focus the command sets is not taken back.
    setTimeout(row.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1 };
    const to = steps[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      run(rows[active]);
    } else if (event.key === '?' && query === '') {
      event.preventDefault();
      onSheet();
    } else if (to !== undefined && rows.length) {
      event.preventDefault();
      const next = (to + rows.length) % rows.length;
      setAt(next);
      list.current?.querySelectorAll('[role=option]')[next]?.scrollIntoView({ block: 'nearest' });
    }
  };

  return (
    <ModalFrame onClose={onClose} label={t('cmd.palette')} className={css.palette}>
      <div className={css.query}>
        <Icon name="search" />
        <input
          data-autofocus role="combobox" aria-label={t('palette.label')} aria-expanded="true" aria-controls={id}
          aria-autocomplete="list" aria-activedescendant={rows.length ? `${id}-${active}` : undefined}
          placeholder={t('palette.label')} value={query} onKeyDown={onKeyDown}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
      </div>
      <div ref={list} id={id} role="listbox" aria-label={t('cmd.palette')} className={css.rows}>
        {rows.map((row, index) => (
          <div key={row.id} role="presentation">
            {row.group !== rows[index - 1]?.group && <div className={css.group} role="presentation">{t(row.group)}</div>}
            <div
              id={`${id}-${index}`} role="option" aria-selected={index === active} aria-keyshortcuts={ariaKeys(row.keys)}
              className={clsx(css.row, index === active && css.on)}
              onPointerMove={() => setAt(index)} onClick={() => run(row)}
            >
              <Icon name={row.icon} />
              <bdi className="trunc"><Marked text={row.title} query={query} /></bdi>
              {row.detail && <bdi className={clsx('trunc', css.detail)}>{row.detail}</bdi>}
              <span className="grow" />
              {row.keys && <Kbd keys={row.keys} />}
            </div>
          </div>
        ))}
        {rows.length === 0 && <p className={css.none}>{t('ui.nothing_found')}</p>}
      </div>
      <div className={css.foot} aria-hidden="true">
        <span><Kbd keys="ArrowUp ArrowDown" />{t('palette.move')}</span>
        <span><Kbd keys="Enter" />{t('palette.run')}</span>
        <span><Kbd keys="Escape" />{t('palette.close')}</span>
        <span className={css.last}><Kbd keys="?" />{t('palette.all_shortcuts')}</span>
      </div>
      <div className="sr" role="status">{t('palette.count', { count: rows.length })}</div>
    </ModalFrame>
  );
}

function useRows(query: string): PaletteRow[] {
  const t = useT();
  const registered = useStore(commands);
  const words = useDeferredValue(query.trim());
  const { data } = useQuery({ ...searchQuery(words), enabled: words.length > 1, placeholderData: (before) => before });
  return useMemo(() => {
    const rows = findRows(registered, query, t);
    if (query.trim().length < 2) return rows;
    const hits = (data?.items ?? []).slice(0, 6).map((hit): PaletteRow => ({
      id: `hit-${hit.type}-${hit.id}`,
      group: 'palette.found',
      icon: hit.type === 'customer' ? 'user' : 'mail',
      title: hit.title,
      detail: hit.snippet,
      run: () =>
        hit.type === 'customer'
          ? void navigate({ to: '/customers/$customerId', params: { customerId: String(hit.id) } })
          : void navigate({ to: '/conversations/$conversationId', params: { conversationId: String(hit.conversation_id ?? hit.id) } }),
    }));
    const all: PaletteRow = {
      id: 'search', group: 'palette.found', icon: 'search', title: t('palette.search_for', { words: query.trim() }),
      run: () => void navigate({ to: '/search', search: { q: query.trim() } }),
    };
    return [...rows, ...hits, all];
  }, [registered, query, data, t]);
}
