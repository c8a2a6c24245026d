import { memo } from 'react';
import { LinkSection } from '@/features/conversation/LinkSection';
import { SideSection } from '@/features/conversation/SideSection';
import { TaskSection } from '@/features/task/TaskSection';
import { CustomerPanel } from '@/features/customer/CustomerPanel';
import { useConversationFields, useCustomerFields } from './customerFields';

/** The customer beside a conversation, with what the shop wants to know of both. */
export const ContextColumn = memo(function ContextColumn(props: { conversationId: number; inLayer?: boolean; onClose?: () => void }) {
  return <CustomerPanel {...props} fields={<><TaskSection id={props.conversationId} /><SideSection id={props.conversationId} /><LinkSection id={props.conversationId} />{useConversationFields(props.conversationId)}</>} customerFields={useCustomerFields()} />;
});
