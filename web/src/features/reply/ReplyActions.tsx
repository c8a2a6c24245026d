import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery, tagsQuery, teamsQuery } from '@/api/directory';
import type { ReplyActions as Actions } from '@/api/replies';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Input, Select, Textarea } from '@/ui/Field';
import css from './Replies.module.css';

const statuses = ['open', 'pending', 'closed', 'spam', 'trash'] as const;
const priorities = ['low', 'normal', 'high', 'urgent'] as const;
const snoozes = [24, 72, 168];
const names = (text: string) => text.split(',').map((one) => one.trim()).filter(Boolean);

interface Props {
  value: Actions;
  onChange: (value: Actions) => void;
  error: string | undefined;
}

/** What a macro changes beside its text. */
export function ReplyActions({ value, onChange, error }: Props) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const [add, setAdd] = useState((value.add_tags ?? []).join(', '));
  const [drop, setDrop] = useState((value.remove_tags ?? []).join(', '));
  const stay = { value: '', label: t('replies.stays') };
  const set = (part: Partial<Actions>) => {
    // What is not set is not sent.
    onChange(Object.fromEntries(Object.entries({ ...value, ...part }).filter(([, one]) => one !== undefined && one !== '' && one !== false)) as Actions);
  };
  const status = value.snooze_hours ? `snooze-${value.snooze_hours}` : (value.status ?? '');
  const hours = [...new Set([...snoozes, ...(value.snooze_hours ? [value.snooze_hours] : [])])].sort((a, b) => a - b);
  const assignee = value.assign_me ? 'me' : value.assignee_id === undefined ? '' : String(value.assignee_id);
  return (
    <fieldset>
      <legend className={css.legend}>{t('replies.actions')}</legend>
      {error && <Banner tone="bad">{error}</Banner>}
      <div className={css.two}>
        <Select
          label={t('replies.status')} value={status}
          onChange={(next) => set(next.startsWith('snooze-') ? { snooze_hours: Number(next.slice(7)), status: undefined } : { status: (next || undefined) as Actions['status'], snooze_hours: undefined })}
          options={[stay, ...statuses.map((one) => ({ value: one, label: t(`status.${one}`) })), ...hours.map((one) => ({ value: `snooze-${one}`, label: one % 24 ? t('replies.snooze_hours', { count: one }) : t('replies.snooze', { count: one / 24 }) }))]}
        />
        <Select
          label={t('filter.priority')} value={value.priority ?? ''} onChange={(next) => set({ priority: (next || undefined) as Actions['priority'] })}
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
