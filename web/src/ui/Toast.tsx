import { useEffect, useId, useRef, useState } from 'react';
import { announce } from '@/lib/announce';
import { keysOf, useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { createStore, useStore } from '@/lib/store';
import { Icon } from './Icon';
import { IconButton } from './IconButton';
import { Kbd } from './Kbd';
import css from './Toast.module.css';

export interface ToastOptions {
  text: string;
  /** Takes the action back; the toast then offers Undo and the key for it. */
  undo?: () => void;
  /** Another offer, such as Retry. */
  action?: { label: string; run: () => void };
  tone?: 'ok' | 'bad';
  /** Milliseconds on screen; 8 s unless told, errors stay until they are closed. */
  duration?: number;
}

interface Entry extends ToastOptions {
  id: number;
}

const entries = createStore<readonly Entry[]>([]);
const most = 3;
let nextId = 1;

/** Says what just happened. Answers how to take the toast away early. */
export function toast(options: ToastOptions): () => void {
  const id = nextId++;
  // The same fault twice is one to read.
  entries.set((now) => [...now.filter((entry) => entry.tone !== 'bad' || entry.text !== options.text), { ...options, id }].slice(-most));
  announce(options.text, options.tone === 'bad' ? 'assertive' : 'polite');
  return () => dismiss(id);
}

function dismiss(id: number) {
  entries.set((now) => now.filter((entry) => entry.id !== id));
}

/** The place where toasts appear; rendered once, by the shell. */
export function Toasts() {
  const list = useStore(entries);
  const undoable = list.findLast((entry) => entry.undo);
  useCommand('app.undo', () => run(undoable!), undoable !== undefined);
  if (list.length === 0) return null;
  return (
    <div className={css.region}>
      {list.map((entry) => <ToastBox key={entry.id} entry={entry} hasKey={entry === undoable} />)}
    </div>
  );
}

function run(entry: Entry) {
  dismiss(entry.id);
  entry.undo?.();
}

function ToastBox({ entry, hasKey }: { entry: Entry; hasKey: boolean }) {
  const t = useT();
  const duration = entry.duration ?? (entry.tone === 'bad' ? Infinity : 8000);
  const about = useId();
  const held = useRef(false);
  const [left, setLeft] = useState(duration);

  useEffect(() => {
    if (duration === Infinity) return;
    const timer = setInterval(() => {
      if (!held.current && document.visibilityState === 'visible') setLeft((now) => now - 1000);
    }, 1000);
    return () => clearInterval(timer);
  }, [duration]);

  useEffect(() => {
    if (left <= 0) dismiss(entry.id);
  }, [left, entry.id]);

  const hold = () => {
    held.current = true;
  };
  const release = () => {
    held.current = false;
  };
  return (
    <div className={css.toast} onPointerEnter={hold} onPointerLeave={release} onFocus={hold} onBlur={release}>
      <Icon name={entry.tone === 'bad' ? 'stop' : 'checkCircle'} className={entry.tone === 'bad' ? css.bad : css.ok} />
      <span id={about} className={css.text}>{entry.text}</span>
      {entry.undo && duration !== Infinity && <span className={css.left} aria-hidden="true">{clock(left)}</span>}
      {entry.undo && (
        <button type="button" aria-describedby={about} className={css.action} onClick={() => run(entry)}>
          {t('ui.undo')}
          {hasKey && <Kbd keys={keysOf('app.undo')!} />}
        </button>
      )}
      {entry.action && (
        <button
          type="button"
          aria-describedby={about}
          className={css.action}
          onClick={() => {
            dismiss(entry.id);
            entry.action!.run();
          }}
        >
          {entry.action.label}
        </button>
      )}
      {duration === Infinity && <IconButton icon="x" label={t('ui.dismiss')} aria-describedby={about} className={css.close} onClick={() => dismiss(entry.id)} />}
    </div>
  );
}

function clock(ms: number): string {
  return `0:${String(Math.max(0, Math.round(ms / 1000))).padStart(2, '0')}`;
}
