import type { Editor } from '@tiptap/core';
import { Selection } from '@tiptap/pm/state';
import { useEffect, useRef, useState } from 'react';
import { useLocale, useT } from '@/lib/i18n';
import { Input } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Popover } from '@/ui/Popover';
import { emoji, emojiFor } from './emoji';
import { nameOf, type Emoji } from './emojiName';
import { MailButtonTool } from './MailButtonTool';
import { newTable, tableCommands } from './table';
import css from './Composer.module.css';

interface Spelling {
  /** The language of the customer, empty where it is not certain. */
  heard: string;
  /** Undefined: that of the customer; empty: none. */
  chosen: string | undefined;
  onChoose: (language: string | undefined) => void;
}

/** What is needed less often than formats. */
export function WritingTools({ editor, ...spelling }: { editor: Editor } & Spelling) {
  useEffect(() => void tableCommands(), []);
  return (
    <>
      <MailButtonTool editor={editor} />
      <TableTool editor={editor} />
      <EmojiTool editor={editor} />
      <span className="grow" />
      <SpellingTool {...spelling} />
    </>
  );
}

/** Puts a table into the text, or changes the one that the caret is in. */
function TableTool({ editor }: { editor: Editor }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const inside = editor.isActive('table');
  const run = (name: 'addRowAfter' | 'addColumnAfter' | 'deleteRow' | 'deleteColumn' | 'deleteTable') => () => {
    void tableCommands().then((commands) => {
      commands[name](editor.state, editor.view.dispatch);
      editor.view.focus();
    });
  };
  const insert = () => {
    const { doc, selection } = editor.state;
    // Where nobody has set a caret yet, it belongs behind what is written.
    if (!editor.isFocused && selection.eq(Selection.atStart(doc))) editor.commands.setTextSelection(doc.content.size);
    const { from } = editor.state.selection;
    editor.chain().insertContent([newTable(), { type: 'paragraph' }]).run();
    // The caret goes into the first cell.
    let first: number | undefined;
    editor.state.doc.nodesBetween(from - 1, editor.state.doc.content.size, (node, at) => {
      if (first === undefined && node.type.name === 'tableHeader') first = at + 2;
      return first === undefined;
    });
    if (first !== undefined) editor.commands.setTextSelection(first);
    editor.view.focus();
  };
  return (
    <>
      <IconButton
        ref={anchor} icon="table" label={t('composer.table')} on={inside} aria-haspopup={inside ? 'menu' : undefined} aria-expanded={inside ? open : undefined}
        onPointerDown={(event) => event.preventDefault()} onClick={() => (inside ? setOpen(true) : insert())}
      />
      {open && (
        <Menu
          anchor={anchor} side="top" label={t('composer.table')} onClose={() => setOpen(false)}
          items={[
            { label: t('composer.row_below'), icon: 'plus', run: run('addRowAfter') },
            { label: t('composer.column_after'), icon: 'plus', run: run('addColumnAfter') },
            { label: t('composer.row_delete'), icon: 'minus', run: run('deleteRow') },
            { label: t('composer.column_delete'), icon: 'minus', run: run('deleteColumn') },
            { label: t('composer.table_delete'), icon: 'trash', danger: true, separated: true, run: run('deleteTable') },
          ]}
        />
      )}
    </>
  );
}

/** What may be said with one sign, and by a word every other; while writing, a colon and a word find one. */
function EmojiTool({ editor }: { editor: Editor }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const insert = (sign: string) => {
    setOpen(false);
    editor.chain().insertContent(sign).run();
    editor.view.focus();
  };
  return (
    <>
      <IconButton ref={anchor} icon="smile" label={t('composer.emoji')} aria-haspopup="dialog" aria-expanded={open} onPointerDown={(event) => event.preventDefault()} onClick={() => setOpen(true)} />
      {open && (
        <Popover anchor={anchor} side="top" label={t('composer.emoji')} onClose={() => setOpen(false)}>
          <EmojiList onPick={insert} />
        </Popover>
      )}
    </>
  );
}

const mostShown = 200;

function EmojiList({ onPick }: { onPick: (sign: string) => void }) {
  const t = useT();
  const locale = useLocale();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Emoji[]>(emoji);
  const asked = useRef<Promise<readonly Emoji[]>>(undefined);
  const ask = (text: string) => {
    setQuery(text);
    const wanted = text.trim();
    const answer: Promise<readonly Emoji[]> = wanted ? import('./allEmoji').then(({ findEmoji }) => findEmoji(wanted)).catch(() => emojiFor(wanted)) : Promise.resolve(emoji);
    asked.current = answer;
    void answer.then((list) => asked.current === answer && setFound(list.slice(0, mostShown)));
  };
  return (
    <div className={css.emojiBox}>
      <Input
        label={t('composer.emoji_search')} hideLabel icon="search" placeholder={t('composer.emoji_search')} value={query} autoComplete="off" data-autofocus
        onChange={(event) => ask(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          // Who types and presses Enter means what they typed, also where it is still being looked up.
          if (query.trim()) void asked.current?.then(([first]) => first && onPick(first.id));
        }}
      />
      <div className={css.emoji}>
        {found.map((one) => <button key={one.id} type="button" title={nameOf(one, locale)} aria-label={nameOf(one, locale)} onClick={() => onPick(one.id)}>{one.id}</button>)}
      </div>
      {!found.length && <p className={css.emojiNone} role="status">{t('ui.nothing_found')}</p>}
    </div>
  );
}

const spelt = ['en', 'ja', 'tr', 'uk', 'de', 'fr', 'es', 'it', 'pl', 'nl'];

/** In which language the browser checks the spelling. */
function SpellingTool({ heard, chosen, onChoose }: Spelling) {
  const t = useT();
  const locale = useLocale();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const names = new Intl.DisplayNames([locale], { type: 'language' });
  const automatic = heard ? t('composer.spelling_of', { language: names.of(heard) ?? heard }) : t('composer.spelling_auto');
  return (
    <>
      <IconButton ref={anchor} icon="lang" label={t('composer.spelling')} aria-haspopup="menu" aria-expanded={open} onPointerDown={(event) => event.preventDefault()} onClick={() => setOpen(true)} />
      {open && (
        <Menu
          anchor={anchor} side="top" label={t('composer.spelling')} onClose={() => setOpen(false)}
          items={[
            { label: automatic, checked: chosen === undefined, run: () => onChoose(undefined) },
            ...spelt.map((one) => ({ label: names.of(one) ?? one, checked: chosen === one, run: () => onChoose(one) })),
            { label: t('composer.spelling_off'), checked: chosen === '', separated: true, run: () => onChoose('') },
          ]}
        />
      )}
    </>
  );
}
