package inbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
)

const columns = `id, brand_id, channel, name, address, from_name, from_style, signature, footer, after_reply, reopen_days,
	languages, default_access, imap, imap_secret IS NOT NULL, smtp, smtp_secret IS NOT NULL, sending, catch_all, reply_token, trusted_authserv_ids, keep_cards, archived_at, created_at, version`

func scan(row interface{ Scan(...any) error }) (*Inbox, error) {
	var i Inbox
	var languages, imap, smtp, trusted, sending string
	var archived, created int64
	err := row.Scan(&i.ID, &i.Brand, &i.Channel, &i.Name, &i.Address, &i.FromName, &i.FromStyle, &i.Signature, &i.Footer,
		&i.AfterReply, &i.ReopenDays, &languages, &i.DefaultAccess, &imap, &i.IMAPPasswordSet, &smtp, &i.SMTPPasswordSet,
		&sending, &i.CatchAll, &i.ReplyToken, &trusted, &i.KeepCards, &archived, &created, &i.Version)
	if err != nil {
		return nil, err
	}
	i.CreatedAt = time.UnixMilli(created).UTC()
	if archived > 0 {
		i.ArchivedAt = time.UnixMilli(archived).UTC()
	}
	for _, part := range []struct {
		text string
		into any
	}{{languages, &i.Languages}, {imap, &i.IMAP}, {smtp, &i.SMTP}, {trusted, &i.TrustedAuthservIDs}, {sending, &i.Sending}} {
		if part.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return nil, err
		}
	}
	return &i, nil
}

func load(ctx context.Context, q db.Queryer, id ID, lock string) (*Inbox, error) {
	i, err := scan(q.QueryRow(ctx, "SELECT "+columns+" FROM inbox WHERE id = ?"+lock, int64(id)))
	if err != nil {
		return nil, err
	}
	return i, addParts(ctx, q, map[ID]*Inbox{id: i})
}

func loadAll(ctx context.Context, q db.Queryer, archived bool) ([]*Inbox, error) {
	where := " WHERE archived_at = 0"
	if archived {
		where = ""
	}
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM inbox"+where+" ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*Inbox
	byID := map[ID]*Inbox{}
	for rows.Next() {
		i, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
		byID[i.ID] = i
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, addParts(ctx, q, byID)
}

// addParts reads aliases and members of the inboxes in two queries.
func addParts(ctx context.Context, q db.Queryer, byID map[ID]*Inbox) error {
	var ids []any
	for id, i := range byID {
		ids = append(ids, int64(id))
		i.Aliases, i.Members = []string{}, []Member{}
	}
	if len(ids) == 0 {
		return nil
	}
	err := db.Each(ctx, q, "SELECT inbox_id, address FROM inbox_address WHERE inbox_id IN ("+db.Marks(len(ids))+") ORDER BY address", ids,
		func(rows *sql.Rows) error {
			var id ID
			var address string
			if err := rows.Scan(&id, &address); err != nil {
				return err
			}
			if i := byID[id]; address != Fold(i.Address) {
				i.Aliases = append(i.Aliases, address)
			}
			return nil
		})
	if err != nil {
		return err
	}
	return db.Each(ctx, q, "SELECT inbox_id, agent_id, access FROM inbox_member WHERE inbox_id IN ("+db.Marks(len(ids))+") ORDER BY agent_id", ids,
		func(rows *sql.Rows) error {
			var id ID
			var m Member
			if err := rows.Scan(&id, &m.AgentID, &m.Access); err != nil {
				return err
			}
			byID[id].Members = append(byID[id].Members, m)
			return nil
		})
}

func insert(ctx context.Context, tx *db.Tx, i *Inbox, at time.Time) (id ID, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO inbox (brand_id, channel, name, address, created_at)
		VALUES (?, ?, ?, ?, ?) RETURNING id`, i.Brand, i.Channel, i.Name, i.Address, at.UnixMilli()).Scan(&id)
	return id, err
}

// save writes everything but the secrets and raises the version.
func save(ctx context.Context, tx *db.Tx, i *Inbox) error {
	return tx.Send(ctx, `UPDATE inbox SET name = ?, address = ?, from_name = ?, from_style = ?, signature = ?, footer = ?,
			after_reply = ?, reopen_days = ?, languages = ?, default_access = ?, imap = ?, smtp = ?, trusted_authserv_ids = ?, sending = ?, catch_all = ?, keep_cards = ?, archived_at = ?, version = version + 1
		WHERE id = ?`,
		i.Name, i.Address, i.FromName, i.FromStyle, i.Signature, i.Footer, i.AfterReply, i.ReopenDays, text(i.Languages),
		string(i.DefaultAccess), serverText(i.IMAP.Set(), i.IMAP), serverText(i.SMTP.Set(), i.SMTP), text(i.TrustedAuthservIDs), text(i.Sending), i.CatchAll, i.KeepCards, millis(i.ArchivedAt), int64(i.ID))
}

func text(v any) string {
	b, _ := json.Marshal(v) // strings and numbers only
	return string(b)
}

func serverText(set bool, v any) string {
	if !set {
		return ""
	}
	return text(v)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// saveAddresses replaces the addresses; it names the one that belongs to another inbox.
func saveAddresses(ctx context.Context, tx *db.Tx, id ID, addresses []string) (taken string, err error) {
	if err := tx.Send(ctx, "DELETE FROM inbox_address WHERE inbox_id = ?", int64(id)); err != nil {
		return "", err
	}
	for _, a := range addresses {
		n, err := tx.Exec(ctx, "INSERT INTO inbox_address (address, inbox_id) VALUES (?, ?) ON CONFLICT DO NOTHING", Fold(a), int64(id))
		if err != nil {
			return "", err
		}
		if n == 0 {
			return a, nil
		}
	}
	return "", nil
}

// saveMembers replaces the members; it names an agent that does not exist.
func saveMembers(ctx context.Context, tx *db.Tx, id ID, members []Member) (unknown int64, err error) {
	if err := tx.Send(ctx, "DELETE FROM inbox_member WHERE inbox_id = ?", int64(id)); err != nil {
		return 0, err
	}
	for _, m := range members {
		n, err := tx.Exec(ctx, `INSERT INTO inbox_member (inbox_id, agent_id, access) SELECT ?, id, ? FROM agent WHERE id = ?`,
			int64(id), string(m.Access), m.AgentID)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return m.AgentID, nil
		}
	}
	return 0, nil
}

func setSecret(ctx context.Context, tx *db.Tx, id ID, column string, sealed []byte) error {
	var value any
	if sealed != nil {
		value = sealed
	}
	return tx.Send(ctx, "UPDATE inbox SET "+column+" = ? WHERE id = ?", value, int64(id))
}

func secrets(ctx context.Context, q db.Queryer, id ID) (imap, smtp []byte, err error) {
	err = q.QueryRow(ctx, "SELECT imap_secret, smtp_secret FROM inbox WHERE id = ?", int64(id)).Scan(&imap, &smtp)
	return imap, smtp, err
}

func setReplyToken(ctx context.Context, tx *db.Tx, id ID, works bool) error {
	return tx.Send(ctx, "UPDATE inbox SET reply_token = ? WHERE id = ?", works, int64(id))
}

func raiseVersion(ctx context.Context, tx *db.Tx, id ID) error {
	return tx.Send(ctx, "UPDATE inbox SET version = version + 1 WHERE id = ?", int64(id))
}

// wasRead tells whether the channel has begun to read a folder of the inbox.
func wasRead(ctx context.Context, q db.Queryer, id ID) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM mailbox WHERE inbox_id = ? AND next_uid > 0", int64(id)).Scan(&n)
	return n > 0, err
}

func ownerOf(ctx context.Context, q db.Queryer, address string) (id ID, err error) {
	err = q.QueryRow(ctx, "SELECT inbox_id FROM inbox_address WHERE address = ?", Fold(address)).Scan(&id)
	return id, err
}

// catcherOf finds the inbox that takes every address of the domain.
func catcherOf(ctx context.Context, q db.Queryer, domain string, but ID) (id ID, err error) {
	err = q.QueryRow(ctx, "SELECT id FROM inbox WHERE catch_all = TRUE AND archived_at = 0 AND id <> ? AND LOWER(address) LIKE ? ORDER BY id LIMIT 1",
		int64(but), "%@"+domain).Scan(&id)
	return id, err
}

func firstBrand(ctx context.Context, q db.Queryer) (id int64, err error) {
	err = q.QueryRow(ctx, "SELECT id FROM brand ORDER BY id LIMIT 1").Scan(&id)
	return id, err
}

func brandExists(ctx context.Context, q db.Queryer, id int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM brand WHERE id = ?", id).Scan(&n)
	return n > 0, err
}

func memberLevels(ctx context.Context, q db.Queryer, agent int64) (map[int64]access.Level, error) {
	out := map[int64]access.Level{}
	err := db.Each(ctx, q, `SELECT i.id, COALESCE(m.access, i.default_access) FROM inbox i
		LEFT JOIN inbox_member m ON m.inbox_id = i.id AND m.agent_id = ?`, []any{agent}, func(rows *sql.Rows) error {
		var id int64
		var l access.Level
		if err := rows.Scan(&id, &l); err != nil {
			return err
		}
		out[id] = l
		return nil
	})
	return out, err
}
