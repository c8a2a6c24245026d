import { Writing } from '@/features/conversation/MessageBody';
import { TextEditor } from '@/features/conversation/TextEditor';
import { RepliesPage } from '@/features/reply/RepliesPage';

/** Saved replies are written in the composer's own field, and shown as messages are. */
export function RepliesScreen() {
  return <RepliesPage Field={TextEditor} Shown={Writing} />;
}
