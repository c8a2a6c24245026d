// Package conversation is the core: conversations, their messages, drafts and
// who has read them. Every channel's messages come in through
// [Service.ReceiveTx] and every answer leaves through [Service.Reply].
//
// Tables: conversation, conversation_tag, conversation_link,
// conversation_follower, conversation_read, conversation_participant, conversation_merge,
// message, message_original, message_fact, attachment, draft, conversation_field, legal_hold, thread_key, same_mail, tag
//
// Events: conversation.created, conversation.updated, conversation.deleted,
// conversation.merged, conversation.unmerged, conversation.split, conversation.read,
// message.received, message.queued, message.sent_elsewhere, message.undone, message.delivery_changed,
// note.added, draft.changed
package conversation
