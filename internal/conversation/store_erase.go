package conversation

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// emptyConversation deletes every word of a conversation. What is kept tells
// when, which kind of author and how it was delivered.
func emptyConversation(ctx context.Context, tx *db.Tx, id int64) error {
	const ofMessages = " WHERE message_id IN (SELECT id FROM message WHERE conversation_id = ?)"
	for _, text := range []string{
		"DELETE FROM attachment" + ofMessages,
		"DELETE FROM message_original" + ofMessages,
		"DELETE FROM message_fact" + ofMessages,
		"DELETE FROM message WHERE conversation_id = ? AND kind = 'event'",
		`UPDATE message SET author_id = CASE WHEN author_type = 'agent' THEN author_id ELSE 0 END, author_name = '', author_address = '', subject = '', text = '', html = '',
			recipients = '', rfc_id = '', event_data = '', delivery = '', undo_until = 0, cancel_if_answered = FALSE WHERE conversation_id = ?`,
		"DELETE FROM side_conversation WHERE conversation_id = ?",
		"DELETE FROM draft WHERE conversation_id = ?",
		"DELETE FROM conversation_participant WHERE conversation_id = ?",
		"DELETE FROM conversation_field WHERE conversation_id = ?",
		"DELETE FROM conversation_follower WHERE conversation_id = ?",
		"DELETE FROM conversation_link WHERE conversation_id = ?",
		"DELETE FROM conversation_link WHERE other_id = ?",
		"DELETE FROM conversation_merge WHERE merged_id = ?",
		"DELETE FROM conversation_merge WHERE survivor_id = ?",
		"UPDATE conversation SET subject = '', preview = '', status = 'erased', snoozed_until = 0, version = version + 1 WHERE id = ?",
	} {
		if err := tx.Send(ctx, text, id); err != nil {
			return err
		}
	}
	return nil
}

// onTheWay tells whether a reply of the conversation is on its way.
func onTheWay(ctx context.Context, q db.Queryer, conversation int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM message WHERE conversation_id = ? AND delivery_state IN ('queued', 'sending', 'in_doubt')", conversation).Scan(&n)
	return n > 0, err
}

func countWhole(ctx context.Context, q db.Queryer, customer int64) (w WhatTheyHave, err error) {
	const of = " FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE c.customer_id = ? AND c.status <> 'erased' AND m.kind <> 'event'"
	err = q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM conversation WHERE customer_id = ? AND status NOT IN ('erased', 'merged')), (SELECT COUNT(*)`+of+`),
		(SELECT COUNT(*) FROM attachment a WHERE a.message_id IN (SELECT m.id`+of+`)),
		(SELECT COALESCE(SUM(a.size), 0) FROM attachment a WHERE a.message_id IN (SELECT m.id`+of+`))`, customer, customer, customer, customer).
		Scan(&w.Conversations, &w.Messages, &w.Files, &w.Bytes)
	return w, err
}

func deleteParticipants(ctx context.Context, tx *db.Tx, addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	args := make([]any, len(addresses))
	for i, a := range addresses {
		args[i] = a
	}
	return tx.Send(ctx, "DELETE FROM conversation_participant WHERE address IN ("+db.Marks(len(args))+")", args...)
}

func conversationsOf(ctx context.Context, q db.Queryer, customer, after int64, limit int) (out []Conversation, err error) {
	err = db.Each(ctx, q, "SELECT "+Columns+" FROM conversation WHERE customer_id = ? AND id > ? AND status NOT IN ('merged', 'erased') ORDER BY id LIMIT ?",
		[]any{customer, after, limit}, func(rows *sql.Rows) error {
			c, err := Scan(rows)
			out = append(out, c)
			return err
		})
	return out, err
}

func erasable(ctx context.Context, q db.Queryer, customer int64, limit int) ([]int64, error) {
	return ids(q.Query(ctx, "SELECT id FROM conversation WHERE customer_id = ? AND status <> 'erased' ORDER BY id LIMIT ?", customer, limit))
}
