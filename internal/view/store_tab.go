package view

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// tabsOf counts these conversations, at most 1,000, by a property. One with
// several tags counts for each of them.
func tabsOf(ctx context.Context, q db.Queryer, by string, ids []int64) ([]Tab, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := pad(ids)
	in := " IN (" + db.Marks(len(args)) + ")"
	if column := choices[by]; column != "" {
		return readTabs(ctx, q, "SELECT COALESCE(CAST("+column+" AS TEXT), ''), COUNT(*) FROM conversation c WHERE c.id"+in+" GROUP BY "+column, args)
	}
	from, value := "conversation_tag WHERE conversation_id"+in, "CAST(tag_id AS TEXT)"
	if key := ownKey(by); key != "" {
		from, value = "conversation_field WHERE conversation_id"+in+" AND field_key = ?", "value"
		args = append(args, key)
	}
	out, err := readTabs(ctx, q, "SELECT "+value+", COUNT(*) FROM "+from+" GROUP BY "+value, args)
	if err != nil {
		return nil, err
	}
	var some int64
	err = q.QueryRow(ctx, "SELECT COUNT(DISTINCT conversation_id) FROM "+from, args...).Scan(&some)
	if rest := int64(len(ids)) - some; rest > 0 {
		out = append(out, Tab{"", rest})
	}
	return out, err
}

func readTabs(ctx context.Context, q db.Queryer, text string, args []any) (out []Tab, err error) {
	err = db.Each(ctx, q, text, args, func(rows *sql.Rows) error {
		var t Tab
		err := rows.Scan(&t.Value, &t.Count)
		out = append(out, t)
		return err
	})
	return out, err
}
