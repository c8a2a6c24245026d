import { useCallback, useEffect, useImperativeHandle, useRef, useState, type ComponentType, type Ref } from 'react';
import { flushSync } from 'react-dom';
import { idle } from '@/lib/idle';
import { textToHtml } from './draft';
import type { EditorHandle, EditorProps } from './Editor';
import type { OwnWords } from './ownWords';
import { takeLong } from './paste';
import { plainWords } from './plainWords';
import css from './Composer.module.css';

type Loaded = ComponentType<EditorProps>;

const rich = /<(?!\/?(p|br)\b)[a-z]/i;

// A conversation that is before somebody for this long is not only passed by.
const stays = 1000;

let loaded: Loaded | undefined;
let loading: Promise<Loaded> | undefined;

/** Fetches the rich editor once. */
export function loadEditor(): Promise<Loaded> {
  loading ??= import('./Editor').then((module) => (loaded = module.default), (error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

type Props = EditorProps & {
  /** The rich field takes longer to make than a thread: it waits until somebody stays or writes. */
  patient?: boolean;
};

/** The field to write in: plain until the rich one is here, which takes over text, caret and focus. */
export function WritingField({ ref, patient, ...props }: Props) {
  const [Rich, setRich] = useState<{ Editor: Loaded; html?: string; caret?: number } | undefined>(loaded && (!patient || props.html) ? { Editor: loaded } : undefined);
  // What the plain field holds: not everybody hands back what it was changed to.
  const held = useRef<string>(undefined);
  const plain = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const handle = useRef<EditorHandle>(null);
  const plainly = useRef(props.plain);
  useEffect(() => {
    plainly.current = props.plain;
  });

  // At once, so that nothing is typed between the caret that is read here and the one that is set there.
  const change = useCallback((Editor: Loaded) => {
    const field = plain.current;
    flushSync(() => setRich({ Editor, html: held.current, caret: !plainly.current && field && document.activeElement === field ? field.selectionStart : undefined }));
  }, []);

  useEffect(() => {
    if (Rich) return;
    let left = false;
    const take = (Editor: Loaded) => {
      if (left) return;
      // Never in the middle of a word that an input method is still building.
      if (composing.current) setTimeout(() => take(Editor), 300);
      else change(Editor);
    };
    const timer = setTimeout(() => idle(() => void loadEditor().then(take, () => undefined)), loaded && patient ? stays : 0);
    return () => {
      clearTimeout(timer);
      left = true;
    };
  }, [Rich, change, patient]);

  // What is asked of the plain field is asked of the rich one when that can be made at once.
  const best = () => {
    if (!Rich && !props.plain && plain.current && loaded && !composing.current) change(loaded);
    return handle.current;
  };
  useImperativeHandle(ref, () => ({
    focus: (atEnd) => best()?.focus(atEnd),
    setHtml: (html) => {
      held.current = html;
      (html ? best() : handle.current)?.setHtml(html);
    },
    insert: (html) => best()?.insert(html),
    hasFocus: () => handle.current?.hasFocus() ?? false,
    get words() {
      return handle.current?.words;
    },
  }));

  const takeComposing = (is: boolean) => {
    composing.current = is;
  };
  const takeChange: EditorProps['onChange'] = (html, text) => {
    held.current = html;
    props.onChange(html, text);
  };
  // Who chooses between both hands back what was written.
  const html = props.plain === undefined ? (Rich?.html ?? props.html) : props.html;
  if (Rich && !props.plain) return <Rich.Editor {...props} ref={handle} html={html} caret={Rich.caret} />;
  return <PlainField {...props} ref={handle} field={plain} onChange={takeChange} onComposing={takeComposing} />;
}

function PlainField({ html, label, placeholder, language, onChange, onFiles, onEscape, onSlash, field, onComposing, ref }: EditorProps & {
  field: React.RefObject<HTMLTextAreaElement | null>;
  onComposing: (now: boolean) => void;
  ref?: Ref<EditorHandle>;
}) {
  const [text, setText] = useState(() => plainOf(html));
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  // One and the same for as long as the field stands.
  const words = useRef<OwnWords>(undefined);
  useImperativeHandle(ref, () => ({
    focus: () => {
      field.current?.focus({ preventScroll: true });
      void loadEditor().catch(() => undefined);
    },
    setHtml: (next) => setText(plainOf(next)),
    hasFocus: () => document.activeElement === field.current,
    insert: (more) => {
      const box = field.current!;
      const [before, behind] = [box.value.slice(0, box.selectionStart), box.value.slice(box.selectionEnd)];
      const next = before + plainOf(more) + behind;
      setText(next);
      // What this field cannot show is there when the rich one takes over.
      onChange(rich.test(more) ? textToHtml(before) + more + textToHtml(behind) : textToHtml(next), next);
      box.focus();
    },
    words: (words.current ??= plainWords(field, (next) => {
      setText(next);
      latest.current(textToHtml(next), next);
    })),
  }), [field, onChange]);
  return (
    <textarea
      ref={field} className={css.plain} rows={2} aria-label={label} placeholder={placeholder} value={text} dir="auto" lang={language || undefined}
      onCompositionStart={() => onComposing(true)} onCompositionEnd={() => onComposing(false)}
      onFocus={() => void loadEditor().catch(() => undefined)}
      onChange={(event) => {
        setText(event.target.value);
        onChange(textToHtml(event.target.value), event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Escape') onEscape();
        if (event.key === '/' && onSlash && /(^|\s)$/.test(event.currentTarget.value.slice(0, event.currentTarget.selectionStart))) {
          event.preventDefault();
          onSlash();
        }
      }}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (!takeLong(event.clipboardData, onFiles)) {
          if (!files.length) return;
          onFiles(files);
        }
        event.preventDefault();
      }}
    />
  );
}

/** The lines of HTML that was made of lines. */
export function plainOf(html: string): string {
  if (!html) return '';
  const body = new DOMParser().parseFromString(html.replace(/<br\s*\/?>/gi, '\n'), 'text/html').body;
  const blocks = [...body.children];
  return blocks.length ? blocks.map((block) => block.textContent ?? '').join('\n') : (body.textContent ?? '');
}
