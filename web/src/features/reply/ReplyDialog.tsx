import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { agentsQuery, can, meQuery } from '@/api/directory';
import { repliesQuery, replyKeys, type ReplyActions as Actions, type ReplyKind, type SavedReply } from '@/api/replies';
import type { Attachment } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { dayOf, endOfDay } from '@/lib/days';
import { currentLocale, localeNames, locales, useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { toast } from '@/ui/Toast';
import { replyWrites } from './queries';
import { ReplyActions } from './ReplyActions';
import { ReplyPreview } from './ReplyPreview';
import { ReplyTasks } from './ReplyTasks';
import { ReplyTexts } from './ReplyTexts';
import type { Slots } from './slots';
import css from './Replies.module.css';

interface Values {
  name: string;
  folder: string;
  audience: 'all' | 'me';
  owner_id: number;
  expires: string;
  default_locale: string;
  texts: Record<string, string>;
  actions: Actions;
  attachments: readonly Attachment[];
}

interface Props extends Slots {
  kind: ReplyKind;
  reply?: SavedReply;
  onClose: () => void;
}

/** Writes a saved reply or a macro: its text in each language, what it changes, and how it would look. */
export function ReplyDialog({ kind, reply, onClose, Field, Shown }: Props) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: agents } = useQuery(agentsQuery);
  const { data: all } = useQuery(repliesQuery(kind));
  const renews = [replyKeys.all];
  const change = useWrite(replyWrites.change, { renews, handled: true });
  const create = useWrite(replyWrites.create, { renews, handled: true });
  const mayShare = can(me, 'replies:manage');
  const readOnly = reply !== undefined && !reply.may_edit;
  const [start] = useState(() => startOf(reply, mayShare));
  const [locale, setLocale] = useState(start.default_locale);
  const [leaving, setLeaving] = useState(false);
  const texts = useRef(start.texts);
  const attached = useRef(start.attachments);
  const form = useForm<Values>(start, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async (values) => {
      const body = bodyOf(values, mayShare);
      if (!reply) await create.mutateAsync({ kind, ...body, expires_at: values.expires ? endOfDay(values.expires) : undefined });
      else {
        const expires = values.expires === start.expires ? {} : values.expires ? { expires_at: endOfDay(values.expires) } : { no_expires_at: true };
        const owner = values.owner_id === start.owner_id ? {} : { owner_id: values.owner_id };
        await change.mutateAsync({ kind, id: reply.id, ...body, ...expires, ...owner, version: reply.version });
      }
      onClose();
      toast({ text: t('ui.saved') });
    },
  });
  const { values } = form;
  // Two fields may change in one moment, such as a picture that arrives while a word is typed beside it.
  const setText = (of: string, html: string) => form.set('texts', texts.current = { ...texts.current, [of]: html });
  const setAttached = (how: (now: readonly Attachment[]) => readonly Attachment[]) => form.set('attachments', attached.current = how(attached.current));
  const close = () => (form.dirty && !readOnly ? setLeaving(true) : onClose());

  const folders = [...new Set((all ?? []).map((one) => one.folder))].filter(Boolean).sort();
  const title = reply ? reply.name : t(kind === 'macros' ? 'replies.new_macro' : 'replies.new');
  const owners = (agents ?? []).filter((one) => one.active || one.id === start.owner_id);
  return (
    <Dialog
      title={title} onClose={close} full
      actions={
        <>
          {reply && !readOnly && (
            <Button variant="ghost" onClick={() => change.mutate({ kind, id: reply.id, reviewed: true }, { onSuccess: () => (toast({ text: t('replies.reviewed_now') }), onClose()) })}>{t('replies.review')}</Button>
          )}
          <span className="grow" />
          <Button variant="ghost" onClick={close}>{t('ui.cancel')}</Button>
          {!readOnly && <Button variant="primary" keys="mod+Enter" busy={form.busy} onClick={() => void form.submit()}>{t('ui.save')}</Button>}
        </>
      }
    >
      <div
        className={css.form}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !readOnly) void form.submit();
        }}
      >
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        {readOnly && <Banner tone="info">{t('replies.read_only')}</Banner>}
        <form className={css.three} {...form.props}>
          <Input label={t('replies.name')} maxLength={120} autoComplete="off" {...form.text('name')} />
          <Input label={t('replies.folder')} placeholder={t('replies.folder_example')} maxLength={120} autoComplete="off" list="reply-folders" {...form.text('folder')} />
          <datalist id="reply-folders">{folders.map((one) => <option key={one} value={one} />)}</datalist>
          <Select
            label={t('replies.audience')} {...form.choice('audience')} disabled={!mayShare}
            options={[{ value: 'all', label: t('replies.for_all') }, { value: 'me', label: t('replies.for_me') }]}
          />
          {reply && values.audience === 'all' && (
            <Select
              label={t('replies.owner')} value={String(values.owner_id)} disabled={!mayShare} error={form.errorOf('owner_id')}
              onChange={(next) => form.set('owner_id', Number(next))} options={owners.map((one) => ({ value: String(one.id), label: one.name }))}
            />
          )}
          <Input label={t('replies.expires')} type="date" {...form.text('expires')} />
          <Select
            label={t('replies.main')} help={t('replies.main_help')} {...form.choice('default_locale')}
            options={locales.map((one) => ({ value: one as string, label: localeNames[one] }))}
          />
          <button type="submit" hidden tabIndex={-1} />
        </form>
        <ReplyTexts
          Field={Field} texts={values.texts} main={values.default_locale} locale={locale} attached={values.attachments} optional={kind === 'macros'}
          errorOf={(of) => form.errorOf(`texts.${of}`)} onLocale={setLocale} onText={setText} onAttached={setAttached}
        />
        <ReplyPreview html={values.texts[locale] ?? ''} locale={locale} Shown={Shown} />
        {kind === 'macros' && <ReplyActions value={values.actions} onChange={(actions) => form.set('actions', actions)} error={form.errorOf('actions')} />}
        <ReplyTasks tasks={values.actions.tasks ?? []} onChange={(tasks) => form.set('actions', withTasks(values.actions, tasks))} />
      </div>
      {leaving && <Confirm title={t('ui.leave_title')} text={t('ui.leave_text')} label={t('ui.discard')} onYes={onClose} onClose={() => setLeaving(false)} />}
    </Dialog>
  );
}

function startOf(reply: SavedReply | undefined, mayShare: boolean): Values {
  return {
    name: reply?.name ?? '', folder: reply?.folder ?? '', audience: (reply ? reply.shared : mayShare) ? 'all' : 'me', owner_id: reply?.owner_id ?? 0,
    expires: dayOf(reply?.expires_at ?? null), default_locale: reply?.default_locale ?? currentLocale().slice(0, 2), texts: reply?.texts ?? {}, actions: reply?.actions ?? {},
    attachments: (reply?.attachments ?? []).map((file) => ({ ...file, preview: false, blocked: '', malware: '', withheld_until: null, mail: false })),
  };
}

// A language that was emptied is gone; the first of those left is the main one.
function bodyOf({ name, folder, audience, default_locale: wanted, texts, actions, attachments }: Values, mayShare: boolean) {
  const left = Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
  const main = left[wanted] ? wanted : (Object.keys(left)[0] ?? wanted);
  const tasks = actions.tasks?.filter((one) => one.text.trim());
  return {
    name, folder, default_locale: main as 'en', texts: left, actions: withTasks(actions, tasks ?? []), attachment_ids: attachments.map((file) => file.id),
    shared: mayShare && audience === 'all',
  };
}

function withTasks({ tasks: _, ...rest }: Actions, tasks: NonNullable<Actions['tasks']>): Actions {
  return tasks.length ? { ...rest, tasks } : rest;
}
