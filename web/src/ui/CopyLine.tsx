import { useRef, useState } from 'react';
import { announce } from '@/lib/announce';
import { useT } from '@/lib/i18n';
import { Button } from './Button';
import css from './CopyLine.module.css';

/** A link or a key in one line, with a button that copies it. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current!.select();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Only https and localhost have a clipboard; the selected text can still be copied by key.
      if (!legacyCopy()) return;
    }
    setCopied(true);
    announce(t('ui.copied'));
  };
  return (
    <div className={css.line}>
      <input ref={field} className={css.text} aria-label={label} readOnly value={text} onFocus={(event) => event.target.select()} />
      <Button size="sm" variant="ghost" icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
        {copied ? t('ui.copied') : t('ui.copy')}
      </Button>
    </div>
  );
}

function legacyCopy(): boolean {
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  }
}
