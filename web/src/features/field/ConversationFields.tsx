import { useQuery } from '@tanstack/react-query';
import { conversationKeys, conversationQuery, patchConversation } from '@/api/conversations';
import { can, meQuery } from '@/api/directory';
import type { CustomField, Id } from '@/api/types';
import { useT } from '@/lib/i18n';
import { FieldValues } from './FieldValues';

/** The shop's own fields of the open conversation. */
export function ConversationFields({ id, fields }: { id: Id; fields: readonly CustomField[] }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: conversation } = useQuery(conversationQuery(id));
  if (!conversation) return null;
  return (
    <FieldValues
      key={id} title={t('fields.of_conversation')} fields={fields} values={conversation.custom_fields ?? {}} readOnly={!can(me, 'conversations:update')}
      save={(change) => patchConversation(id, { custom_fields: change })} renews={[conversationKeys.detail(id), conversationKeys.messages(id)]}
    />
  );
}
