// Package notification tells agents what concerns them: they were mentioned or
// given a conversation, a customer answered in one that is theirs or that they
// follow, a reply of theirs did not leave, a colleague took over
// their draft.
//
// It is made in the transaction of what happened. Nobody is told of their own
// doings; while one is unread, the same thing in the same conversation counts up
// in it instead of adding another. Whoever reads the conversation has read it.
// It holds no words of anybody: they are looked up, and what its reader may not
// see any more is not shown to them.
//
// Who wants it is told by mail, too ([Service.PlanMails]): a little later, once
// for a conversation, never of what they have seen, held in quiet hours or for a
// summary ([Rhythm]). Such a mail can be answered: its token holds for its reader
// and its conversation alone ([Service.Mailed]).
//
// Those who manage inboxes are told of a quiet one ([Service.QuietTx]); what is
// about an inbox has ids below zero.
//
// Tables: notification, notification_inbox, notification_setting, notification_channel, notification_rhythm, notification_mail, notification_answer, push_subscription, push_key
//
// Events: none; it reacts to those of conversation.
package notification
