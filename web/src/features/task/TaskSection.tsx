import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can, meQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { useT } from '@/lib/i18n';
import { tasksQuery, useAddTasks } from './queries';
import { TaskLine } from './TaskLine';
import css from './Task.module.css';

/** What is to be done about the conversation. Several lines that are pasted become a checklist. */
export function TaskSection({ id }: { id: Id }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: tasks } = useQuery(tasksQuery(id));
  const [text, setText] = useState('');
  const add = useAddTasks(id);
  const mayChange = can(me, 'conversations:note');
  if (!tasks || (!tasks.length && !mayChange)) return null;
  const make = (lines: string[]) => {
    const list = lines.map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim()).filter(Boolean).slice(0, 50);
    if (!list.length || add.isPending) return;
    add.mutate(list.map((line) => ({ text: line, assignee_id: me?.id })), { onSuccess: () => setText('') });
  };
  const open = tasks.filter((one) => !one.done_at).length;
  return (
    <section aria-label={t('tasks.title')}>
      <div className={css.head}>
        <h3>{t('tasks.title')}</h3>
        {tasks.length > 0 && <span className="num">{t('tasks.progress', { done: tasks.length - open, all: tasks.length })}</span>}
      </div>
      {tasks.length > 0 && <ul className={css.list}>{tasks.map((task) => <TaskLine key={task.id} task={task} mayChange={mayChange} />)}</ul>}
      {mayChange && (
        <form onSubmit={(event) => {
          event.preventDefault();
          make([text]);
        }}>
          <input
            className={css.add} value={text} dir="auto" maxLength={500} aria-label={t('tasks.add')} placeholder={t('tasks.add')}
            onChange={(event) => setText(event.target.value)}
            onPaste={(event) => {
              const lines = event.clipboardData.getData('text').split(/\r?\n/);
              if (text || lines.filter((line) => line.trim()).length < 2) return;
              event.preventDefault();
              make(lines);
            }}
          />
        </form>
      )}
    </section>
  );
}
