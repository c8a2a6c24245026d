import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentsQuery } from '@/api/directory';
import { problemText } from '@/api/words';
import { dayOf, endOfDay } from '@/lib/days';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { useChangeTask, useDeleteTask, type Task } from './queries';
import css from './Task.module.css';

/** Changes what is to be done, whose it is and by when. */
export function TaskDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const [text, setText] = useState(task.text);
  const [assignee, setAssignee] = useState(String(task.assignee?.id ?? 0));
  const [day, setDay] = useState(dayOf(task.due_at));
  const change = useChangeTask(task);
  const remove = useDeleteTask(task);
  const save = () => {
    if (!text.trim()) return;
    const due = day === dayOf(task.due_at) ? {} : day ? { due_at: endOfDay(day) } : { no_due_at: true };
    change.mutate({ text, assignee_id: Number(assignee), ...due }, { onSuccess: onClose });
  };
  const people = (agents ?? []).filter((agent) => agent.active || agent.id === task.assignee?.id);
  return (
    <Dialog
      title={t('tasks.edit')} onClose={onClose}
      actions={<>
        <Button variant="ghost" icon="trash" busy={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: onClose })}>{t('tasks.delete')}</Button>
        <span className="grow" />
        <Button variant="primary" busy={change.isPending} onClick={save}>{t('ui.save')}</Button>
      </>}
    >
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        save();
      }}>
        <Input label={t('tasks.text')} value={text} dir="auto" maxLength={500} autoFocus error={text.trim() ? undefined : t('tasks.need_text')} onChange={(event) => setText(event.target.value)} />
        <Select label={t('tasks.assignee')} value={assignee} onChange={setAssignee} options={[{ value: '0', label: t('tasks.nobody') }, ...people.map((one) => ({ value: String(one.id), label: one.name }))]} />
        <Input label={t('tasks.due')} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        {change.error && <Banner tone="bad">{problemText(change.error)}</Banner>}
      </form>
    </Dialog>
  );
}
