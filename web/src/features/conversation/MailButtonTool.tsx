import type { Editor } from '@tiptap/core';
import { useRef, useState } from 'react';
import { useT, type MessageKey } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Input, Select } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { linkTo, type MailButtonAttrs } from './mailButton';
import css from './Composer.module.css';

const aims = ['link', 'survey', 'appointment', 'article'] as const;
type Aim = (typeof aims)[number];
const named = (aim: Aim): MessageKey => `composer.button_${aim}`;
const worded = (aim: Aim): MessageKey => `composer.button_words_${aim}`;

/** Puts a button into the text, or changes the one that is chosen. */
export function MailButtonTool({ editor }: { editor: Editor }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen = editor.isActive('mailButton');
  return (
    <>
      <IconButton
        ref={anchor} icon="button" label={t('composer.button')} on={chosen} aria-haspopup="dialog" aria-expanded={open}
        onPointerDown={(event) => event.preventDefault()} onClick={() => setOpen(true)}
      />
      {open && (
        <Popover anchor={anchor} side="top" label={t('composer.button')} onClose={() => setOpen(false)}>
          <ButtonForm
            start={chosen ? (editor.getAttributes('mailButton') as MailButtonAttrs) : undefined}
            onSet={(attrs) => {
              setOpen(false);
              if (chosen) editor.chain().updateAttributes('mailButton', attrs).run();
              else editor.chain().insertContent([{ type: 'mailButton', attrs }, { type: 'paragraph' }]).run();
              editor.view.focus();
            }}
          />
        </Popover>
      )}
    </>
  );
}

function ButtonForm({ start, onSet }: { start: MailButtonAttrs | undefined; onSet: (attrs: MailButtonAttrs) => void }) {
  const t = useT();
  const [aim, setAim] = useState<Aim>('link');
  const [label, setLabel] = useState(start?.label ?? t(worded('link')));
  const [address, setAddress] = useState(start?.href ?? '');
  const [tried, setTried] = useState(false);
  const href = linkTo(address);
  return (
    <form
      className={css.buttonForm} noValidate
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setTried(true);
        if (href && label.trim()) onSet({ href, label: label.trim() });
      }}
    >
      {!start && (
        <Select
          label={t('composer.button_to')} value={aim} options={aims.map((one) => ({ value: one, label: t(named(one)) }))}
          onChange={(next) => {
            if (!label.trim() || label === t(worded(aim))) setLabel(t(worded(next)));
            setAim(next);
          }}
        />
      )}
      <Input label={t('composer.button_label')} maxLength={80} dir="auto" autoComplete="off" value={label} error={tried && !label.trim() ? t('ui.required') : undefined} onChange={(event) => setLabel(event.target.value)} />
      <Input
        label={t('composer.button_address')} type="url" maxLength={2000} autoComplete="off" value={address} error={tried && !href ? t('composer.button_wrong') : undefined}
        onChange={(event) => setAddress(event.target.value)}
      />
      <Button type="submit" variant="primary" size="sm">{t(start ? 'ui.save' : 'composer.button_set')}</Button>
    </form>
  );
}
