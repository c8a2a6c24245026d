package conversation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ownKeys is the inbox of ids that we made ourselves: they lead to their
// conversation from every inbox.
const ownKeys int64 = 0

type threadKey []byte

// keyOf hashes a Message-ID or reply token: 128 bits are enough to tell them apart.
func keyOf(id string) threadKey {
	sum := sha256.Sum256([]byte(strings.TrimSpace(id)))
	return sum[:16]
}

// found is where a key leads.
type found struct {
	key          threadKey
	inbox        int64
	conversation int64
	side         int64 // the side conversation, 0 = the conversation itself
}

// lookupKeys returns where the keys lead: in the inbox, by our own ids, and elsewhere.
func lookupKeys(ctx context.Context, q db.Queryer, keys []threadKey) ([]found, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = []byte(k)
	}
	rows, err := q.Query(ctx, "SELECT hash, inbox_id, conversation_id, side_id FROM thread_key WHERE hash IN ("+db.Marks(len(keys))+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []found
	for rows.Next() {
		var f found
		if err := rows.Scan(&f.key, &f.inbox, &f.conversation, &f.side); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// claimKeys inserts the keys for a conversation unless they are taken, always
// in the same order so that transactions wait for each other instead of
// deadlocking, and reports how many it got.
func claimKeys(ctx context.Context, tx *db.Tx, inbox, conversation int64, keys []threadKey) error {
	return claimSideKeys(ctx, tx, inbox, conversation, 0, keys)
}

// claimSideKeys is [claimKeys] for a side conversation of the conversation.
func claimSideKeys(ctx context.Context, tx *db.Tx, inbox, conversation, side int64, keys []threadKey) error {
	if len(keys) == 0 {
		return nil
	}
	text, args := claim(inbox, conversation, side, keys)
	return tx.Send(ctx, text, args...)
}

// claimFree is [claimKeys] that tells how many were free.
func claimFree(ctx context.Context, tx *db.Tx, inbox, conversation int64, keys []threadKey) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	text, args := claim(inbox, conversation, 0, keys)
	n, err := tx.Exec(ctx, text, args...)
	return int(n), err
}

func claim(inbox, conversation, side int64, keys []threadKey) (text string, args []any) {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, func(a, b threadKey) int { return bytes.Compare(a, b) })
	keys = slices.CompactFunc(keys, func(a, b threadKey) bool { return bytes.Equal(a, b) })
	args = make([]any, 0, 4*len(keys))
	for _, k := range keys {
		args = append(args, inbox, []byte(k), conversation, side)
	}
	return "INSERT INTO thread_key (inbox_id, hash, conversation_id, side_id) VALUES " +
		strings.Repeat("(?, ?, ?, ?), ", len(keys)-1) + "(?, ?, ?, ?) ON CONFLICT (hash, inbox_id) DO NOTHING", args
}

// repointKeys moves keys that were claimed for a reserved id to the conversation that won.
func repointKeys(ctx context.Context, tx *db.Tx, inbox, from, to int64, keys []threadKey) error {
	args := []any{to, inbox, from}
	for _, k := range keys {
		args = append(args, []byte(k))
	}
	return tx.Send(ctx, "UPDATE thread_key SET conversation_id = ? WHERE inbox_id = ? AND conversation_id = ? AND hash IN ("+
		db.Marks(len(keys))+")", args...)
}

func deleteKey(ctx context.Context, tx *db.Tx, key threadKey) error {
	return tx.Send(ctx, "DELETE FROM thread_key WHERE hash = ? AND inbox_id = ?", []byte(key), ownKeys)
}

// claimSame reports false when the same mail is here already, with the first one's ids.
func claimSame(ctx context.Context, tx *db.Tx, inbox int64, hash []byte) (first bool, r Received, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO same_mail (inbox_id, hash, conversation_id, message_id) VALUES (?, ?, 0, 0)
		ON CONFLICT (inbox_id, hash) DO NOTHING`, inbox, hash)
	if err != nil || n == 1 {
		return n == 1, r, err
	}
	err = tx.QueryRow(ctx, "SELECT conversation_id, message_id FROM same_mail WHERE inbox_id = ? AND hash = ?", inbox, hash).
		Scan(&r.Conversation, &r.Message)
	r.Repeat = true
	return false, r, err
}

func fillSame(ctx context.Context, tx *db.Tx, inbox int64, hash []byte, r Received) error {
	return tx.Send(ctx, "UPDATE same_mail SET conversation_id = ?, message_id = ? WHERE inbox_id = ? AND hash = ?",
		r.Conversation, r.Message, inbox, hash)
}

// link ties two conversations together, both ways.
func link(ctx context.Context, tx *db.Tx, a, b int64, reason string) error {
	if a == b || a == 0 || b == 0 {
		return nil
	}
	if _, err := find(ctx, tx, b, ""); errs.Is(err, errs.NotFound) {
		return nil // spam that was deleted meanwhile
	} else if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO conversation_link (conversation_id, other_id, reason) VALUES (?, ?, ?), (?, ?, ?)
		ON CONFLICT (conversation_id, other_id) DO NOTHING`, a, b, reason, b, a, reason)
}

// participant is somebody in a conversation beside its customer.
type participant struct {
	Person
	Kind string // to, cc, unverified
}

func participants(ctx context.Context, q db.Queryer, conversation int64) ([]participant, error) {
	var out []participant
	err := db.Each(ctx, q, participantsText, []any{conversation}, func(rows *sql.Rows) error { return addParticipant(&out, rows) })
	return out, err
}

const participantsText = "SELECT address, name, kind FROM conversation_participant WHERE conversation_id = ? ORDER BY address"

func addParticipant(to *[]participant, row db.Row) error {
	var p participant
	err := row.Scan(&p.Address, &p.Name, &p.Kind)
	*to = append(*to, p)
	return err
}

// setParticipant adds somebody; stronger lifts an unverified one to the new kind.
func setParticipant(ctx context.Context, tx *db.Tx, conversation int64, p participant) error {
	return tx.Send(ctx, `INSERT INTO conversation_participant (conversation_id, address, name, kind) VALUES (?, ?, ?, ?)
		ON CONFLICT (conversation_id, address) DO UPDATE SET kind = excluded.kind`,
		conversation, strings.ToLower(p.Address), p.Name, p.Kind)
}

func dropParticipant(ctx context.Context, tx *db.Tx, conversation int64, address string) error {
	return tx.Send(ctx, "DELETE FROM conversation_participant WHERE conversation_id = ? AND address = ?", conversation, strings.ToLower(address))
}
