import type { ConversationItem, Id } from '@/api/types';
import { catalog, findCommand, keysOf, runCommand, type CommandId } from '@/lib/commands';
import { useT, type MessageKey } from '@/lib/i18n';
import { useStore } from '@/lib/store';
import { Banner } from '@/ui/Banner';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Kbd } from '@/ui/Kbd';
import { DueChip } from '@/ui/DueChip';
import { failures, keepTicked, ticked, whole } from './state';
import css from './BulkPane.module.css';

const actions: readonly CommandId[] = [
  'conversation.reply',
  'conversation.close_next', 'conversation.reopen', 'conversation.snooze', 'conversation.assign', 'conversation.assign_me', 'conversation.tag',
  'conversation.fields', 'conversation.priority', 'conversation.move', 'conversation.merge', 'conversation.mark_read', 'conversation.unread', 'conversation.spam', 'conversation.trash',
];

const names: Partial<Record<CommandId, MessageKey>> = { 'conversation.close_next': 'thread.close', 'conversation.reply': 'bulk.reply' };
// Merging is about some that are in sight.
const notForAll = new Set<CommandId>(['conversation.merge', 'conversation.mark_read', 'conversation.unread']);

/** Stands in the place of the thread while several conversations are ticked: what they share and what can be done. */
export function BulkPane() {
  const t = useT();
  const marks = useStore(ticked);
  const failed = useStore(failures);
  const everything = useStore(whole) !== undefined;
  const items = [...marks.values()];
  const oldest = items.filter((item) => item.due_at).sort((a, b) => a.due_at!.localeCompare(b.due_at!))[0];
  const assignees = new Set(items.map((item) => item.assignee?.name ?? ''));
  const shared = items[0]?.tags.filter((tag) => items.every((item) => item.tags.some((one) => one.id === tag.id))) ?? [];
  return (
    <main id="main" tabIndex={-1} className={css.pane}>
      <header className={css.bar}>
        <h2 className="grow">{everything ? t('bulk.everything') : t('bulk.title', { count: marks.size })}</h2>
        <IconButton icon="x" label={t('bulk.clear')} keys="Escape" onClick={() => keepTicked()} />
      </header>
      <div className={css.body}>
        {failed.size > 0 && (
          <div className={css.failed}>
            <Banner tone="bad">
              {t('bulk.failed', { count: failed.size })}
              <ul>
                {[...failed].map(([id, reason]) => <li key={id}><bdi>{nameOf(marks.get(id), id)}</bdi>: {reason}</li>)}
              </ul>
            </Banner>
          </div>
        )}
        <section>
          <h3 className={css.head}>{t('bulk.common')}</h3>
          <dl className={css.card}>
            <div className={css.fact}><dt>{t('bulk.oldest')}</dt><dd>{oldest?.due_at ? <DueChip due={oldest.due_at} since={oldest.waiting_since} words /> : t('bulk.none')}</dd></div>
            <div className={css.fact}><dt>{t('filter.assignee')}</dt><dd><bdi>{assignees.size > 1 ? t('bulk.several') : [...assignees][0] || t('row.unassigned')}</bdi></dd></div>
            <div className={css.fact}><dt>{t('bulk.shared_tag')}</dt><dd><bdi>{shared.map((tag) => tag.name).join(', ') || t('bulk.none')}</bdi></dd></div>
          </dl>
        </section>
        <section>
          <h3 className={css.head}>{t('bulk.actions')}</h3>
          <div className={css.card}>
            {actions.filter((id) => findCommand(id) && !(everything && notForAll.has(id))).map((id) => (
              <button key={id} type="button" className={css.action} data-picker={id} onClick={() => runCommand(id)}>
                <Icon name={catalog[id].icon} />
                <span className="grow">{t(names[id] ?? catalog[id].title)}</span>
                {keysOf(id) && <Kbd keys={keysOf(id)!} />}
              </button>
            ))}
          </div>
        </section>
      </div>
    </main>
  );
}

// Whom it is about, and which of theirs.
function nameOf(item: ConversationItem | undefined, id: Id): string {
  return item ? [item.customer.name || item.customer.email, item.subject].filter(Boolean).join(' · ') : `#${id}`;
}

/** The same on a phone: a line of buttons at the foot of the list. */
export function BulkBar() {
  const t = useT();
  return (
    <div className={css.phoneBar} role="toolbar" aria-label={t('bulk.actions')}>
      {(['conversation.reply', 'conversation.close_next', 'conversation.assign', 'conversation.tag', 'conversation.snooze', 'conversation.spam'] as const)
        .filter((id) => findCommand(id))
        .map((id) => (
          <IconButton key={id} icon={catalog[id].icon} size={20} label={t(catalog[id].title)} data-picker={id} onClick={() => runCommand(id)} />
        ))}
    </div>
  );
}
