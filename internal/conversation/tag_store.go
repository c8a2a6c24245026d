package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func addTag(ctx context.Context, tx *db.Tx, conversation int64, name string) (bool, error) {
	if err := tx.Send(ctx, "INSERT INTO tag (name, color) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, colorOf(name)); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO conversation_tag (conversation_id, tag_id) SELECT ?, id FROM tag WHERE name = ?
		ON CONFLICT (conversation_id, tag_id) DO NOTHING`, conversation, name)
	return n == 1, err
}

func removeTag(ctx context.Context, tx *db.Tx, conversation int64, name string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM conversation_tag WHERE conversation_id = ? AND tag_id = (SELECT id FROM tag WHERE name = ?)", conversation, name)
	return n == 1, err
}

func allTags(ctx context.Context, q db.Queryer) ([]Tag, error) {
	rows, err := q.Query(ctx, "SELECT id, name, color FROM tag ORDER BY name LIMIT 5000")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Tag
	for rows.Next() {
		var t Tag
		if err := rows.Scan(&t.ID, &t.Name, &t.Color); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func readTag(ctx context.Context, q db.Queryer, id int64) (t Tag, err error) {
	err = q.QueryRow(ctx, "SELECT id, name, color FROM tag WHERE id = ?", id).Scan(&t.ID, &t.Name, &t.Color)
	if db.IsNoRows(err) {
		err = errs.New(errs.NotFound, "There is no such tag.")
	}
	return t, err
}

func insertTag(ctx context.Context, tx *db.Tx, t *Tag) error {
	return tx.QueryRow(ctx, "INSERT INTO tag (name, color) VALUES (?, ?) RETURNING id", t.Name, t.Color).Scan(&t.ID)
}

func updateTag(ctx context.Context, tx *db.Tx, t Tag) error {
	n, err := tx.Exec(ctx, "UPDATE tag SET name = ?, color = ? WHERE id = ?", t.Name, t.Color, t.ID)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "There is no such tag.")
	}
	return err
}

func deleteTag(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, "DELETE FROM tag WHERE id = ?", id)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "There is no such tag.")
	}
	return err
}

// snoozeEnded lists conversations whose snooze is over, and those that waited for
// an answer until now.
func snoozeEnded(ctx context.Context, d *db.DB, now time.Time, limit int) ([]int64, error) {
	snoozed, err := ids(d.Query(ctx, "SELECT id FROM conversation"+d.Dialect.Using("conversation_snoozed")+
		" WHERE status = 'snoozed' AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?", now.UnixMilli(), limit))
	if err != nil || len(snoozed) >= limit {
		return snoozed, err
	}
	pending, err := ids(d.Query(ctx, "SELECT id FROM conversation"+d.Dialect.Using("conversation_unanswered")+
		" WHERE status = 'pending' AND snoozed_until > 0 AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?", now.UnixMilli(), limit-len(snoozed)))
	return append(snoozed, pending...), err
}

func tagsOf(ctx context.Context, q db.Queryer, conversation int64) ([]Tag, error) {
	rows, err := q.Query(ctx, `SELECT t.id, t.name, t.color FROM conversation_tag ct JOIN tag t ON t.id = ct.tag_id
		WHERE ct.conversation_id = ? ORDER BY t.name`, conversation)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Tag{}
	for rows.Next() {
		var t Tag
		if err := rows.Scan(&t.ID, &t.Name, &t.Color); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
