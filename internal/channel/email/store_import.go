package email

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

const importColumns = `id, inbox_id, folder, since, until, state, dry_run, sent, uid_validity, next_uid, last_uid, total, total_bytes, seen, kept, known,
	missed, last_error, agent_id, created_at, finished_at`

func scanImport(row interface{ Scan(...any) error }) (im Import, err error) {
	var since, until, created, finished int64
	err = row.Scan(&im.ID, &im.Inbox, &im.Folder, &since, &until, &im.State, &im.DryRun, &im.Sent, &im.validity, &im.next, &im.last, &im.Total,
		&im.Bytes, &im.Seen, &im.Kept, &im.Known, &im.Missed, &im.LastError, &im.Agent, &created, &finished)
	im.Since, im.Until = time.UnixMilli(since).UTC(), time.UnixMilli(until).UTC()
	im.CreatedAt, im.FinishedAt = instant(created), instant(finished)
	return im, err
}

func loadImport(ctx context.Context, q db.Queryer, id int64, lock string) (Import, error) {
	im, err := scanImport(q.QueryRow(ctx, "SELECT "+importColumns+" FROM mail_import WHERE id = ?"+lock, id))
	if db.IsNoRows(err) {
		return im, errs.New(errs.NotFound, "There is no such import.")
	}
	return im, err
}

func importsOf(ctx context.Context, q db.Queryer, id inbox.ID) (out []Import, err error) {
	err = db.Each(ctx, q, "SELECT "+importColumns+" FROM mail_import WHERE inbox_id = ? ORDER BY id DESC LIMIT 100", []any{int64(id)}, func(rows *sql.Rows) error {
		im, err := scanImport(rows)
		out = append(out, im)
		return err
	})
	return out, err
}

func openImports(ctx context.Context, q db.Queryer, id inbox.ID) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM mail_import WHERE inbox_id = ? AND state IN ('counting', 'ready', 'running', 'paused')", int64(id)).Scan(&n)
	return n, err
}

func insertImport(ctx context.Context, tx *db.Tx, im Import) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO mail_import (inbox_id, folder, since, until, state, dry_run, agent_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, int64(im.Inbox), im.Folder, im.Since.UnixMilli(), im.Until.UnixMilli(), string(im.State),
		im.DryRun, im.Agent, im.CreatedAt.UnixMilli(), im.CreatedAt.UnixMilli()).Scan(&id)
	return id, err
}

func saveImport(ctx context.Context, tx *db.Tx, im Import, at time.Time) error {
	var finished int64
	if !im.FinishedAt.IsZero() {
		finished = im.FinishedAt.UnixMilli()
	}
	return tx.Send(ctx, `UPDATE mail_import SET state = ?, dry_run = ?, sent = ?, uid_validity = ?, next_uid = ?, last_uid = ?, total = ?, total_bytes = ?,
			seen = ?, kept = ?, known = ?, missed = ?, last_error = ?, updated_at = ?, finished_at = ? WHERE id = ?`,
		string(im.State), im.DryRun, im.Sent, int64(im.validity), int64(im.next), int64(im.last), im.Total, im.Bytes, im.Seen, im.Kept, im.Known, im.Missed,
		im.LastError, at.UnixMilli(), finished, im.ID)
}

// countIngest is how many kept mails wait to be read.
func countIngest(ctx context.Context, q db.Queryer) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM job WHERE kind = ? AND state IN ('waiting', 'running')", IngestKind).Scan(&n)
	return n, err
}

// findMailbox gives the row of a folder if it is watched, nil if not.
func findMailbox(ctx context.Context, q db.Queryer, id inbox.ID, folder string, sent bool) (*mailbox, error) {
	other := folder
	if sent {
		other = sentMail
	}
	m, err := scanMailbox(q.QueryRow(ctx, "SELECT "+mailboxColumns+" FROM mailbox WHERE inbox_id = ? AND folder IN (?, ?) ORDER BY id LIMIT 1", int64(id), folder, other))
	if db.IsNoRows(err) {
		return nil, nil
	}
	return m, err
}

// threadedInbound tells which of the mails became a message or wait to become one.
func threadedInbound(ctx context.Context, q db.Queryer, byHash map[string]uint32) (map[uint32]bool, error) {
	out := map[uint32]bool{}
	if len(byHash) == 0 {
		return out, nil
	}
	args := make([]any, 0, len(byHash))
	for hash := range byHash {
		args = append(args, []byte(hash))
	}
	err := db.Each(ctx, q, `SELECT i.unique_hash FROM inbound i JOIN ledger l ON l.id = i.ledger_id
		WHERE i.unique_hash IN (`+db.Marks(len(args))+`) AND (l.state IN ('threaded', 'received') OR l.message_id > 0)`, args, func(rows *sql.Rows) error {
		var hash []byte
		err := rows.Scan(&hash)
		out[byHash[string(hash)]] = true
		return err
	})
	return out, err
}
