import { useQuery } from '@tanstack/react-query';
import { agentsQuery } from '@/api/directory';
import type { ReplyActions } from '@/api/replies';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Input, Select } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import css from './Replies.module.css';

type GivenTask = NonNullable<ReplyActions['tasks']>[number];

const days = [0, 1, 2, 3, 7, 14, 30];
const most = 20;

interface Props {
  tasks: readonly GivenTask[];
  onChange: (tasks: GivenTask[]) => void;
}

/** What is to be done about each conversation in which this is used: a checklist, or a follow-up on a later day. */
export function ReplyTasks({ tasks, onChange }: Props) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const set = (index: number, part: Partial<GivenTask>) => onChange(tasks.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const people = (task: GivenTask) => [
    { value: 'me', label: t('replies.assign_me') }, { value: '0', label: t('tasks.nobody') },
    ...(agents ?? []).filter((one) => one.active || one.id === task.assignee_id).map((one) => ({ value: String(one.id), label: one.name })),
  ];
  // Several lines that are pasted are several tasks.
  const paste = (index: number, text: string): boolean => {
    const lines = text.split(/\r?\n/).map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim()).filter(Boolean);
    if (lines.length < 2 || tasks[index]!.text) return false;
    onChange([...tasks.slice(0, index), ...lines.map((line) => ({ ...tasks[index]!, text: line })), ...tasks.slice(index + 1)].slice(0, most));
    return true;
  };
  return (
    <fieldset>
      <legend className={css.legend}>{t('replies.tasks')}</legend>
      <p className={css.hint}>{t('replies.tasks_help')}</p>
      <ul className={css.tasks}>
        {tasks.map((task, index) => (
          <li key={index} className={css.task}>
            <Input
              label={t('tasks.text')} hideLabel placeholder={t('tasks.text')} dir="auto" maxLength={500} autoComplete="off" className={css.taskText} value={task.text}
              onChange={(event) => set(index, { text: event.target.value })} onPaste={(event) => paste(index, event.clipboardData.getData('text')) && event.preventDefault()}
            />
            <Select
              label={t('tasks.assignee')} hideLabel value={task.assign_me ? 'me' : String(task.assignee_id ?? 0)} options={people(task)}
              onChange={(next) => set(index, next === 'me' ? { assign_me: true, assignee_id: undefined } : { assign_me: undefined, assignee_id: Number(next) || undefined })}
            />
            <Select
              label={t('replies.task_due')} hideLabel value={task.due_days === undefined ? '' : String(task.due_days)} onChange={(next) => set(index, { due_days: next === '' ? undefined : Number(next) })}
              options={[{ value: '', label: t('replies.task_no_day') }, ...[...new Set([...days, ...(task.due_days === undefined ? [] : [task.due_days])])].sort((a, b) => a - b).map((one) => ({ value: String(one), label: t('replies.task_days', { count: one }) }))]}
            />
            <IconButton icon="x" label={t('replies.task_remove', { text: task.text })} onClick={() => onChange(tasks.filter((_, at) => at !== index))} />
          </li>
        ))}
      </ul>
      {tasks.length < most && <Button size="sm" variant="ghost" icon="plus" onClick={() => onChange([...tasks, { text: '', assign_me: true }])}>{t('replies.task_add')}</Button>}
    </fieldset>
  );
}
