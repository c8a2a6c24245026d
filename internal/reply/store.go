package reply

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const selectText = `SELECT r.id, r.kind, r.name, r.folder, r.owner_id, a.name, r.shared, r.default_locale, r.texts, r.actions, r.starter,
		r.uses, r.reviewed_at, r.updated_at, r.created_at, r.version, COALESCE(u.uses, 0), COALESCE(u.last_at, 0)
	FROM saved_reply r JOIN agent a ON a.id = r.owner_id LEFT JOIN saved_reply_use u ON u.reply_id = r.id AND u.agent_id = ?`

type scanner interface{ Scan(...any) error }

func scan(row scanner) (r Reply, err error) {
	var texts, actions string
	var reviewed, updated, created, last int64
	if err = row.Scan(&r.ID, &r.Kind, &r.Name, &r.Folder, &r.Owner, &r.OwnerName, &r.Shared, &r.DefaultLocale, &texts, &actions, &r.Starter,
		&r.Uses, &reviewed, &updated, &created, &r.Version, &r.MyUses, &last); err != nil {
		return r, err
	}
	r.ReviewedAt, r.UpdatedAt, r.CreatedAt, r.LastUsedAt = instant(reviewed), instant(updated), instant(created), instant(last)
	if err := json.Unmarshal([]byte(texts), &r.Texts); err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(actions), &r.Actions)
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func list(ctx context.Context, q db.Queryer, k Kind, agent int64) (out []Reply, err error) {
	err = db.Each(ctx, q, selectText+" WHERE r.kind = ? ORDER BY r.id LIMIT ?", []any{agent, string(k), MaxReplies}, func(rows *sql.Rows) error {
		r, err := scan(rows)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	files, err := files(ctx, q, 0)
	for i := range out {
		out[i].Files = files[out[i].ID]
	}
	return out, err
}

func find(ctx context.Context, q db.Queryer, id, agent int64) (Reply, error) {
	r, err := scan(q.QueryRow(ctx, selectText+" WHERE r.id = ?", agent, id))
	if err != nil {
		return r, err
	}
	files, err := files(ctx, q, id)
	r.Files = files[id]
	return r, err
}

func count(ctx context.Context, q db.Queryer) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM saved_reply").Scan(&n)
	return n, err
}

func (r *Reply) json() (texts, actions string, err error) {
	if r.Texts == nil {
		r.Texts = map[string]string{}
	}
	t, err := json.Marshal(r.Texts)
	if err != nil {
		return "", "", err
	}
	a, err := json.Marshal(r.Actions)
	return string(t), string(a), err
}

func insert(ctx context.Context, tx *db.Tx, r *Reply, now time.Time) error {
	texts, actions, err := r.json()
	if err != nil {
		return err
	}
	return tx.QueryRow(ctx, `INSERT INTO saved_reply (kind, name, folder, owner_id, shared, default_locale, texts, actions, starter, reviewed_at, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, string(r.Kind), r.Name, r.Folder, r.Owner, r.Shared, r.DefaultLocale,
		texts, actions, r.Starter, now.UnixMilli(), now.UnixMilli(), now.UnixMilli()).Scan(&r.ID)
}

func update(ctx context.Context, tx *db.Tx, r *Reply, now time.Time) error {
	texts, actions, err := r.json()
	if err != nil {
		return err
	}
	return tx.Send(ctx, `UPDATE saved_reply SET name = ?, folder = ?, shared = ?, default_locale = ?, texts = ?, actions = ?,
			reviewed_at = ?, updated_at = ?, version = version + 1 WHERE id = ?`,
		r.Name, r.Folder, r.Shared, r.DefaultLocale, texts, actions, millis(r.ReviewedAt), now.UnixMilli(), r.ID)
}

func remove(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM saved_reply WHERE id = ?", id)
}

func countUse(ctx context.Context, tx *db.Tx, id, agent int64, at time.Time) error {
	if err := tx.Send(ctx, "UPDATE saved_reply SET uses = uses + 1, last_used_at = ? WHERE id = ?", at.UnixMilli(), id); err != nil || agent == 0 {
		return err
	}
	return tx.Send(ctx, `INSERT INTO saved_reply_use (agent_id, reply_id, uses, last_at) VALUES (?, ?, 1, ?)
		ON CONFLICT (agent_id, reply_id) DO UPDATE SET uses = saved_reply_use.uses + 1, last_at = excluded.last_at`, agent, id, at.UnixMilli())
}

// files reads the files of one saved reply, 0 = of all.
func files(ctx context.Context, q db.Queryer, reply int64) (map[int64][]File, error) {
	text, args := "SELECT id, reply_id, name, content_type, size, blob_key FROM saved_reply_file", []any(nil)
	if reply != 0 {
		text, args = text+" WHERE reply_id = ?", []any{reply}
	}
	out := map[int64][]File{}
	err := db.Each(ctx, q, text+" ORDER BY id", args, func(rows *sql.Rows) error {
		var f File
		var of int64
		err := rows.Scan(&f.ID, &of, &f.Name, &f.ContentType, &f.Size, &f.BlobKey)
		out[of] = append(out[of], f)
		return err
	})
	return out, err
}

func addFiles(ctx context.Context, tx *db.Tx, reply int64, list []File) error {
	for _, f := range list {
		if err := tx.Send(ctx, "INSERT INTO saved_reply_file (reply_id, name, content_type, size, blob_key) VALUES (?, ?, ?, ?, ?)",
			reply, f.Name, f.ContentType, f.Size, f.BlobKey); err != nil {
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

func starters(ctx context.Context, q db.Queryer) (map[string]bool, error) {
	out := map[string]bool{}
	err := db.Each(ctx, q, "SELECT starter FROM saved_reply WHERE starter <> ''", nil, func(rows *sql.Rows) error {
		var s string
		err := rows.Scan(&s)
		out[s] = true
		return err
	})
	return out, err
}

// blobsOf tells which of the keys belong to files.
func blobsOf(ctx context.Context, q db.Queryer, keys []string) (map[string]bool, error) {
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	out := map[string]bool{}
	err := db.Each(ctx, q, "SELECT blob_key FROM saved_reply_file WHERE blob_key IN ("+db.Marks(len(keys))+")", args, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		out[key] = true
		return err
	})
	return out, err
}
