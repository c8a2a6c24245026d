package reply

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// files reads the files of one saved reply, 0 = of all.
func files(ctx context.Context, q db.Queryer, reply int64) (map[int64][]File, error) {
	text, args := "SELECT id, reply_id, name, content_type, size, content_id, blob_key FROM saved_reply_file", []any(nil)
	if reply != 0 {
		text, args = text+" WHERE reply_id = ?", []any{reply}
	}
	out := map[int64][]File{}
	err := db.Each(ctx, q, text+" ORDER BY id", args, func(rows *sql.Rows) error {
		var f File
		var of int64
		err := rows.Scan(&f.ID, &of, &f.Name, &f.ContentType, &f.Size, &f.ContentID, &f.BlobKey)
		out[of] = append(out[of], f)
		return err
	})
	return out, err
}

func addFiles(ctx context.Context, tx *db.Tx, reply int64, list []File) error {
	for _, f := range list {
		if err := tx.Send(ctx, "INSERT INTO saved_reply_file (reply_id, name, content_type, size, content_id, blob_key) VALUES (?, ?, ?, ?, ?, ?)",
			reply, f.Name, f.ContentType, f.Size, f.ContentID, f.BlobKey); err != nil {
			return err
		}
	}
	return nil
}

// setFiles leaves those that have an id and are in the list, and adds the new ones.
func setFiles(ctx context.Context, tx *db.Tx, reply int64, list []File) error {
	args := []any{reply}
	var fresh []File
	for _, f := range list {
		if f.ID == 0 {
			fresh = append(fresh, f)
		} else {
			args = append(args, f.ID)
		}
	}
	text := "DELETE FROM saved_reply_file WHERE reply_id = ?"
	if len(args) > 1 {
		text += " AND id NOT IN (" + db.Marks(len(args)-1) + ")"
	}
	if err := tx.Send(ctx, text, args...); err != nil {
		return err
	}
	return addFiles(ctx, tx, reply, fresh)
}
