import type { MessageKey } from '../i18n';
import type { IconName } from '../icons';

/** Where a command stands in the palette and on the shortcut sheet. */
export const sections = ['conversation', 'list', 'go', 'app'] as const;
export type Section = (typeof sections)[number];

export interface CommandSpec {
  title: MessageKey;
  section: Section;
  icon: IconName;
  /** Keys that run it; the first is the one shown. */
  keys?: readonly string[];
  /** Works while the caret is in a field too (keys with Mod always do). */
  whileTyping?: boolean;
  /** Left out of the palette: it moves something there is no point in searching for. */
  hidden?: boolean;
}

/**
 * Every command with keys of its own. Pages make them work with useCommand(id, run); the tooltip, the palette
 * and the shortcut sheet read the keys from here, so that they cannot disagree.
 */
const list = {
  'list.next': { title: 'cmd.list_next', section: 'list', icon: 'down', keys: ['j', 'ArrowDown'], hidden: true },
  'list.previous': { title: 'cmd.list_previous', section: 'list', icon: 'up', keys: ['k', 'ArrowUp'], hidden: true },
  'list.next_unread': { title: 'cmd.list_next_unread', section: 'list', icon: 'arrowDown', keys: ['shift+n'] },
  'list.open': { title: 'cmd.list_open', section: 'list', icon: 'arrowR', keys: ['Enter', 'o'], hidden: true },
  'list.back': { title: 'cmd.list_back', section: 'list', icon: 'arrowL', keys: ['u', 'Escape'], hidden: true },
  'list.select': { title: 'cmd.list_select', section: 'list', icon: 'check', keys: ['x'] },
  'list.select_range': { title: 'cmd.list_select_range', section: 'list', icon: 'checks', keys: ['shift+x'] },
  'list.select_all': { title: 'cmd.list_select_all', section: 'list', icon: 'checks', keys: ['mod+a'] },
  'list.layout': { title: 'cmd.list_layout', section: 'list', icon: 'table', keys: ['shift+l'] },
  'list.columns': { title: 'cmd.list_columns', section: 'list', icon: 'table' },
  'list.next_tab': { title: 'cmd.list_next_tab', section: 'list', icon: 'arrowR', keys: ['shift+j'] },
  'list.previous_tab': { title: 'cmd.list_previous_tab', section: 'list', icon: 'arrowL', keys: ['shift+k'] },
  'list.menu': { title: 'cmd.list_menu', section: 'list', icon: 'more', keys: ['.'], hidden: true },

  'conversation.reply': { title: 'cmd.reply', section: 'conversation', icon: 'reply', keys: ['r'] },
  'conversation.note': { title: 'cmd.note', section: 'conversation', icon: 'note', keys: ['n'] },
  'conversation.send': { title: 'cmd.send', section: 'conversation', icon: 'send', keys: ['mod+Enter'], hidden: true },
  'conversation.send_close': { title: 'cmd.send_close', section: 'conversation', icon: 'check', keys: ['mod+shift+Enter'], hidden: true },
  'conversation.saved_reply': { title: 'cmd.saved_reply', section: 'conversation', icon: 'chat', keys: ['mod+j'] },
  'conversation.send_snooze': { title: 'cmd.send_snooze', section: 'conversation', icon: 'moon' },
  'conversation.send_later': { title: 'cmd.send_later', section: 'conversation', icon: 'clock' },
  'conversation.share_draft': { title: 'cmd.share_draft', section: 'conversation', icon: 'users' },
  'conversation.discard_draft': { title: 'cmd.discard_draft', section: 'conversation', icon: 'trash', keys: ['mod+shift+Backspace'] },
  'conversation.close_next': { title: 'cmd.close_next', section: 'conversation', icon: 'check', keys: ['e'] },
  'conversation.close': { title: 'cmd.close', section: 'conversation', icon: 'check', keys: ['shift+e'] },
  'conversation.reopen': { title: 'cmd.reopen', section: 'conversation', icon: 'undo', keys: ['shift+o'] },
  'conversation.assign': { title: 'cmd.assign', section: 'conversation', icon: 'user', keys: ['a'] },
  'conversation.assign_me': { title: 'cmd.assign_me', section: 'conversation', icon: 'inbox', keys: ['i'] },
  'conversation.snooze': { title: 'cmd.snooze', section: 'conversation', icon: 'moon', keys: ['s'] },
  'conversation.wait': { title: 'cmd.wait', section: 'conversation', icon: 'pause', keys: ['h'] },
  'conversation.wait_until': { title: 'cmd.wait_until', section: 'conversation', icon: 'pause', keys: ['shift+h'] },
  'conversation.snooze_again': { title: 'cmd.snooze_again', section: 'conversation', icon: 'moon', keys: ['shift+s'] },
  'conversation.tag': { title: 'cmd.tag', section: 'conversation', icon: 'tag', keys: ['t'] },
  'conversation.fields': { title: 'cmd.fields', section: 'conversation', icon: 'pencil', keys: ['shift+t'] },
  'conversation.priority': { title: 'cmd.priority', section: 'conversation', icon: 'flag', keys: ['p'] },
  'conversation.move': { title: 'cmd.move', section: 'conversation', icon: 'users', keys: ['v'] },
  'conversation.side': { title: 'cmd.side', section: 'conversation', icon: 'box' },
  'conversation.merge': { title: 'cmd.merge', section: 'conversation', icon: 'link', keys: ['m'] },
  'conversation.unread': { title: 'cmd.unread', section: 'conversation', icon: 'mail', keys: ['shift+u'] },
  'conversation.mark_read': { title: 'cmd.mark_read', section: 'conversation', icon: 'checks' },
  'conversation.spam': { title: 'cmd.spam', section: 'conversation', icon: 'shield', keys: ['!'] },
  'conversation.not_spam': { title: 'cmd.not_spam', section: 'conversation', icon: 'checkCircle' },
  'conversation.block': { title: 'cmd.block', section: 'conversation', icon: 'stop' },
  'conversation.trash': { title: 'cmd.trash', section: 'conversation', icon: 'trash', keys: ['#'] },
  'conversation.follow': { title: 'cmd.follow', section: 'conversation', icon: 'eye', keys: ['shift+f'] },
  'conversation.copy_link': { title: 'cmd.copy_link', section: 'conversation', icon: 'link', keys: ['l'] },
  'conversation.print': { title: 'cmd.print', section: 'conversation', icon: 'file' },
  'conversation.hold': { title: 'cmd.hold', section: 'conversation', icon: 'lock' },
  'conversation.menu': { title: 'cmd.conversation_menu', section: 'conversation', icon: 'more', hidden: true },
  'conversation.scroll_down': { title: 'cmd.scroll_down', section: 'conversation', icon: 'arrowDown', keys: ['space'], hidden: true },
  'conversation.scroll_up': { title: 'cmd.scroll_up', section: 'conversation', icon: 'arrowUp', keys: ['shift+space'], hidden: true },

  'go.open': { title: 'cmd.go_open', section: 'go', icon: 'list', keys: ['g i'] },
  'go.mine': { title: 'cmd.go_mine', section: 'go', icon: 'inbox', keys: ['g m'] },
  'go.unassigned': { title: 'cmd.go_unassigned', section: 'go', icon: 'userDash', keys: ['g u'] },
  'go.all': { title: 'cmd.go_all', section: 'go', icon: 'box', keys: ['g a'] },
  'go.search': { title: 'cmd.go_search', section: 'go', icon: 'search', keys: ['/', 'g s'] },
  'go.customers': { title: 'cmd.go_customers', section: 'go', icon: 'users', keys: ['g c'] },
  'go.notifications': { title: 'cmd.go_notifications', section: 'go', icon: 'bell', keys: ['g n'] },
  'go.settings': { title: 'cmd.go_settings', section: 'go', icon: 'gear' },

  'app.palette': { title: 'cmd.palette', section: 'app', icon: 'search', keys: ['mod+k'], hidden: true },
  'app.new': { title: 'cmd.new', section: 'app', icon: 'compose', keys: ['c'] },
  'app.undo': { title: 'cmd.undo', section: 'app', icon: 'undo', keys: ['z', 'mod+z'] },
  'app.sidebar': { title: 'cmd.sidebar', section: 'app', icon: 'sidebar', keys: ['['] },
  'app.context': { title: 'cmd.context', section: 'app', icon: 'panel', keys: [']'] },
  'app.shortcuts': { title: 'cmd.shortcuts', section: 'app', icon: 'key', keys: ['?'] },
  'app.views': { title: 'cmd.views', section: 'app', icon: 'down', hidden: true },
  'app.away': { title: 'cmd.away', section: 'app', icon: 'pause' },
  'app.theme': { title: 'cmd.theme', section: 'app', icon: 'moon' },
  'app.sign_out': { title: 'cmd.sign_out', section: 'app', icon: 'leave' },
} as const satisfies Record<string, CommandSpec>;

export type CommandId = keyof typeof list;

export const catalog: Readonly<Record<CommandId, CommandSpec>> = list;

export const commandIds = Object.keys(list) as CommandId[];

/** The key to show for a command, if it has one. */
export function keysOf(id: CommandId): string | undefined {
  return catalog[id].keys?.[0];
}
