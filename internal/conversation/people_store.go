package conversation

import (
	"context"
	"database/sql"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func formatInt(n int64) string { return strconv.FormatInt(n, 10) }

// clip cuts at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func follows(ctx context.Context, q db.Queryer, conversation, agent int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation_follower WHERE conversation_id = ? AND agent_id = ?", conversation, agent).Scan(&n)
	return n > 0, err
}

func followsBy(ctx context.Context, q db.Queryer, conversation, agent int64, reason string) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation_follower WHERE conversation_id = ? AND agent_id = ? AND reason = ?",
		conversation, agent, reason).Scan(&n)
	return n > 0, err
}

// assignedTo lists conversations of an agent that are not done, oldest first.
func assignedTo(ctx context.Context, q db.Queryer, agent int64, limit int) ([]int64, error) {
	return ids(q.Query(ctx, "SELECT id FROM conversation WHERE assignee_id = ? AND status IN ('open', 'pending', 'snoozed') ORDER BY id LIMIT ?", agent, limit))
}

func followedBy(ctx context.Context, q db.Queryer, agent int64, limit int) ([]int64, error) {
	return ids(q.Query(ctx, "SELECT conversation_id FROM conversation_follower WHERE agent_id = ? ORDER BY at DESC LIMIT ?", agent, limit))
}

func follow(ctx context.Context, tx *db.Tx, conversation, agent int64, reason string, unread bool, at time.Time) error {
	return tx.Send(ctx, `INSERT INTO conversation_follower (conversation_id, agent_id, reason, unread, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (conversation_id, agent_id, reason) DO UPDATE SET unread = excluded.unread, at = excluded.at`,
		conversation, agent, reason, unread, at.UnixMilli())
}

func followersOf(ctx context.Context, q db.Queryer, conversation int64) (out []Follower, err error) {
	err = db.Each(ctx, q, `SELECT a.id, a.name, MAX(CASE WHEN f.reason = 'follow' THEN 1 ELSE 0 END), MAX(CASE WHEN f.reason = 'mention' THEN 1 ELSE 0 END)
		FROM conversation_follower f JOIN agent a ON a.id = f.agent_id WHERE f.conversation_id = ? AND a.active = TRUE
		GROUP BY a.id, a.name ORDER BY a.name, a.id LIMIT 200`, []any{conversation}, func(rows *sql.Rows) error {
		var f Follower
		var follows, mentioned int
		err := rows.Scan(&f.ID, &f.Name, &follows, &mentioned)
		f.Follows, f.Mentioned = follows > 0, mentioned > 0
		out = append(out, f)
		return err
	})
	return out, err
}

// teamAgents are the people of a team who work here.
func teamAgents(ctx context.Context, q db.Queryer, team int64) ([]int64, error) {
	return ids(q.Query(ctx, "SELECT a.id FROM team_member m JOIN agent a ON a.id = m.agent_id WHERE m.team_id = ? AND a.active = TRUE ORDER BY a.id LIMIT 1000", team))
}

func unfollow(ctx context.Context, tx *db.Tx, conversation, agent int64, reason string) error {
	return tx.Send(ctx, "DELETE FROM conversation_follower WHERE conversation_id = ? AND agent_id = ? AND reason = ?", conversation, agent, reason)
}

// wroteIn tells whether the address belongs to an author of the conversation's messages.
func wroteIn(ctx context.Context, q db.Queryer, conversation int64, address string) (bool, error) {
	var n int
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM customer_identity i JOIN conversation c ON c.customer_id = i.customer_id
		WHERE c.id = ? AND i.kind = 'email' AND i.value = ?`, conversation, address).Scan(&n)
	return n > 0, err
}

// agentName is the name of an agent, "" when there is none.
func agentName(ctx context.Context, q db.Queryer, id int64) (name string, err error) {
	if id == 0 {
		return "", nil
	}
	if a := access.From(ctx); a != nil && a.AgentID == id && a.Name != "" {
		return a.Name, nil
	}
	err = q.QueryRow(ctx, "SELECT name FROM agent WHERE id = ?", id).Scan(&name)
	if db.IsNoRows(err) {
		return "", nil
	}
	return name, err
}

// agentSignature is what the agent ends their mails with, "" when there is nothing.
func agentSignature(ctx context.Context, q db.Queryer, id int64) (text string, err error) {
	err = q.QueryRow(ctx, "SELECT signature FROM agent WHERE id = ?", id).Scan(&text)
	if db.IsNoRows(err) {
		return "", nil
	}
	return text, err
}

// activeAgent is id when that agent still works here, 0 otherwise.
func activeAgent(ctx context.Context, q db.Queryer, id int64) (int64, error) {
	var active bool
	err := q.QueryRow(ctx, "SELECT active FROM agent WHERE id = ?", id).Scan(&active)
	if db.IsNoRows(err) || err == nil && !active {
		return 0, nil
	}
	return id, err
}

func teamName(ctx context.Context, q db.Queryer, id int64) (name string, err error) {
	err = q.QueryRow(ctx, "SELECT name FROM team WHERE id = ?", id).Scan(&name)
	if db.IsNoRows(err) {
		return "", nil
	}
	return name, err
}

// customerAddress is where answers to the customer go: the address of the last
// inbound message of theirs, or of somebody who is a part of them now, otherwise
// their first e-mail address.
func customerAddress(ctx context.Context, q db.Queryer, conversation, customer int64) (p Person, err error) {
	err = q.QueryRow(ctx, wroteFromText, conversation, customer, customer).Scan(&p.Name, &p.Address)
	if !db.IsNoRows(err) {
		return p, err
	}
	return knownAddress(ctx, q, customer)
}

// wroteFromText is who a customer last wrote as in a conversation.
const wroteFromText = `SELECT author_name, author_address FROM message WHERE conversation_id = ? AND kind = 'inbound'
	AND (author_id = ? OR author_id IN (SELECT id FROM customer WHERE merged_into = ?)) AND author_address <> '' ORDER BY id DESC LIMIT 1`

// knownAddress is a customer's first address; nobody when there is none.
func knownAddress(ctx context.Context, q db.Queryer, customer int64) (p Person, err error) {
	err = q.QueryRow(ctx, `SELECT c.name, i.shown FROM customer c JOIN customer_identity i ON i.customer_id = c.id
		WHERE c.id = ? AND i.kind = 'email' ORDER BY i.id LIMIT 1`, customer).Scan(&p.Name, &p.Address)
	if db.IsNoRows(err) {
		return Person{}, nil
	}
	return p, err
}

func readMark(ctx context.Context, q db.Queryer, conversation, agent int64) (id int64, err error) {
	err = q.QueryRow(ctx, "SELECT message_id FROM conversation_read WHERE conversation_id = ? AND agent_id = ?", conversation, agent).Scan(&id)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return id, err
}

// furthestRead is how far anybody has read.
func furthestRead(ctx context.Context, q db.Queryer, conversation int64) (id int64, err error) {
	err = q.QueryRow(ctx, "SELECT COALESCE(MAX(message_id), 0) FROM conversation_read WHERE conversation_id = ?", conversation).Scan(&id)
	return id, err
}

func setReadMark(ctx context.Context, tx *db.Tx, conversation, agent, message int64) error {
	return tx.Send(ctx, `INSERT INTO conversation_read (conversation_id, agent_id, message_id) VALUES (?, ?, ?)
		ON CONFLICT (conversation_id, agent_id) DO UPDATE SET message_id = excluded.message_id`, conversation, agent, message)
}

func clearMention(ctx context.Context, tx *db.Tx, conversation, agent int64) error {
	return tx.Send(ctx, `UPDATE conversation_follower SET unread = FALSE
		WHERE conversation_id = ? AND agent_id = ? AND reason = 'mention' AND unread = TRUE`, conversation, agent)
}

func inboundBetween(ctx context.Context, q db.Queryer, conversation, after, upTo int64) ([]int64, error) {
	return ids(q.Query(ctx, `SELECT id FROM message WHERE conversation_id = ? AND id > ? AND id <= ? AND kind = 'inbound'
		ORDER BY id DESC LIMIT 100`, conversation, after, upTo))
}

// agentOf finds the active agent with the address, or the only one with the name.
func agentOf(ctx context.Context, q db.Queryer, address, name string) (id int64, is string, err error) {
	err = q.QueryRow(ctx, "SELECT id, name FROM agent WHERE email = ? AND active = TRUE", address).Scan(&id, &is)
	if !db.IsNoRows(err) || name == "" {
		if db.IsNoRows(err) {
			err = nil
		}
		return id, is, err
	}
	rows, err := q.Query(ctx, "SELECT id, name FROM agent WHERE name = ? AND active = TRUE LIMIT 2", name)
	if err != nil {
		return 0, "", err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(&id, &is); err != nil {
			return 0, "", err
		}
	}
	if n != 1 {
		id, is = 0, ""
	}
	return id, is, rows.Err()
}
