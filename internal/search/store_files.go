package search

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/filetext"
)

// maxFiles bounds the files of one message that are looked at, and fileText the
// bytes of the text of all of them that are indexed with it.
const (
	maxFiles = 200
	fileText = 512 << 10
)

// file is an attachment with the text that was read of it.
type file struct {
	id                int64
	name, contentType string
	size              int64
	blob              string
	read              bool // or was found to be unreadable
	text              string
}

func (f file) kind() filetext.Kind { return filetext.KindOf(f.name, f.contentType) }

func scanFile(rows *sql.Rows, more ...any) (f file, err error) {
	err = rows.Scan(append([]any{&f.id, &f.name, &f.contentType, &f.size, &f.blob, &f.read, &f.text}, more...)...)
	return f, err
}

const fileColumns = "a.id, a.name, a.content_type, a.size, a.blob_key, x.attachment_id IS NOT NULL, COALESCE(x.text, '')"

// filesOf reads the files of a message; the text of those behind the bound is left out.
func filesOf(ctx context.Context, q db.Queryer, message int64) (out []file, err error) {
	left := fileText
	err = db.Each(ctx, q, "SELECT "+fileColumns+` FROM attachment a LEFT JOIN attachment_text x ON x.attachment_id = a.id
		WHERE a.message_id = ? ORDER BY a.id LIMIT ?`, []any{message, maxFiles}, func(rows *sql.Rows) error {
		f, err := scanFile(rows)
		if len(f.text) > left {
			f.text = ""
		}
		left -= len(f.text)
		out = append(out, f)
		return err
	})
	return out, err
}

// filesOfHits reads the beginnings of the files of a page's messages.
func filesOfHits(ctx context.Context, q queryer, found []hit) (map[int64][]file, error) {
	args := []any{maxShown}
	for _, h := range found {
		args = append(args, h.message)
	}
	for len(args)%26 != 0 {
		args = append(args, int64(0))
	}
	out := map[int64][]file{}
	err := db.Each(ctx, q, `SELECT a.message_id, a.name, COALESCE(substr(x.text, 1, ?), '') FROM attachment a LEFT JOIN attachment_text x ON x.attachment_id = a.id
		WHERE a.message_id IN (`+db.Marks(len(args)-1)+") ORDER BY a.id", args, func(rows *sql.Rows) error {
		var message int64
		var f file
		err := rows.Scan(&message, &f.name, &f.text)
		out[message] = append(out[message], f)
		return err
	})
	return out, err
}

// keepText stores what was read of a file that is still there.
func keepText(ctx context.Context, tx *db.Tx, id int64, state, text string, at int64) error {
	return tx.Send(ctx, `INSERT INTO attachment_text (attachment_id, state, text, read_at) SELECT id, ?, ?, ? FROM attachment WHERE id = ?
		ON CONFLICT (attachment_id) DO UPDATE SET state = excluded.state, text = excluded.text, read_at = excluded.read_at`, state, text, at, id)
}

// attached is a file of a message, by their ids.
type attached struct {
	file
	message int64
}

// filesBehind lists files by their ids, those of messages alone.
func filesBehind(ctx context.Context, q db.Queryer, after int64, limit int) (out []attached, err error) {
	err = db.Each(ctx, q, "SELECT "+fileColumns+`, COALESCE(a.message_id, 0) FROM attachment a LEFT JOIN attachment_text x ON x.attachment_id = a.id
		WHERE a.id > ? ORDER BY a.id LIMIT ?`, []any{after, limit}, func(rows *sql.Rows) error {
		var a attached
		var err error
		a.file, err = scanFile(rows, &a.message)
		out = append(out, a)
		return err
	})
	return out, err
}
