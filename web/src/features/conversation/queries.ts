export { conversationKeys } from '@/api/conversations';
