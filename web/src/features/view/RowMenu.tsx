import { useMemo, type RefObject } from 'react';
import type { Id } from '@/api/types';
import { catalog, findCommand, keysOf, type CommandId } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { Menu, type MenuItem } from '@/ui/Menu';
import { rowId } from './ConversationRow';
import { cursor } from './state';

const offered: readonly (CommandId | '-')[] = [
  'conversation.close_next', 'conversation.reopen', 'conversation.snooze', 'conversation.wait_until', '-', 'conversation.assign', 'conversation.assign_me', 'conversation.tag',
  'conversation.priority', 'conversation.move', 'conversation.merge', '-', 'conversation.unread', 'conversation.copy_link', '-', 'conversation.spam', 'conversation.trash',
];

/** What can be done with the row of the keys, with the key beside each. */
export function RowMenu({ id, openId, onClose }: { id: Id; openId: Id | undefined; onClose: () => void }) {
  const t = useT();
  const anchor = useMemo(() => ({ get current() { return document.getElementById(rowId(id)); } }) as RefObject<HTMLElement | null>, [id]);
  const close = () => {
    cursor.set(openId ?? id);
    onClose();
  };
  // The command takes the row of the keys; afterwards the keys stand on the open conversation again.
  const runOn = (command: CommandId) => {
    cursor.set(id);
    findCommand(command)?.run();
    if (openId !== undefined && cursor.get() === id) cursor.set(openId);
  };
  const items: MenuItem[] = [];
  let separated = false;
  for (const command of offered) {
    if (command === '-') separated = items.length > 0;
    else if (findCommand(command)) {
      const { title, icon } = catalog[command];
      items.push({ label: t(title), icon, keys: keysOf(command), separated, run: () => setTimeout(() => runOn(command)) });
      separated = false;
    }
  }
  return <Menu anchor={anchor} items={items} label={t('cmd.list_menu')} align="end" onClose={close} />;
}
