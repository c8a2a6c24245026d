package sender

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func scanListed(row interface{ Scan(...any) error }) (l Listed, err error) {
	var at int64
	err = row.Scan(&l.ID, &l.Kind, &l.Pattern, &l.Agent, &l.Conversation, &at)
	l.CreatedAt = time.UnixMilli(at).UTC()
	return l, err
}

const listedColumns = "id, kind, pattern, agent_id, conversation_id, created_at"

func insertListed(ctx context.Context, tx *db.Tx, l *Listed) error {
	err := tx.Send(ctx, `INSERT INTO listed_sender (kind, pattern, agent_id, conversation_id, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (kind, pattern) DO NOTHING`, string(l.Kind), l.Pattern, l.Agent, l.Conversation, l.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	*l, err = scanListed(tx.QueryRow(ctx, "SELECT "+listedColumns+" FROM listed_sender WHERE kind = ? AND pattern = ?", string(l.Kind), l.Pattern))
	return err
}

func findListed(ctx context.Context, q db.Queryer, id int64) (Listed, error) {
	return scanListed(q.QueryRow(ctx, "SELECT "+listedColumns+" FROM listed_sender WHERE id = ?", id))
}

func deleteListed(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM listed_sender WHERE id = ?", id)
}

func deletePattern(ctx context.Context, tx *db.Tx, k Kind, pattern string) error {
	return tx.Send(ctx, "DELETE FROM listed_sender WHERE kind = ? AND pattern = ?", string(k), pattern)
}

// listListed reads newest first, behind the id.
func listListed(ctx context.Context, q db.Queryer, k Kind, before int64, limit int) (out []Listed, err error) {
	err = db.Each(ctx, q, "SELECT "+listedColumns+" FROM listed_sender WHERE kind = ? AND id < ? ORDER BY id DESC LIMIT ?",
		[]any{string(k), before, limit}, func(rows *sql.Rows) error {
			l, err := scanListed(rows)
			out = append(out, l)
			return err
		})
	return out, err
}

func listedAmong(ctx context.Context, q db.Queryer, patterns []string) (out []Listed, err error) {
	args := make([]any, len(patterns))
	for i, p := range patterns {
		args[i] = p
	}
	err = db.Each(ctx, q, "SELECT "+listedColumns+" FROM listed_sender WHERE pattern IN ("+db.Marks(len(patterns))+") ORDER BY id", args, func(rows *sql.Rows) error {
		l, err := scanListed(rows)
		out = append(out, l)
		return err
	})
	return out, err
}

func countListed(ctx context.Context, q db.Queryer) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM listed_sender").Scan(&n)
	return n, err
}

func loadLists(ctx context.Context, q db.Queryer) (lists, error) {
	out := lists{}
	err := db.Each(ctx, q, "SELECT kind, pattern FROM listed_sender LIMIT ?", []any{MaxListed}, func(rows *sql.Rows) error {
		var k Kind
		var p string
		if err := rows.Scan(&k, &p); err != nil {
			return err
		}
		if out[p] == nil {
			out[p] = map[Kind]bool{}
		}
		out[p][k] = true
		return nil
	})
	return out, err
}

// stamp changes whenever a list or a rule does: ids are never used twice.
type stamp [5]int64

func readStamp(ctx context.Context, q db.Queryer) (s stamp, err error) {
	err = q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM listed_sender), (SELECT COALESCE(MAX(id), 0) FROM listed_sender),
		(SELECT COUNT(*) FROM customer_rule), (SELECT COALESCE(MAX(id), 0) FROM customer_rule), (SELECT COALESCE(SUM(version), 0) FROM customer_rule)`).
		Scan(&s[0], &s[1], &s[2], &s[3], &s[4])
	return s, err
}

const ruleColumns = "id, position, name, ready, enabled, senders, subject, sources, mail_labels, name_labels, created_at, version"

func scanRule(row interface{ Scan(...any) error }) (r Rule, err error) {
	var senders, sources, mails, names string
	var at int64
	err = row.Scan(&r.ID, &r.Position, &r.Name, &r.Ready, &r.Enabled, &senders, &r.Subject, &sources, &mails, &names, &at, &r.Version)
	if err != nil {
		return r, err
	}
	r.CreatedAt = time.UnixMilli(at).UTC()
	for _, part := range []struct {
		text string
		into any
	}{{senders, &r.Senders}, {sources, &r.Sources}, {mails, &r.MailLabels}, {names, &r.NameLabels}} {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return r, err
		}
	}
	return r, nil
}

func allRules(ctx context.Context, q db.Queryer) (out []Rule, err error) {
	err = db.Each(ctx, q, "SELECT "+ruleColumns+" FROM customer_rule ORDER BY position, id", nil, func(rows *sql.Rows) error {
		r, err := scanRule(rows)
		out = append(out, r)
		return err
	})
	return out, err
}

func findRule(ctx context.Context, q db.Queryer, id int64, lock string) (Rule, error) {
	return scanRule(q.QueryRow(ctx, "SELECT "+ruleColumns+" FROM customer_rule WHERE id = ?"+lock, id))
}

func list(v any) string {
	b, _ := json.Marshal(v) // strings only
	if string(b) == "null" {
		return "[]"
	}
	return string(b)
}

func insertRule(ctx context.Context, tx *db.Tx, r *Rule, at time.Time) error {
	return tx.QueryRow(ctx, `INSERT INTO customer_rule (position, name, ready, enabled, senders, subject, sources, mail_labels, name_labels, created_at)
		VALUES ((SELECT COALESCE(MAX(position), 0) + 1 FROM customer_rule), ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		r.Name, r.Ready, r.Enabled, list(r.Senders), r.Subject, list(r.Sources), list(r.MailLabels), list(r.NameLabels), at.UnixMilli()).Scan(&r.ID)
}

func updateRule(ctx context.Context, tx *db.Tx, r Rule) error {
	return tx.Send(ctx, `UPDATE customer_rule SET position = ?, name = ?, enabled = ?, senders = ?, subject = ?, sources = ?, mail_labels = ?, name_labels = ?,
		version = version + 1 WHERE id = ?`,
		r.Position, r.Name, r.Enabled, list(r.Senders), r.Subject, list(r.Sources), list(r.MailLabels), list(r.NameLabels), r.ID)
}

func deleteRule(ctx context.Context, tx *db.Tx, id int64) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM customer_rule WHERE id = ?", id)
	return n == 1, err
}

// isOwn tells whether an address belongs to an inbox, or a domain to the
// address of one.
func isOwn(ctx context.Context, q db.Queryer, pattern string) (bool, error) {
	var n int
	if !wholeDomain(pattern) {
		err := q.QueryRow(ctx, "SELECT COUNT(*) FROM inbox_address WHERE address = ?", pattern).Scan(&n)
		return n > 0, err
	}
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM inbox_address WHERE address LIKE ? ESCAPE '!'", "%"+escaped(pattern)).Scan(&n)
	return n > 0, err
}

func ownAddresses(ctx context.Context, q db.Queryer) (map[string]bool, error) {
	out := map[string]bool{}
	err := db.Each(ctx, q, "SELECT address FROM inbox_address", nil, func(rows *sql.Rows) error {
		var a string
		err := rows.Scan(&a)
		out[a] = true
		return err
	})
	return out, err
}
