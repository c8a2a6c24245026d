import { Editor as TipTap, Extension } from '@tiptap/core';
import { Placeholder } from '@tiptap/extensions';
import { PluginKey, Selection } from '@tiptap/pm/state';
import StarterKit from '@tiptap/starter-kit';
import Suggestion, { type SuggestionProps } from '@tiptap/suggestion';
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from 'react';
import { runCommand } from '@/lib/commands';
import { matchScore } from '@/lib/fold';
import type { Attachment } from '@/api/types';
import { useLocale, useT } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { Icon } from '@/ui/Icon';
import { FormatBar } from './FormatBar';
import { MailButton } from './mailButton';
import { ownWords, toneMarks, type OwnWords } from './ownWords';
import { takeLong, textAlone } from './paste';
import { Picture, insertPicture, isPicture } from './picture';
import { PictureWords } from './PictureTools';
import { Variables } from './variables';
import { nameOf, type Emoji } from './emojiName';
import { Suggestions } from './Suggestions';
import { tables, tightCells } from './table';
import css from './Composer.module.css';
import pictures from './Picture.module.css';

export interface Mentionable {
  id: number;
  name: string;
  /** Everybody in it. */
  team?: boolean;
}

export interface EditorHandle {
  focus: (atEnd?: boolean) => void;
  setHtml: (html: string) => void;
  hasFocus: () => boolean;
  /** Puts a text at the caret. */
  insert: (html: string) => void;
  /** The rich field has them as soon as it stands. */
  words?: OwnWords;
}

export interface EditorProps {
  html: string;
  /** Where the caret stood in the plain field that this takes the place of. */
  caret?: number;
  label: string;
  placeholder: string;
  /** Whom an @ may name; empty where nobody can be. */
  people: readonly Mentionable[];
  formats: boolean;
  /** Text alone: the rich editor stays away. */
  plain?: boolean;
  onPlain?: () => void;
  /** The customer's language, in which the spelling is checked unless another one is chosen. */
  language?: string;
  onChange: (html: string, text: string) => void;
  /** inText takes each when the server has it, and shows it in the text. */
  onFiles: (files: File[], inText?: (file: Attachment, from: File) => void) => void;
  onEscape: () => void;
  /** A slash at the beginning of a word. */
  onSlash?: () => void;
  ref?: Ref<EditorHandle>;
}

const wanted = (editor: TipTap) => (editor.isEmpty ? '' : tightCells(editor.getHTML()));

/** The rich field. A chunk of its own: until it is here, a plain one stands in its place. */
export default function Editor({ ref, ...props }: EditorProps) {
  const t = useT();
  const locale = useLocale();
  const latest = useRef(props);
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<TipTap>();
  const [asking, setAsking] = useState<SuggestionProps<Mentionable>>();
  const [smiling, setSmiling] = useState<SuggestionProps<Emoji>>();
  const [spelling, setSpelling] = useState<string>();
  const [unnamed, setUnnamed] = useState(false);
  const keys = useRef<(event: KeyboardEvent) => boolean>(() => false);

  const takeKeys = useCallback((take: (event: KeyboardEvent) => boolean) => {
    keys.current = take;
  }, []);

  useEffect(() => {
    latest.current = props;
  });

  // Before the browser can deliver the next key: with the focus nowhere, a letter of the text would be a shortcut.
  useLayoutEffect(() => {
    // Pictures stand in the text where they were pasted or dropped, other files beside it.
    const takeFiles = (data: DataTransfer | null, at: number | undefined, paste: boolean): boolean => {
      const files = filesIn(data, paste);
      const others = files.filter((file) => !isPicture(file));
      if (others.length) latest.current.onFiles(others);
      for (const file of files.filter(isPicture)) insertPicture(made, file, at, latest);
      return files.length > 0;
    };
    const made = new TipTap({
      element: place.current!,
      content: latest.current.html,
      // In the middle of a sentence the space at its end counts.
      parseOptions: { preserveWhitespace: latest.current.caret !== undefined },
      extensions: [
        StarterKit.configure({
          heading: false, horizontalRule: false, trailingNode: false,
          link: { openOnClick: false, autolink: true, shouldAutoLink, defaultProtocol: 'https', HTMLAttributes: { rel: 'noopener noreferrer nofollow' } },
        }),
        Placeholder.configure({ placeholder: () => latest.current.placeholder }),
        Picture, MailButton, ...tables, Variables, sendKeys, toneMarks,
        mentions(() => latest.current.people, setAsking, keys), smileys(setSmiling, keys),
      ],
      editorProps: {
        attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': latest.current.label, class: `${css.rich} ${pictures.box}`, dir: 'auto' },
        handlePaste: (view, event) => {
          if (takeLong(event.clipboardData, latest.current.onFiles)) return true;
          const text = textAlone(event.clipboardData);
          return text !== undefined ? view.pasteText(text) : takeFiles(event.clipboardData, view.state.selection.to, true);
        },
        handleDrop: (view, event, _slice, moved) => !moved && takeFiles(event.dataTransfer, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos, false),
        handleKeyDown: (_view, event) => {
          if (event.key === '/' && latest.current.onSlash && !event.isComposing && atWordStart(_view.state)) {
            latest.current.onSlash();
            return true;
          }
          if (event.key !== 'Escape' || event.isComposing) return false;
          latest.current.onEscape();
          return true;
        },
      },
      onUpdate: ({ editor: now }) => latest.current.onChange(wanted(now), now.getText({ blockSeparator: '\n' })),
    });
    if (latest.current.caret !== undefined) {
      // One line of the plain field is one paragraph here, so the caret keeps its offset.
      made.commands.setTextSelection(Math.min(latest.current.caret + lineOf(made, latest.current.caret) + 1, made.state.doc.content.size));
      // Not the command, which waits for the next frame.
      made.view.focus();
    }
    setEditor(made);
    return () => made.destroy();
  }, []);

  useEffect(() => {
    editor?.view.dom.setAttribute('aria-label', props.label);
    const language = spelling ?? props.language;
    editor?.view.dom.setAttribute('spellcheck', String(spelling !== ''));
    if (language) editor?.view.dom.setAttribute('lang', language);
    else editor?.view.dom.removeAttribute('lang');
    // The placeholder is a decoration: an empty step draws it anew.
    if (editor) editor.view.dispatch(editor.state.tr);
  }, [editor, props.label, props.placeholder, props.language, spelling]);

  const words = useMemo(() => editor && ownWords(editor), [editor]);
  useImperativeHandle(ref, () => ({
    // At once and not with the next frame, as the command does: what is typed right after R belongs here.
    focus: (atEnd = true) => {
      if (atEnd) editor?.commands.setTextSelection(editor.state.doc.content.size);
      editor?.view.focus();
    },
    setHtml: (html) => editor?.commands.setContent(html, { emitUpdate: false }),
    hasFocus: () => editor?.isFocused ?? false,
    insert: (html) => editor?.chain().insertContent(html).run() && editor.view.focus(),
    words,
  }), [editor, words]);

  const named = useCallback(() => setUnnamed(false), []);
  // The first is chosen and asks what it shows.
  const insertPictures = (files: File[]) => {
    const { doc, selection } = editor!.state;
    // Where nobody has set a caret yet, they belong behind what is written.
    const at = editor!.isFocused || !selection.eq(Selection.atStart(doc)) ? undefined : Selection.atEnd(doc).to;
    editor!.view.focus();
    const choose = (there: number) => {
      editor!.commands.setNodeSelection(there);
      setUnnamed(true);
    };
    for (const [turn, file] of files.entries()) insertPicture(editor!, file, at, latest, turn ? undefined : choose);
  };
  return (
    <>
      {editor && props.formats && (
        <FormatBar
          editor={editor} label={t('composer.format')} onPictures={insertPictures} onPlain={props.onPlain}
          heard={props.language ?? ''} spelling={spelling} onSpelling={setSpelling}
        />
      )}
      {editor && <PictureWords editor={editor} wanted={unnamed} onReached={named} />}
      <div ref={place} className={css.field} />
      {asking && (
        <Suggestions
          asking={asking} label={t('composer.mention')} onKeys={takeKeys} keyOf={({ id, team }) => `${team}${id}`}
          row={(one) => <>
            {one.team ? <Icon name="users" size={20} /> : <Avatar name={one.name} seed={one.id} size={20} kind="agent" />}
            <bdi className="trunc">{one.name}</bdi>
          </>}
        />
      )}
      {smiling && (
        <Suggestions asking={smiling} label={t('composer.emoji')} onKeys={takeKeys} keyOf={({ id }) => id} row={(one) => <><span>{one.id}</span><span className="trunc">{nameOf(one, locale)}</span></>} />
      )}
    </>
  );
}

// customer.name and agent.email are variables, although there are such domains.
const shouldAutoLink = (url: string) => !/^(https?:\/\/)?(customer|conversation|agent|inbox|order|shop|brand|business_hours)\.\w+$/i.test(url);

// A slash inside a word is a slash: 24/7.
function atWordStart({ selection }: TipTap['state']): boolean {
  const before = selection.$from.parent.textBetween(0, selection.$from.parentOffset, undefined, ' ');
  return selection.empty && (before === '' || /\s$/.test(before));
}

function lineOf(editor: TipTap, caret: number): number {
  return editor.getText({ blockSeparator: '\n' }).slice(0, caret).split('\n').length - 1;
}

function filesIn(data: DataTransfer | null, paste: boolean): File[] {
  // Word processors put a picture of the text beside the text itself.
  return paste && data?.types.includes('text/html') && data.types.includes('text/plain') ? [] : [...(data?.files ?? [])];
}

// Before the line break that the editor itself binds to these keys.
const sendKeys = Extension.create({
  name: 'sendKeys',
  priority: 1000,
  addKeyboardShortcuts: () => ({
    'Mod-Enter': () => runCommand('conversation.send') || true,
    'Mod-Shift-Enter': () => runCommand('conversation.send_close') || true,
  }),
});

type Ask<T> = (asking: SuggestionProps<T> | undefined) => void;
type Keys = { current: (event: KeyboardEvent) => boolean };

const shownBy = <T,>(ask: Ask<T>, keys: Keys) => () => ({
  onStart: (asking: SuggestionProps<T>) => ask(asking),
  onUpdate: (asking: SuggestionProps<T>) => ask(asking),
  onKeyDown: ({ event }: { event: KeyboardEvent }) => keys.current(event),
  onExit: () => ask(undefined),
});

// A colon and two letters, not the colon that ends a line. What is not usual takes three, as Enter would put it in.
async function smiles(query: string): Promise<Emoji[]> {
  if (query.length < 2) return [];
  const found = query.length < 3 ? (await import('./emoji')).emojiFor(query) : await (await import('./allEmoji')).findEmoji(query);
  return found.slice(0, 8);
}

function smileys(ask: Ask<Emoji>, keys: Keys) {
  return Extension.create({
    name: 'smileys',
    addProseMirrorPlugins() {
      return [
        Suggestion<Emoji>({
          editor: this.editor, char: ':', pluginKey: new PluginKey('smileys'),
          items: ({ query }) => smiles(query),
          command: ({ editor, range, props }) => editor.chain().focus().insertContentAt(range, `${props.id} `).run(),
          render: shownBy(ask, keys),
        }),
      ];
    },
  });
}

function mentions(people: () => readonly Mentionable[], ask: Ask<Mentionable>, keys: Keys) {
  return Extension.create({
    name: 'mentions',
    addProseMirrorPlugins() {
      return [
        Suggestion<Mentionable>({
          editor: this.editor, char: '@', allow: () => people().length > 0,
          items: ({ query }) => people()
            .map((one) => ({ one, score: query ? matchScore(one.name, query) : 1 }))
            .filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).slice(0, 6).map(({ one }) => one),
          command: ({ editor, range, props }) => editor.chain().focus().insertContentAt(range, `@${props.name} `).run(),
          render: shownBy(ask, keys),
        }),
      ];
    },
  });
}
