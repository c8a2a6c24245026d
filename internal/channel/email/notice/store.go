package notice

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// load reads the settings and the sealed password.
func load(ctx context.Context, q db.Queryer, lock string) (s Settings, sealed []byte, err error) {
	var smtp string
	var good, bad int64
	err = q.QueryRow(ctx, "SELECT inbox_id, address, name, smtp, smtp_secret, last_success_at, last_error, last_error_at, version FROM mail_sender WHERE id = 1"+lock).
		Scan(&s.Inbox, &s.Address, &s.Name, &smtp, &sealed, &good, &s.LastError, &bad, &s.Version)
	if db.IsNoRows(err) {
		return s, nil, nil
	}
	if err != nil {
		return s, nil, err
	}
	s.PasswordSet, s.LastSuccessAt, s.LastErrorAt = sealed != nil, web.Millis(good), web.Millis(bad)
	if smtp == "" {
		return s, sealed, nil
	}
	return s, sealed, json.Unmarshal([]byte(smtp), &s.SMTP)
}

func save(ctx context.Context, tx *db.Tx, s Settings) error {
	smtp, err := json.Marshal(s.SMTP)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO mail_sender (id, inbox_id, address, name, smtp) VALUES (1, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET inbox_id = excluded.inbox_id, address = excluded.address, name = excluded.name,
			smtp = excluded.smtp, last_error = '', last_error_at = 0, version = mail_sender.version + 1`,
		s.Inbox, s.Address, s.Name, string(smtp))
}

func setSecret(ctx context.Context, tx *db.Tx, sealed []byte) error {
	return tx.Send(ctx, "UPDATE mail_sender SET smtp_secret = ? WHERE id = 1", sealed)
}

func remove(ctx context.Context, tx *db.Tx) error {
	return tx.Send(ctx, "DELETE FROM mail_sender WHERE id = 1")
}

func setHealth(ctx context.Context, tx *db.Tx, at time.Time, trouble string) error {
	if trouble == "" {
		return tx.Send(ctx, "UPDATE mail_sender SET last_success_at = ?, last_error = '', last_error_at = 0 WHERE id = 1", at.UnixMilli())
	}
	return tx.Send(ctx, "UPDATE mail_sender SET last_error = ?, last_error_at = ? WHERE id = 1", trouble, at.UnixMilli())
}

// words are what a mail says beside its template.
type words struct {
	Name string `json:"name,omitempty"`
	By   string `json:"by,omitempty"`
}

// row is one mail of table notice.
type row struct {
	id         int64
	kind       string
	to         string
	locale     string
	words      words
	link       []byte // sealed
	expiresAt  time.Time
	invitation int64
	rfcID      string // without the domain
	state      string
	createdAt  time.Time
}

func insertNotice(ctx context.Context, tx *db.Tx, r row) (id int64, err error) {
	text, err := json.Marshal(r.words)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO notice (kind, recipient, locale, words, expires_at, invitation, rfc_id, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?) RETURNING id`,
		r.kind, r.to, r.locale, string(text), millis(r.expiresAt), r.invitation, r.rfcID, r.createdAt.UnixMilli()).Scan(&id)
	return id, err
}

// dropQueued deletes those of a kind that wait; there are few.
func dropQueued(ctx context.Context, tx *db.Tx, kind, by string) error {
	var found []int64
	err := db.Each(ctx, tx, "SELECT id, words FROM notice WHERE kind = ? AND state = 'queued'", []any{kind}, func(rows *sql.Rows) error {
		var id int64
		var text string
		var w words
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &w); err == nil && w.By == by {
			found = append(found, id)
		}
		return nil
	})
	for _, id := range found {
		if err := tx.Send(ctx, "DELETE FROM notice WHERE id = ?", id); err != nil {
			return err
		}
	}
	return err
}

func setLink(ctx context.Context, tx *db.Tx, id int64, sealed []byte) error {
	return tx.Send(ctx, "UPDATE notice SET link_secret = ? WHERE id = ?", sealed, id)
}

func readNotice(ctx context.Context, q db.Queryer, id int64) (r row, err error) {
	var text string
	var expires, created int64
	r.id = id
	err = q.QueryRow(ctx, "SELECT kind, recipient, locale, words, link_secret, expires_at, invitation, rfc_id, state, created_at FROM notice WHERE id = ?", id).
		Scan(&r.kind, &r.to, &r.locale, &text, &r.link, &expires, &r.invitation, &r.rfcID, &r.state, &created)
	if err != nil {
		return r, err
	}
	r.expiresAt, r.createdAt = web.Millis(expires), web.Millis(created)
	return r, json.Unmarshal([]byte(text), &r.words)
}

// finishNotice ends a mail; the link in it is not needed any more.
func finishNotice(ctx context.Context, tx *db.Tx, id int64, state, trouble string, at time.Time) error {
	return tx.Send(ctx, "UPDATE notice SET state = ?, error = ?, sent_at = ?, link_secret = NULL WHERE id = ? AND state = 'queued'",
		state, trouble, at.UnixMilli(), id)
}

func invitationMails(ctx context.Context, q db.Queryer, ids []int64) (map[int64]access.MailState, error) {
	out := map[int64]access.MailState{}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := db.Each(ctx, q, "SELECT invitation, state, error, created_at, sent_at FROM notice WHERE invitation IN ("+db.Marks(len(ids))+") ORDER BY id", args,
		func(rows *sql.Rows) error {
			var id, created, sent int64
			var m access.MailState
			if err := rows.Scan(&id, &m.State, &m.Error, &created, &sent); err != nil {
				return err
			}
			m.At = web.Millis(max(created, sent))
			out[id] = m
			return nil
		})
	return out, err
}

func prune(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE created_at < ? ORDER BY created_at LIMIT ?)", before.UnixMilli(), limit)
}
