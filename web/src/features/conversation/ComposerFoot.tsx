import { useRef, useState, type ReactNode } from 'react';
import { keysOf, runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import css from './Composer.module.css';

interface Props {
  tools?: ReactNode;
  note: boolean;
  /** Undefined where there are none. */
  formats: boolean | undefined;
  /** The reply is held back: read first. */
  off: boolean;
  onFormats: () => void;
  onAttach: () => void;
  onSend: () => void;
  onSendClose: () => void;
  onSendSnooze: () => void;
  onSendLater: () => void;
  onSaved: () => void;
  /** Given while there is something to discard. */
  discardKey: string | undefined;
}

/** Format, files, and the one button. */
export function ComposerFoot({ tools, note, formats, off, onFormats, onAttach, onSend, onSendClose, onSendSnooze, onSendLater, onSaved, discardKey }: Props) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <div className={css.foot}>
      {formats !== undefined && <IconButton icon="bold" label={t('composer.format')} on={formats} aria-pressed={formats} onClick={onFormats} />}
      <IconButton icon="clip" label={t('composer.attach')} onClick={onAttach} />
      <IconButton icon="chat" label={t('cmd.saved_reply')} keys={keysOf('conversation.saved_reply')} aria-haspopup="dialog" onClick={onSaved} />
      {tools}
      {discardKey && <IconButton icon="trash" label={t('cmd.discard_draft')} keys={discardKey} onClick={() => runCommand('conversation.discard_draft')} />}
      <span className="grow" />
      {note ? (
        <Button variant="note" size="sm" keys={keysOf('conversation.send')} onClick={onSend}>{t('composer.add_note')}</Button>
      ) : (
        <span className={css.split} title={off ? t('held.off') : undefined}>
          <Button variant="primary" size="sm" keys={keysOf('conversation.send')} disabled={off} className={css.send} onClick={onSend}>{t('cmd.send')}</Button>
          <button ref={anchor} type="button" className={css.sendMore} disabled={off} aria-label={t('composer.send_more')} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="down" size={14} />
          </button>
        </span>
      )}
      {open && (
        <Menu
          anchor={anchor} align="end" side="top" label={t('composer.send_more')} onClose={() => setOpen(false)}
          items={[
            { label: t('cmd.send'), icon: 'send', keys: keysOf('conversation.send'), run: onSend },
            { label: t('cmd.send_close'), icon: 'check', keys: keysOf('conversation.send_close'), run: onSendClose },
            { label: t('cmd.send_snooze'), icon: 'moon', run: () => setTimeout(onSendSnooze) },
            { label: t('cmd.send_later'), icon: 'clock', run: () => setTimeout(onSendLater) },
          ]}
        />
      )}
    </div>
  );
}
