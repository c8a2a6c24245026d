package search

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
)

type queryer = db.Queryer

// hit is a document that matches and that the actor may see.
type hit struct{ doc, message, conversation int64 }

// visible is the rule of seeing. Customers whose every conversation is spam or
// trash are not found.
func visible(a *access.Actor) (string, []any) {
	sql, args := conversation.Visible(a, "c.")
	return "c.status NOT IN ('spam', 'trash', 'merged') AND " + sql, args
}

// see is the rule of seeing with what the query asks of conversations.
func (l *lookup) see() test {
	sql, args := conversation.Visible(l.actor, "c.")
	more := all(l.narrow())
	return test{sql + more.sql, append(args, more.args...)}
}

// active tests when something happened last, in ms.
func active(since int64) test { return test{"c.last_activity_at >= ?", []any{since}} }

// window is how many candidates are read at once, at most, where people are tested.
const window = 500

// matches returns up to n hits older than before, newest first, and the key
// behind which candidates were not looked at, 0 = all were.
func (l *lookup) matches(ctx context.Context, d *db.DB, before int64, n int) (found []hit, end int64, err error) {
	if l.blind {
		return nil, 0, nil
	}
	if l.newest < never {
		before = min(before, l.newest<<counterBits)
	}
	tests := l.testers()
	if len(tests) == 0 {
		return l.page(ctx, d, before, n)
	}
	size := min(2*n, window)
	for looked := 0; looked < maxCandidates; {
		some, end, err := l.page(ctx, d, before, size)
		if err != nil {
			return nil, 0, err
		}
		full := len(some) == size
		if full {
			before = some[size-1].doc
		}
		looked += len(some)
		kept, err := l.keep(ctx, d, some, tests)
		if err != nil {
			return nil, 0, err
		}
		found = append(found, kept...)
		switch {
		case len(found) >= n:
			return found[:n], 0, nil
		case !full:
			return found, end, nil
		}
		size = min(2*size, window, maxCandidates-looked)
	}
	return found, before, nil
}

// page returns up to n hits of what the database tests.
func (l *lookup) page(ctx context.Context, d *db.DB, before int64, n int) (found []hit, end int64, err error) {
	switch {
	case l.find.Empty():
		found, err = l.walk(ctx, d, d.Dialect, before, n)
	case d.Dialect == db.SQLite:
		found, err = l.walkSQLite(ctx, d, before, n)
	default:
		return l.sweep(ctx, d, before, n)
	}
	if err != nil || len(found) == n {
		return found, 0, err
	}
	end, err = l.bound(ctx, d, before)
	return found, end, err
}

// from is the key that documents have at least.
func (l *lookup) from() int64 { return l.oldest << counterBits }

// walk takes the newest documents, whatever their words.
func (l *lookup) walk(ctx context.Context, q queryer, d db.Dialect, before int64, n int) ([]hit, error) {
	see, of := l.see(), all(l.ofMessage())
	args := slices.Concat([]any{before, l.from(), maxCandidates}, see.args, of.args, []any{n})
	return hits(q.Query(ctx, walkText(d, see.sql, of.sql), args...))
}

func walkText(d db.Dialect, see, of string) string {
	newest := `SELECT d.doc, d.message_id, d.conversation_id
		FROM (SELECT doc, message_id, conversation_id FROM search_document WHERE doc < ? AND doc >= ? ORDER BY doc DESC LIMIT ?) d`
	if d == db.Postgres {
		return newest + " WHERE " + one(see) + of + " ORDER BY d.doc DESC LIMIT ?"
	}
	return newest + " CROSS JOIN conversation c WHERE c.id = d.conversation_id AND " + see + of + " LIMIT ?"
}

// walkSQLite takes documents from the index in the order of their keys until
// there are enough.
func (l *lookup) walkSQLite(ctx context.Context, q queryer, before int64, n int) ([]hit, error) {
	see, of := l.see(), all(l.ofMessage())
	args := slices.Concat([]any{l.scoped.FTS5(), before, l.from(), maxCandidates}, see.args, of.args, []any{n})
	return hits(q.Query(ctx, matchSQLite(see.sql+of.sql), args...))
}

// matchSQLite reads the index through a coroutine, in its order and no further
// than the page needs.
func matchSQLite(see string) string {
	return `SELECT d.doc, d.message_id, d.conversation_id
		FROM (SELECT rowid AS doc FROM search_index WHERE search_index MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?) s
			CROSS JOIN search_document d CROSS JOIN conversation c
		WHERE d.doc = s.doc AND c.id = d.conversation_id AND ` + see + " LIMIT ?"
}

// one is the test of one document's conversation. A join would be planned as
// reading all conversations: how many rows are tested is known only later.
func one(see string) string {
	return "COALESCE((SELECT TRUE FROM conversation c WHERE c.id = d.conversation_id AND " + see + "), FALSE)"
}

// bound is the last candidate that a call looks at, 0 when there are fewer.
func (l *lookup) bound(ctx context.Context, q queryer, before int64) (end int64, err error) {
	text, args := "SELECT doc FROM search_document WHERE doc < ? AND doc >= ? ORDER BY doc DESC LIMIT 1 OFFSET ?", []any{before, l.from(), maxCandidates - 1}
	if !l.find.Empty() {
		text = "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
		args = append([]any{l.scoped.FTS5()}, args...)
	}
	err = q.QueryRow(ctx, text, args...).Scan(&end)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return end, err
}

func hits(rows *sql.Rows, err error) (out []hit, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h hit
		if err := rows.Scan(&h.doc, &h.message, &h.conversation); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// body is what is shown of a message.
type body struct {
	subject, text, name, address string
	first                        bool
	origin                       int64 // the conversation that it came to
	side                         int64 // the side conversation, 0 = none
	at                           time.Time
}

func (b body) author() string { return strings.TrimSpace(b.name + " " + b.address) }

func bodies(ctx context.Context, q queryer, found []hit) (map[int64]body, error) {
	if len(found) == 0 {
		return nil, nil
	}
	args := []any{maxShown}
	for _, h := range found {
		args = append(args, h.message)
	}
	for len(args)%26 != 0 { // few different texts are prepared
		args = append(args, int64(0))
	}
	rows, err := q.Query(ctx, `SELECT m.id, CASE WHEN m.side_id > 0 THEN m.subject ELSE c.subject END, substr(m.text, 1, ?), m.author_name, m.author_address, m.created_at,
			(SELECT COUNT(*) FROM (SELECT 1 FROM message p WHERE p.conversation_id = m.conversation_id AND p.id < m.id AND p.kind <> 'event'
				AND p.origin_conversation_id = m.origin_conversation_id LIMIT 1) b),
			m.origin_conversation_id, m.side_id
		FROM message m CROSS JOIN conversation c WHERE m.id IN (`+db.Marks(len(args)-1)+") AND c.id = m.conversation_id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[int64]body, len(found))
	for rows.Next() {
		var id, at int64
		var before int
		var b body
		if err := rows.Scan(&id, &b.subject, &b.text, &b.name, &b.address, &at, &before, &b.origin, &b.side); err != nil {
			return nil, err
		}
		b.first, b.at = before == 0, time.UnixMilli(at).UTC()
		out[id] = b
	}
	return out, rows.Err()
}

func allLanguages(ctx context.Context, q queryer) ([]string, error) {
	return column[string](q.Query(ctx, "SELECT DISTINCT languages FROM inbox LIMIT 100"))
}

// scopeWords name what a restricted actor may see: their inboxes, and the newest
// conversations elsewhere that are assigned to them or that they follow.
func scopeWords(ctx context.Context, q queryer, a *access.Actor) ([]string, error) {
	var words []string
	for _, l := range []access.Level{access.Any, access.Team, access.Own} {
		for _, id := range a.Scope.InboxesAt(l) {
			words = append(words, inInbox(id))
		}
	}
	if a.AgentID == 0 {
		return words, nil
	}
	ids, err := outside(ctx, q, a)
	for _, id := range ids {
		words = append(words, inConversation(id))
	}
	return words, err
}

// outside lists conversations that the actor may read outside of their inboxes.
func outside(ctx context.Context, q queryer, a *access.Actor) (ids []int64, err error) {
	var arms []string
	var args []any
	for _, status := range []string{"open", "pending", "snoozed", "closed"} {
		arms = append(arms, `SELECT id, inbox_id, last_activity_at FROM (SELECT id, inbox_id, last_activity_at FROM conversation
			WHERE assignee_id = ? AND status = '`+status+"' ORDER BY last_activity_at DESC, id DESC LIMIT ?) a")
		args = append(args, a.AgentID, maxOutside)
	}
	for _, reason := range []string{"follow", "mention"} {
		arms = append(arms, `SELECT conversation_id, inbox_id, last_activity_at FROM (SELECT conversation_id, inbox_id, last_activity_at FROM conversation_follower
			WHERE agent_id = ? AND reason = '`+reason+"' ORDER BY at DESC LIMIT ?) f")
		args = append(args, a.AgentID, maxOutside)
	}
	rows, err := q.Query(ctx, strings.Join(arms, " UNION ALL ")+" ORDER BY last_activity_at DESC", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	seen := map[int64]bool{}
	for rows.Next() && len(ids) < maxOutside {
		var id, inbox, at int64
		if err := rows.Scan(&id, &inbox, &at); err != nil {
			return nil, err
		}
		if !seen[id] && a.Scope.Level(inbox) == access.None {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, rows.Err()
}

// who is a customer found by an address.
type who struct {
	id            int64
	name, address string
	at            time.Time
}

// customers are those whose address begins with prefix and of whom the actor
// may see a conversation, at most twenty.
func customers(ctx context.Context, q queryer, a *access.Actor, prefix string) ([]who, error) {
	see, args := visible(a)
	rows, err := q.Query(ctx, `SELECT u.id, u.name, i.shown, u.created_at
		FROM (SELECT customer_id, MIN(shown) AS shown FROM (SELECT customer_id, shown FROM customer_identity
			WHERE kind = 'email' AND value >= ? AND value < ? ORDER BY value LIMIT 100) p GROUP BY customer_id) i CROSS JOIN customer u
		WHERE u.id = i.customer_id AND EXISTS (SELECT 1 FROM conversation c WHERE c.customer_id = u.id AND `+see+`)
		ORDER BY u.created_at DESC, u.id DESC LIMIT 20`, append([]any{prefix, prefix + "\U0010FFFF"}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []who
	for rows.Next() {
		var w who
		var at int64
		if err := rows.Scan(&w.id, &w.name, &w.address, &at); err != nil {
			return nil, err
		}
		w.at = time.UnixMilli(at).UTC()
		out = append(out, w)
	}
	return out, rows.Err()
}
