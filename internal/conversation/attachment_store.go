package conversation

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const attachmentColumns = "id, message_id, agent_id, name, content_type, size, content_id, inline, blob_key, blocked, created_at"

func scanAttachment(row scanner) (a Attachment, err error) {
	var message *int64
	var at int64
	err = row.Scan(&a.ID, &message, &a.Agent, &a.Name, &a.ContentType, &a.Size, &a.ContentID, &a.Inline, &a.BlobKey, &a.Blocked, &at)
	a.Message, a.CreatedAt = orZero(message), instant(at)
	return a, err
}

func insertAttachment(ctx context.Context, tx *db.Tx, message, agent int64, n NewAttachment, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO attachment (message_id, agent_id, name, content_type, size, content_id, inline, blob_key, blocked, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		orNull(message), agent, n.Name, n.ContentType, n.Size, n.ContentID, n.Inline, n.BlobKey, n.Blocked, at.UnixMilli()).Scan(&id)
	return id, err
}

func findAttachment(ctx context.Context, q db.Queryer, id int64) (Attachment, error) {
	a, err := scanAttachment(q.QueryRow(ctx, "SELECT "+attachmentColumns+" FROM attachment WHERE id = ?", id))
	if db.IsNoRows(err) {
		return a, errNotFound()
	}
	return a, err
}

// attachmentsOf reads the files of messages, keyed by message.
func attachmentsOf(ctx context.Context, q db.Queryer, messages []int64) (map[int64][]Attachment, error) {
	out := map[int64][]Attachment{}
	if len(messages) == 0 {
		return out, nil
	}
	args := make([]any, len(messages))
	for i, id := range messages {
		args[i] = id
	}
	rows, err := q.Query(ctx, "SELECT "+attachmentColumns+" FROM attachment WHERE message_id IN ("+db.Marks(len(messages))+") ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAttachment(rows)
		if err != nil {
			return nil, err
		}
		out[a.Message] = append(out[a.Message], a)
	}
	return out, rows.Err()
}

// attach gives an uploaded file to a message; it reports false when the file is
// not the agent's or has a message already.
func attach(ctx context.Context, tx *db.Tx, id, message, agent int64) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE attachment SET message_id = ? WHERE id = ? AND agent_id = ? AND message_id IS NULL", message, id, agent)
	return n == 1, err
}

// detach gives the files of a message back to the agent.
func detach(ctx context.Context, tx *db.Tx, message, agent int64) error {
	return tx.Send(ctx, "UPDATE attachment SET message_id = NULL, agent_id = ? WHERE message_id = ?", agent, message)
}

// blobsOf tells which of the keys belong to attachments.
func blobsOf(ctx context.Context, q db.Queryer, keys []string) (map[string]bool, error) {
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	out := map[string]bool{}
	err := db.Each(ctx, q, "SELECT blob_key FROM attachment WHERE blob_key IN ("+db.Marks(len(keys))+")", args, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		out[key] = true
		return err
	})
	return out, err
}

// release reports false when the file is not blocked.
func release(ctx context.Context, tx *db.Tx, id int64) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE attachment SET blocked = '' WHERE id = ? AND blocked <> ''", id)
	return n == 1, err
}
