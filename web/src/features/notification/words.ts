import type { MessageKey } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';
import type { Notification, NotificationKind } from './queries';

/** The drawing of each kind. */
export const kindIcons: Record<NotificationKind, IconName> = {
  mention: 'at', assigned: 'user', customer_reply: 'mail', side_reply: 'box', task_assigned: 'checkCircle', reply_failed: 'warn', reply_held: 'stop', draft_taken: 'pencil', inbox_quiet: 'inbox',
};

/** What each kind is called among the settings. */
export const kindTitles: Record<NotificationKind, MessageKey> = {
  mention: 'notifications.on_mention', assigned: 'notifications.on_assigned', customer_reply: 'notifications.on_customer_reply',
  side_reply: 'notifications.on_side_reply', task_assigned: 'notifications.on_task_assigned',
  reply_failed: 'notifications.on_reply_failed', reply_held: 'notifications.on_reply_held', draft_taken: 'notifications.on_draft_taken', inbox_quiet: 'notifications.on_inbox_quiet',
};

/** The sentence that says what happened; it may name who did it. */
export function sentenceOf({ kind, actor }: Pick<Notification, 'kind' | 'actor'>): MessageKey {
  switch (kind) {
    case 'mention':
      return 'notifications.mention';
    case 'assigned':
      return actor.name ? 'notifications.assigned' : 'notifications.assigned_by_desk';
    case 'customer_reply':
      return actor.name ? 'notifications.customer_reply' : 'notifications.customer_replied';
    case 'side_reply':
      return 'notifications.side_reply';
    case 'task_assigned':
      return 'notifications.task_assigned';
    case 'reply_failed':
      return 'notifications.reply_failed';
    case 'reply_held':
      return 'notifications.reply_held';
    case 'draft_taken':
      return 'notifications.draft_taken';
    case 'inbox_quiet':
      return 'notifications.inbox_quiet';
  }
}
