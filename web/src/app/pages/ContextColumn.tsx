import { SideSection } from '@/features/conversation/SideSection';
import { CustomerPanel } from '@/features/customer/CustomerPanel';
import { useConversationFields, useCustomerFields } from './customerFields';

/** The customer beside a conversation, with what the shop wants to know of both. */
export function ContextColumn(props: { conversationId: number; inLayer?: boolean; onClose?: () => void }) {
  return <CustomerPanel {...props} fields={<><SideSection id={props.conversationId} />{useConversationFields(props.conversationId)}</>} customerFields={useCustomerFields()} />;
}
