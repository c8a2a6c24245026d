package view

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// conversationsAlong lists a customer's conversations from the spot on, the one
// in which it lies included.
func conversationsAlong(ctx context.Context, q db.Queryer, a *access.Actor, customer int64, from Spot, limit int) (out []along, err error) {
	where := when("c.customer_id = ? AND (c.last_activity_at, c.id) <= (?, ?) AND c.status NOT IN ('merged', 'erased')",
		customer, from.Activity, from.Conversation).and(visible(a))
	err = db.Each(ctx, q, "SELECT c.id, c.subject, c.status, c.channel, c.inbox_id, c.last_activity_at FROM conversation c WHERE "+where.sql+
		" ORDER BY c.last_activity_at DESC, c.id DESC LIMIT ?", append(where.args, limit), func(rows *sql.Rows) error {
		var c along
		err := rows.Scan(&c.ID, &c.Subject, &c.Status, &c.Channel, &c.Inbox, &c.activity)
		out = append(out, c)
		return err
	})
	return out, err
}

// saidIn lists messages of a conversation from its end, older than below.
func saidIn(ctx context.Context, q db.Queryer, c along, below int64, limit int) (out []Said, err error) {
	err = db.Each(ctx, q, `SELECT m.id, m.kind, m.author_type, m.author_id, m.author_name, m.author_address, SUBSTR(m.text, 1, 1000), m.created_at, m.flags
		FROM message m WHERE m.conversation_id = ? AND m.id < ? AND m.kind <> 'event' ORDER BY m.id DESC LIMIT ?`,
		[]any{c.ID, below, limit}, func(rows *sql.Rows) error {
			one := Said{About: c.About, Spot: Spot{c.activity, c.ID, 0}}
			var by, words string
			var at int64
			err := rows.Scan(&one.Message, &one.Kind, &by, &one.Author.ID, &one.Author.Name, &one.Author.Email, &words, &at, &one.Flags)
			one.ByAgent, one.Preview, one.At = by == "agent", text.Preview(words, 280), time.UnixMilli(at).UTC()
			out = append(out, one)
			return err
		})
	return out, err
}

// filesIn lists the files of a conversation, the newest first and older than below.
func filesIn(ctx context.Context, q db.Queryer, c along, below int64, limit int) (out []CustomerFile, err error) {
	err = db.Each(ctx, q, `SELECT a.id, a.message_id, a.name, a.content_type, a.size, a.blocked, a.withheld_until, a.unchecked, a.malware, m.created_at
		FROM message m CROSS JOIN attachment a WHERE m.conversation_id = ? AND a.message_id = m.id AND a.inline = FALSE AND a.id < ? ORDER BY a.id DESC LIMIT ?`,
		[]any{c.ID, below, limit}, func(rows *sql.Rows) error {
			f := CustomerFile{About: c.About}
			var sealed, at int64
			err := rows.Scan(&f.ID, &f.Attachment.Message, &f.Name, &f.ContentType, &f.Size, &f.Blocked, &sealed, &f.Unchecked, &f.Malware, &at)
			if sealed != 0 {
				f.WithheldUntil = time.UnixMilli(sealed).UTC()
			}
			f.CreatedAt, f.Spot = time.UnixMilli(at).UTC(), Spot{c.activity, c.ID, f.ID}
			out = append(out, f)
			return err
		})
	return out, err
}

// countFiles fills in how many files the messages have.
func countFiles(ctx context.Context, q db.Queryer, list []Said) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := map[int64]int{}, make([]any, len(list))
	for i, one := range list {
		at[one.Message], ids[i] = i, one.Message
	}
	return db.Each(ctx, q, "SELECT message_id, COUNT(*) FROM attachment WHERE inline = FALSE AND message_id IN ("+db.Marks(len(ids))+") GROUP BY message_id",
		ids, func(rows *sql.Rows) error {
			var id int64
			var n int
			err := rows.Scan(&id, &n)
			if i, known := at[id]; known {
				list[i].Files = n
			}
			return err
		})
}
