import type { SuggestionProps } from '@tiptap/suggestion';
import { clsx } from 'clsx';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useT } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { Icon } from '@/ui/Icon';
import { place } from '@/ui/place';
import css from './Composer.module.css';

export interface Mentionable {
  id: number;
  name: string;
  /** Everybody in it. */
  team?: boolean;
}

interface Props {
  asking: SuggestionProps<Mentionable>;
  /** Takes over the keys while the list is open. */
  onKeys: (take: (event: KeyboardEvent) => boolean) => void;
}

/** The teammates and teams that an @ may mean; the caret stays in the text. */
export function MentionList({ asking, onKeys }: Props) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const active = Math.min(at, asking.items.length - 1);

  useEffect(() => {
    onKeys((event) => {
      const total = asking.items.length;
      if (!total) return false;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        setAt((active + (event.key === 'ArrowDown' ? 1 : total - 1)) % total);
        return true;
      }
      if (event.key !== 'Enter' && event.key !== 'Tab') return false;
      asking.command(asking.items[active]!);
      return true;
    });
    return () => onKeys(() => false);
  }, [asking, active, onKeys]);

  useLayoutEffect(() => {
    const rect = asking.clientRect?.();
    if (!box.current || !rect) return;
    box.current.showPopover?.();
    const caret = Object.assign(document.createElement('i'), { getBoundingClientRect: () => rect });
    place(box.current, caret, { side: 'top', align: 'start' });
  }, [asking]);

  if (!asking.items.length) return null;
  return (
    <div ref={box} popover="manual" role="listbox" aria-label={t('composer.mention')} className={css.mentions}>
      {asking.items.map((one, index) => (
        <div
          key={`${one.team}${one.id}`} role="option" aria-selected={index === active} className={clsx(css.mentionRow, index === active && css.active)}
          onPointerMove={() => setAt(index)}
          onPointerDown={(event) => {
            event.preventDefault();
            asking.command(one);
          }}
        >
          {one.team ? <Icon name="users" size={20} /> : <Avatar name={one.name} seed={one.id} size={20} kind="agent" />}
          <bdi className="trunc">{one.name}</bdi>
        </div>
      ))}
    </div>
  );
}
