import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { agentsQuery, can, meQuery, tagsQuery, teamsQuery } from '@/api/directory';
import { replyKeys, type ReplyActions, type ReplyKind, type SavedReply } from '@/api/replies';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { currentLocale, localeNames, locales, useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select, Textarea } from '@/ui/Field';
import { toast } from '@/ui/Toast';
import { previewText, replyWrites } from './queries';
import { isPlain, toHtml, toText } from './text';
import css from './Replies.module.css';

const variables = [
  'customer.first_name', 'customer.name', 'customer.email', 'conversation.number', 'conversation.subject', 'agent.name', 'agent.first_name', 'inbox.name',
];

interface Values {
  name: string;
  folder: string;
  audience: 'all' | 'me';
  default_locale: string;
  texts: Record<string, string>;
  actions: ReplyActions;
}

/** Writes a saved reply or a macro: its text in each language, what it changes, and how it would look. */
export function ReplyDialog({ kind, reply, onClose }: { kind: ReplyKind; reply?: SavedReply; onClose: () => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const renews = [replyKeys.all];
  const change = useWrite(replyWrites.change, { renews, handled: true });
  const create = useWrite(replyWrites.create, { renews, handled: true });
  const mayShare = can(me, 'replies:manage');
  const readOnly = reply !== undefined && !reply.may_edit;
  const start: Values = {
    name: reply?.name ?? '', folder: reply?.folder ?? '', audience: (reply ? reply.shared : mayShare) ? 'all' : 'me',
    default_locale: reply?.default_locale ?? currentLocale().slice(0, 2), texts: reply?.texts ?? {}, actions: reply?.actions ?? {},
  };
  const [locale, setLocale] = useState(start.default_locale);
  const form = useForm<Values>(start, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: async ({ audience, texts, ...rest }) => {
      // A language that was emptied is gone; the first of those left is the main one.
      const left = Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
      const main = left[rest.default_locale] ? rest.default_locale : (Object.keys(left)[0] ?? rest.default_locale);
      const body = { ...rest, default_locale: main as 'en', texts: left, shared: audience === 'all' };
      if (reply) await change.mutateAsync({ kind, id: reply.id, ...body, version: reply.version });
      else await create.mutateAsync({ kind, ...body });
      onClose();
      toast({ text: t('ui.saved') });
    },
  });
  const { values } = form;
  const setText = (html: string) => form.set('texts', { ...values.texts, [locale]: html });
  const title = reply ? reply.name : t(kind === 'macros' ? 'replies.new_macro' : 'replies.new');
  return (
    <Dialog
      title={title} onClose={onClose} wide
      actions={
        <>
          {reply && !readOnly && (
            <Button variant="ghost" onClick={() => change.mutate({ kind, id: reply.id, reviewed: true }, { onSuccess: () => (toast({ text: t('replies.reviewed_now') }), onClose()) })}>{t('replies.review')}</Button>
          )}
          <span className="grow" />
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          {!readOnly && <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('ui.save')}</Button>}
        </>
      }
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        {readOnly && <Banner tone="info">{t('replies.read_only')}</Banner>}
        <div className={css.two}>
          <Input label={t('replies.name')} maxLength={120} autoComplete="off" {...form.text('name')} />
          <Input label={t('replies.folder')} help={t('replies.folder_help')} maxLength={120} autoComplete="off" {...form.text('folder')} />
          <Select
            label={t('replies.audience')} {...form.choice('audience')} disabled={!mayShare}
            options={[{ value: 'all', label: t('replies.for_all') }, { value: 'me', label: t('replies.for_me') }]}
          />
        </div>
        {kind === 'macros' && <Actions value={values.actions} onChange={(actions) => form.set('actions', actions)} error={form.errorOf('actions')} />}
        <div>
          <div className={css.languages} role="group" aria-label={t('replies.language')}>
            {locales.map((one) => (
              <button key={one} type="button" aria-pressed={one === locale} className={clsx(css.language, one === locale && css.on, !values.texts[one] && css.empty)} onClick={() => setLocale(one)}>
                {localeNames[one]}{values.texts[one] ? '' : ' +'}
              </button>
            ))}
          </div>
          <TextField key={locale} html={values.texts[locale] ?? ''} optional={kind === 'macros'} error={form.errorOf(`texts.${locale}`)} onChange={setText} />
        </div>
        <Preview html={values.texts[locale] ?? ''} />
      </form>
    </Dialog>
  );
}

function TextField({ html, optional, error, onChange }: { html: string; optional: boolean; error: string | undefined; onChange: (html: string) => void }) {
  const t = useT();
  const box = useRef<HTMLTextAreaElement>(null);
  const [plain] = useState(() => isPlain(html));
  const [text, setText] = useState(() => (plain ? toText(html) : html));
  const change = (next: string) => {
    setText(next);
    onChange(plain ? toHtml(next) : next);
  };
  const insert = (name: string) => {
    const field = box.current!;
    const word = `{{ ${name} }}`;
    change(text.slice(0, field.selectionStart) + word + text.slice(field.selectionEnd));
    const at = field.selectionStart + word.length;
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(at, at);
    });
  };
  return (
    <>
      <Textarea
        ref={box} rows={8} dir="auto" label={t(optional ? 'replies.body_optional' : 'replies.body')} help={plain ? undefined : t('replies.html_help')} error={error} value={text}
        onChange={(event) => change(event.target.value)}
      />
      <div className={css.variables} role="group" aria-label={t('replies.variables')}>
        {variables.map((name) => <button key={name} type="button" className={css.variable} onClick={() => insert(name)}>{name}</button>)}
      </div>
    </>
  );
}

// As an invented customer would read it.
function Preview({ html }: { html: string }) {
  const t = useT();
  const asked = useDeferredValue(useSlow(html, 300));
  const found = useQuery({ queryKey: ['replies', 'preview', asked], queryFn: () => previewText(asked), enabled: asked !== '', staleTime: Infinity, retry: false });
  if (!asked) return null;
  return (
    <section aria-live="polite">
      <div className={css.legend}>{t('replies.preview')}</div>
      {found.isError ? <Banner tone="warn">{problemText(found.error)}</Banner> : <div className={css.preview} dir="auto">{found.data?.text}</div>}
      {(found.data?.missing.length ?? 0) > 0 && <Banner tone="warn">{t('replies.missing', { names: found.data!.missing.join(', ') })}</Banner>}
    </section>
  );
}

function useSlow(value: string, ms: number): string {
  const [slow, setSlow] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return slow;
}

const statuses = ['open', 'pending', 'closed', 'spam', 'trash'] as const;
const priorities = ['low', 'normal', 'high', 'urgent'] as const;
const names = (text: string) => text.split(',').map((one) => one.trim()).filter(Boolean);

function Actions({ value, onChange, error }: { value: ReplyActions; onChange: (value: ReplyActions) => void; error: string | undefined }) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const [add, setAdd] = useState((value.add_tags ?? []).join(', '));
  const [drop, setDrop] = useState((value.remove_tags ?? []).join(', '));
  const stay = { value: '', label: t('replies.stays') };
  const set = (part: Partial<ReplyActions>) => {
    // What is not set is not sent.
    onChange(Object.fromEntries(Object.entries({ ...value, ...part }).filter(([, one]) => one !== undefined && one !== '' && one !== false)) as ReplyActions);
  };
  const status = value.snooze_hours ? `snooze-${value.snooze_hours}` : (value.status ?? '');
  const assignee = value.assign_me ? 'me' : value.assignee_id === undefined ? '' : String(value.assignee_id);
  return (
    <fieldset>
      <legend className={css.legend}>{t('replies.actions')}</legend>
      {error && <Banner tone="bad">{error}</Banner>}
      <div className={css.two}>
        <Select
          label={t('replies.status')} value={status}
          onChange={(next) => set(next.startsWith('snooze-') ? { snooze_hours: Number(next.slice(7)), status: undefined } : { status: (next || undefined) as ReplyActions['status'], snooze_hours: undefined })}
          options={[stay, ...statuses.map((one) => ({ value: one, label: t(`status.${one}`) })), ...[24, 72, 168].map((hours) => ({ value: `snooze-${hours}`, label: t('replies.snooze', { count: hours / 24 }) }))]}
        />
        <Select
          label={t('filter.priority')} value={value.priority ?? ''} onChange={(next) => set({ priority: (next || undefined) as ReplyActions['priority'] })}
          options={[stay, ...priorities.map((one) => ({ value: one, label: t(`priority.${one}`) }))]}
        />
        <Select
          label={t('filter.assignee')} value={assignee} onChange={(next) => set({ assign_me: next === 'me', assignee_id: next === '' || next === 'me' ? undefined : Number(next) })}
          options={[stay, { value: 'me', label: t('replies.assign_me') }, { value: '0', label: t('picker.nobody') }, ...(agents ?? []).filter((one) => one.active).map((one) => ({ value: String(one.id), label: one.name }))]}
        />
        <Select
          label={t('filter.team')} value={value.team_id === undefined ? '' : String(value.team_id)} onChange={(next) => set({ team_id: next === '' ? undefined : Number(next) })}
          options={[stay, { value: '0', label: t('picker.no_team') }, ...(teams ?? []).map((one) => ({ value: String(one.id), label: one.name }))]}
        />
        <Input label={t('replies.add_tags')} list="reply-tags" value={add} onChange={(event) => (setAdd(event.target.value), set({ add_tags: names(event.target.value) }))} help={t('replies.tags_help')} />
        <Input label={t('replies.remove_tags')} list="reply-tags" value={drop} onChange={(event) => (setDrop(event.target.value), set({ remove_tags: names(event.target.value) }))} />
        <datalist id="reply-tags">{(tags ?? []).map((tag) => <option key={tag.id} value={tag.name} />)}</datalist>
      </div>
      <Textarea label={t('replies.note')} rows={2} value={value.note ?? ''} onChange={(event) => set({ note: event.target.value })} />
    </fieldset>
  );
}
