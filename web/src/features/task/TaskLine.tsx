import { clsx } from 'clsx';
import { Suspense, useState } from 'react';
import { dueLabel } from '@/lib/days';
import { useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useNow } from '@/lib/now';
import { Link } from '@/lib/router';
import { Checkbox } from '@/ui/Toggle';
import { useChangeTask, type Task } from './queries';
import css from './Task.module.css';

const TaskDialog = lazyPart(() => import('./TaskDialog').then((module) => module.TaskDialog));

/** One thing to do: a box to tick, the words to change it by, whose it is and by when. */
export function TaskLine({ task, mayChange, withConversation }: { task: Task; mayChange: boolean; withConversation?: boolean }) {
  const t = useT();
  const now = useNow();
  const { mutate } = useChangeTask(task);
  const [editing, setEditing] = useState(false);
  const done = Boolean(task.done_at);
  const late = !done && task.due_at && Date.parse(task.due_at) < now;
  return (
    <li className={clsx(css.task, done && css.done)}>
      <Checkbox checked={done} disabled={!mayChange} aria-label={t('tasks.tick', { text: task.text })} onChange={(on) => mutate({ done: on })}>{null}</Checkbox>
      <div className={css.words}>
        {mayChange ? <button type="button" dir="auto" className={css.text} onClick={() => setEditing(true)}>{task.text}</button> : <span dir="auto" className={css.text}>{task.text}</span>}
        <span className={css.facts}>
          {withConversation
            ? <Link to="/conversations/$conversationId" params={{ conversationId: String(task.conversation_id) }}><bdi>{task.subject}</bdi></Link>
            : task.assignee && <bdi>{task.assignee.name}</bdi>}
          {task.due_at && !done && <time dateTime={task.due_at} className={clsx(late && css.late)}>{t(late ? 'tasks.was_due' : 'tasks.due_at', { time: dueLabel(task.due_at, now) })}</time>}
        </span>
      </div>
      {editing && <Suspense><TaskDialog task={task} onClose={() => setEditing(false)} /></Suspense>}
    </li>
  );
}
