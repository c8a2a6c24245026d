package conversation

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const attachmentColumns = "id, message_id, agent_id, name, content_type, size, content_id, inline, blob_key, blocked, withheld_until, unchecked, malware, created_at"

func scanAttachment(row scanner) (a Attachment, err error) {
	var message *int64
	var sealed, at int64
	err = row.Scan(&a.ID, &message, &a.Agent, &a.Name, &a.ContentType, &a.Size, &a.ContentID, &a.Inline, &a.BlobKey, &a.Blocked, &sealed, &a.Unchecked, &a.Malware, &at)
	a.Message, a.WithheldUntil, a.CreatedAt = orZero(message), instant(sealed), instant(at)
	return a, err
}

func insertAttachment(ctx context.Context, tx *db.Tx, message, agent int64, n NewAttachment, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO attachment (message_id, agent_id, name, content_type, size, content_id, inline, blob_key, blocked, unchecked, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		orNull(message), agent, n.Name, n.ContentType, n.Size, n.ContentID, n.Inline, n.BlobKey, n.Blocked, n.unchecked, at.UnixMilli()).Scan(&id)
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

// release reports false when the file is not blocked.
func release(ctx context.Context, tx *db.Tx, id int64) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE attachment SET blocked = '', withheld_until = 0, unchecked = FALSE WHERE id = ? AND (blocked <> '' OR unchecked = TRUE) AND blob_key <> ''", id)
	return n == 1, err
}

// withhold reports false when the file is blocked already, or is not the message's.
func withhold(ctx context.Context, tx *db.Tx, id, message int64, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE attachment SET blocked = ?, withheld_until = ? WHERE id = ? AND message_id = ? AND blocked = ''",
		BlockedCard, until.UnixMilli(), id, message)
	return n == 1, err
}

// sealedFiles lists files whose time is over. What a hold covers stays, and so
// does what is on its way to somebody.
func sealedFiles(ctx context.Context, q db.Queryer, now time.Time, limit int) (out []Attachment, err error) {
	err = db.Each(ctx, q, "SELECT "+attachmentColumns+` FROM attachment WHERE withheld_until <> 0 AND withheld_until <= ? AND NOT EXISTS
		(SELECT 1 FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.id = attachment.message_id
			AND (m.delivery_state IN ('queued', 'sending', 'in_doubt') OR `+Held+`)) ORDER BY withheld_until, id LIMIT ?`,
		[]any{now.UnixMilli(), limit}, func(rows *sql.Rows) error {
			a, err := scanAttachment(rows)
			out = append(out, a)
			return err
		})
	return out, err
}

// emptyFile leaves the name of a file whose bytes are deleted.
func emptyFile(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "UPDATE attachment SET blocked = ?, withheld_until = 0, blob_key = '' WHERE id = ?", BlockedCardDeleted, id)
	return err
}

// uncheckedOf lists the files of a message that wait for the scanner.
func uncheckedOf(ctx context.Context, q db.Queryer, message int64) (out []Attachment, err error) {
	err = db.Each(ctx, q, "SELECT "+attachmentColumns+" FROM attachment WHERE message_id = ? AND unchecked = TRUE ORDER BY id", []any{message}, func(rows *sql.Rows) error {
		a, err := scanAttachment(rows)
		out = append(out, a)
		return err
	})
	return out, err
}

// checked notes what was found in a file, "" = nothing.
func checked(ctx context.Context, tx *db.Tx, id int64, found string) error {
	if found == "" {
		_, err := tx.Exec(ctx, "UPDATE attachment SET unchecked = FALSE WHERE id = ?", id)
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE attachment SET unchecked = FALSE, malware = ?, blocked = ? WHERE id = ? AND unchecked = TRUE AND blob_key <> ''", found, BlockedMalware, id)
	return err
}

func countUnchecked(ctx context.Context, q db.Queryer) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM attachment WHERE unchecked = TRUE").Scan(&n)
	return n, err
}

// handUpload gives a file that was uploaded and not sent to another agent.
func handUpload(ctx context.Context, tx *db.Tx, id, from, to int64) error {
	return tx.Send(ctx, "UPDATE attachment SET agent_id = ? WHERE id = ? AND agent_id = ? AND message_id IS NULL", to, id, from)
}
