package access

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

var errNotThere = errs.New(errs.NotFound, "It is not there.")

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// inboxLevels is how much the agent sees of each inbox: the member's row, or
// else the inbox's default.
func inboxLevels(ctx context.Context, q db.Queryer, agent int64) (map[int64]Level, error) {
	out := map[int64]Level{}
	err := db.Each(ctx, q, `SELECT i.id, COALESCE(m.access, i.default_access) FROM inbox i
		LEFT JOIN inbox_member m ON m.inbox_id = i.id AND m.agent_id = ?`, []any{agent}, func(rows *sql.Rows) error {
		var id int64
		var l Level
		err := rows.Scan(&id, &l)
		if l != None {
			out[id] = l
		}
		return err
	})
	return out, err
}

// liveInboxes lists the inboxes that are not archived.
func liveInboxes(ctx context.Context, q db.Queryer) (ids []int64, err error) {
	err = db.Each(ctx, q, "SELECT id FROM inbox WHERE archived_at = 0 ORDER BY id", nil, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func insertSession(ctx context.Context, tx *db.Tx, agent int64, h hash, userAgent, ip string, at, expires time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO session (token_hash, agent_id, user_agent, ip, created_at, last_seen_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		h[:], agent, userAgent, ip, at.UnixMilli(), at.UnixMilli(), expires.UnixMilli()).Scan(&id)
	return id, err
}

func scanSession(row db.Row) (c credential, err error) {
	var created, seen, expires int64
	err = row.Scan(&c.session, &c.agent, &created, &seen, &expires)
	if db.IsNoRows(err) {
		return c, errNotThere
	}
	c.created, c.used, c.expires = instant(created), instant(seen), instant(expires)
	return c, err
}

const sessionColumns = "SELECT id, agent_id, created_at, last_seen_at, expires_at FROM session WHERE "

func findSession(ctx context.Context, q db.Queryer, h hash) (credential, error) {
	return scanSession(q.QueryRow(ctx, sessionColumns+"token_hash = ?", h[:]))
}

func scanKey(row db.Row) (c credential, err error) {
	var created, used, expires int64
	var scopes string
	err = row.Scan(&c.key, &c.agent, &scopes, &created, &used, &expires)
	if db.IsNoRows(err) {
		return c, errNotThere
	}
	if err != nil {
		return c, err
	}
	c.created, c.used, c.expires = instant(created), instant(used), instant(expires)
	if err := json.Unmarshal([]byte(scopes), &c.scopes); err != nil {
		return c, err
	}
	if len(c.scopes) == 0 {
		c.scopes = nil
	}
	return c, nil
}

const keyColumns = "SELECT id, agent_id, scopes, created_at, last_used_at, expires_at FROM api_key WHERE "

func findKey(ctx context.Context, q db.Queryer, h hash) (credential, error) {
	return scanKey(q.QueryRow(ctx, keyColumns+"token_hash = ?", h[:]))
}

// findByID reads the session, or else the key, with this id.
func findByID(ctx context.Context, q db.Queryer, session, key int64) (credential, error) {
	if session != 0 {
		return scanSession(q.QueryRow(ctx, sessionColumns+"id = ?", session))
	}
	return scanKey(q.QueryRow(ctx, keyColumns+"id = ?", key))
}

func signedInFrom(ctx context.Context, q db.Queryer, agent int64, ip string) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM session WHERE agent_id = ? AND ip = ? LIMIT 1) AS one", agent, ip).Scan(&n)
	return n > 0, err
}

func readSessions(ctx context.Context, q db.Queryer, agent int64, now time.Time) (out []Session, err error) {
	err = db.Each(ctx, q, `SELECT id, user_agent, ip, created_at, last_seen_at FROM session
		WHERE agent_id = ? AND expires_at > ? ORDER BY id DESC LIMIT 200`, []any{agent, now.UnixMilli()}, func(rows *sql.Rows) error {
		s := Session{Agent: agent}
		var created, seen int64
		err := rows.Scan(&s.ID, &s.UserAgent, &s.Address, &created, &seen)
		s.CreatedAt, s.LastSeenAt = instant(created), instant(seen)
		out = append(out, s)
		return err
	})
	return out, err
}

func deleteSession(ctx context.Context, tx *db.Tx, agent, id int64) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM session WHERE id = ? AND agent_id = ?", id, agent)
}

// endSessions ends all sessions of an agent but one.
func endSessions(ctx context.Context, tx *db.Tx, agent, but int64) error {
	return tx.Send(ctx, "DELETE FROM session WHERE agent_id = ? AND id <> ?", agent, but)
}

// touchSession writes the use of a session and moves its end, but not beyond sessionLife.
func touchSession(ctx context.Context, tx *db.Tx, id int64, at time.Time) (agent int64, err error) {
	idle, life := at.Add(sessionIdle).UnixMilli(), sessionLife.Milliseconds()
	err = tx.QueryRow(ctx, `UPDATE session SET last_seen_at = ?,
			expires_at = CASE WHEN created_at + ? < ? THEN created_at + ? ELSE ? END
		WHERE id = ? AND last_seen_at < ? RETURNING agent_id`, at.UnixMilli(), life, idle, life, idle, id, at.UnixMilli()).Scan(&agent)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return agent, err
}

func touchKey(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	return tx.Send(ctx, "UPDATE api_key SET last_used_at = ? WHERE id = ? AND last_used_at < ?", at.UnixMilli(), id, at.UnixMilli())
}

// someExpired spares a write transaction when nothing has ended.
func someExpired(ctx context.Context, q db.Queryer, now time.Time) (bool, error) {
	var n int
	err := q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM session WHERE expires_at <= ? LIMIT 1) AS s)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM one_time_token WHERE expires_at <= ? LIMIT 1) AS t)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM throttle WHERE full_at <= ? LIMIT 1) AS d)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM session WHERE expires_at > ? LIMIT 1) AS a)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM one_time_token WHERE created_at > ? LIMIT 1) AS l)`,
		now.UnixMilli(), now.UnixMilli(), now.UnixMilli(), now.Add(sessionIdle+ahead).UnixMilli(), now.Add(ahead).UnixMilli()).Scan(&n)
	return n > 0, err
}

// ahead is how much later than now something may be dated before it counts as
// written by a clock that ran ahead.
const ahead = 10 * time.Minute

// backToNow makes what such a clock has dated live as long as it would have,
// from now on: a link of half an hour does not become one of a year.
func backToNow(ctx context.Context, tx *db.Tx, now time.Time) error {
	ms, idle := now.UnixMilli(), now.Add(sessionIdle)
	if err := tx.Send(ctx, `UPDATE session SET expires_at = ?, created_at = CASE WHEN created_at > ? THEN ? ELSE created_at END,
			last_seen_at = CASE WHEN last_seen_at > ? THEN ? ELSE last_seen_at END
		WHERE expires_at > ?`, idle.UnixMilli(), ms, ms, ms, ms, idle.Add(ahead).UnixMilli()); err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE one_time_token SET expires_at = ? + (expires_at - created_at), created_at = ? WHERE created_at > ?",
		ms, ms, now.Add(ahead).UnixMilli())
}

// expiredTogether bounds one round, of which there is one each half a minute.
const expiredTogether = 1000

func deleteExpired(ctx context.Context, tx *db.Tx, now time.Time) error {
	if err := backToNow(ctx, tx, now); err != nil {
		return err
	}
	if err := tx.Send(ctx, "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at <= ? LIMIT ?)", now.UnixMilli(), expiredTogether); err != nil {
		return err
	}
	if err := tx.Send(ctx, "DELETE FROM one_time_token WHERE id IN (SELECT id FROM one_time_token WHERE expires_at <= ? LIMIT ?)", now.UnixMilli(), expiredTogether); err != nil {
		return err
	}
	return deleteFull(ctx, tx, now, expiredTogether)
}

func insertKey(ctx context.Context, tx *db.Tx, k APIKey, h hash) (id int64, err error) {
	scopes, err := json.Marshal(append([]Permission{}, k.Scopes...))
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO api_key (agent_id, name, prefix, token_hash, scopes, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		k.Agent, k.Name, k.Prefix, h[:], string(scopes), k.CreatedAt.UnixMilli(), millis(k.ExpiresAt)).Scan(&id)
	return id, err
}

func readKeys(ctx context.Context, q db.Queryer, before int64, limit int) (out []APIKey, err error) {
	if before == 0 {
		before = 1 << 62
	}
	err = db.Each(ctx, q, `SELECT id, agent_id, name, prefix, scopes, created_at, last_used_at, expires_at FROM api_key
		WHERE id < ? ORDER BY id DESC LIMIT ?`, []any{before, limit}, func(rows *sql.Rows) error {
		var k APIKey
		var scopes string
		var created, used, expires int64
		if err := rows.Scan(&k.ID, &k.Agent, &k.Name, &k.Prefix, &scopes, &created, &used, &expires); err != nil {
			return err
		}
		k.CreatedAt, k.LastUsedAt, k.ExpiresAt = instant(created), instant(used), instant(expires)
		err := json.Unmarshal([]byte(scopes), &k.Scopes)
		out = append(out, k)
		return err
	})
	return out, err
}

func deleteKey(ctx context.Context, tx *db.Tx, id int64) (agent int64, err error) {
	err = tx.QueryRow(ctx, "DELETE FROM api_key WHERE id = ? RETURNING agent_id", id).Scan(&agent)
	if db.IsNoRows(err) {
		err = errs.New(errs.NotFound, "There is no such API key.")
	}
	return agent, err
}

// deleteKeys ends all keys of an agent and says which they were.
func deleteKeys(ctx context.Context, tx *db.Tx, agent int64) (out []APIKey, err error) {
	rows, err := tx.Query(ctx, "DELETE FROM api_key WHERE agent_id = ? RETURNING id, name, prefix", agent)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		k := APIKey{Agent: agent}
		if err := rows.Scan(&k.ID, &k.Name, &k.Prefix); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}

func readKey(ctx context.Context, q db.Queryer, id int64) (k APIKey, err error) {
	var scopes string
	var created, used, expires int64
	err = q.QueryRow(ctx, `SELECT id, agent_id, name, prefix, scopes, created_at, last_used_at, expires_at FROM api_key WHERE id = ?`, id).
		Scan(&k.ID, &k.Agent, &k.Name, &k.Prefix, &scopes, &created, &used, &expires)
	if db.IsNoRows(err) {
		return k, errs.New(errs.NotFound, "There is no such API key.")
	}
	if err != nil {
		return k, err
	}
	k.CreatedAt, k.LastUsedAt, k.ExpiresAt = instant(created), instant(used), instant(expires)
	return k, json.Unmarshal([]byte(scopes), &k.Scopes)
}

func readInvitation(ctx context.Context, q db.Queryer, id int64, now time.Time) (Invitation, error) {
	i, err := scanLink(q.QueryRow(ctx, linkColumns+" AND id = ?", forInvitation, now.UnixMilli(), id))
	if db.IsNoRows(err) {
		err = errs.New(errs.NotFound, "There is no such invitation.")
	}
	return i, err
}

func sessionByID(ctx context.Context, q db.Queryer, agent, id int64) (s Session, err error) {
	s = Session{ID: id, Agent: agent}
	var created, seen int64
	err = q.QueryRow(ctx, "SELECT user_agent, ip, created_at, last_seen_at FROM session WHERE id = ? AND agent_id = ?", id, agent).
		Scan(&s.UserAgent, &s.Address, &created, &seen)
	if db.IsNoRows(err) {
		return s, errNoSession
	}
	s.CreatedAt, s.LastSeenAt = instant(created), instant(seen)
	return s, err
}

func countSessions(ctx context.Context, q db.Queryer, agent int64, now time.Time) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM session WHERE agent_id = ? AND expires_at > ?", agent, now.UnixMilli()).Scan(&n)
	return n, err
}

func insertLink(ctx context.Context, tx *db.Tx, purpose, subject string, h hash, data string, by int64, at, expires time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO one_time_token (purpose, subject, token_hash, data, created_by, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		purpose, subject, h[:], data, by, at.UnixMilli(), expires.UnixMilli()).Scan(&id)
	return id, err
}

func deleteLinks(ctx context.Context, tx *db.Tx, purpose, subject string) error {
	return tx.Send(ctx, "DELETE FROM one_time_token WHERE purpose = ? AND subject = ?", purpose, subject)
}

func deleteLink(ctx context.Context, tx *db.Tx, purpose string, id int64) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM one_time_token WHERE purpose = ? AND id = ?", purpose, id)
}

// newestLink holds for the newest link of its purpose and subject: two made at
// the same moment do not see each other to delete.
const newestLink = ` AND id = (SELECT MAX(n.id) FROM one_time_token n
	WHERE n.purpose = one_time_token.purpose AND n.subject = one_time_token.subject)`

// takeLink deletes a link that still lives: whoever deletes it has used it.
func takeLink(ctx context.Context, tx *db.Tx, purpose string, h hash, now time.Time) (subject, data string, err error) {
	err = tx.QueryRow(ctx, `DELETE FROM one_time_token WHERE token_hash = ? AND purpose = ? AND expires_at > ?`+newestLink+`
		RETURNING subject, data`, h[:], purpose, now.UnixMilli()).Scan(&subject, &data)
	if db.IsNoRows(err) {
		err = errLink
	}
	return subject, data, err
}

const linkColumns = "SELECT id, subject, data, created_at, expires_at FROM one_time_token WHERE purpose = ? AND expires_at > ?" + newestLink

func scanLink(row interface{ Scan(...any) error }) (i Invitation, err error) {
	var text string
	var created, expires int64
	if err := row.Scan(&i.ID, &i.Email, &text, &created, &expires); err != nil {
		return i, err
	}
	var data invited
	err = json.Unmarshal([]byte(text), &data)
	i.Name, i.Role, i.Teams, i.Inboxes = data.Name, data.Role, data.Teams, data.Inboxes
	i.CreatedAt, i.ExpiresAt = instant(created), instant(expires)
	return i, err
}

// readLink looks at a link without using it.
func readLink(ctx context.Context, q db.Queryer, purpose string, h hash, now time.Time) (Invitation, error) {
	i, err := scanLink(q.QueryRow(ctx, linkColumns+" AND token_hash = ?", purpose, now.UnixMilli(), h[:]))
	if db.IsNoRows(err) {
		err = errLink
	}
	return i, err
}

// linkSubject is whom a link that still lives is for.
func linkSubject(ctx context.Context, q db.Queryer, purpose string, h hash, now time.Time) (subject string, err error) {
	err = q.QueryRow(ctx, "SELECT subject FROM one_time_token WHERE purpose = ? AND expires_at > ?"+newestLink+" AND token_hash = ?",
		purpose, now.UnixMilli(), h[:]).Scan(&subject)
	if db.IsNoRows(err) {
		err = errLink
	}
	return subject, err
}

func readInvitations(ctx context.Context, q db.Queryer, now time.Time) (out []Invitation, err error) {
	err = db.Each(ctx, q, linkColumns+" ORDER BY id DESC LIMIT 1000", []any{forInvitation, now.UnixMilli()}, func(rows *sql.Rows) error {
		i, err := scanLink(rows)
		out = append(out, i)
		return err
	})
	return out, err
}

// stillThere leaves out the teams and inboxes that were deleted since an invitation.
func stillThere(ctx context.Context, q db.Queryer, in invited) (teams []int64, inboxes []team.InboxAccess, err error) {
	for _, id := range in.Teams {
		var n int
		if err := q.QueryRow(ctx, "SELECT COUNT(*) FROM team WHERE id = ?", id).Scan(&n); err != nil {
			return nil, nil, err
		}
		if n > 0 {
			teams = append(teams, id)
		}
	}
	for _, i := range in.Inboxes {
		var n int
		if err := q.QueryRow(ctx, "SELECT COUNT(*) FROM inbox WHERE id = ?", i.InboxID).Scan(&n); err != nil {
			return nil, nil, err
		}
		if n > 0 {
			inboxes = append(inboxes, i)
		}
	}
	return teams, inboxes, nil
}
