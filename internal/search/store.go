package search

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// content is a message with what is indexed of it.
type content struct {
	conversation, customer, inbox int64
	origin                        int64 // the conversation that it came to; another one after a merge
	subject, text, name, address  string
	first                         bool // of its conversation: carries subject and number
	languages                     string
	files                         []file
	at                            time.Time
	doc                           int64 // where it stands already, 0 = nowhere
	free                          bool  // nothing stands at its key
}

// source reads what is indexed of a message; ok is false where there is nothing.
func source(ctx context.Context, q db.Queryer, message int64) (c content, ok bool, err error) {
	var at, side int64
	var before, files int
	err = q.QueryRow(ctx, `SELECT m.conversation_id, m.origin_conversation_id, c.customer_id, c.inbox_id, CASE WHEN m.side_id > 0 THEN m.subject ELSE COALESCE(o.subject, c.subject) END, m.text, m.author_name, m.author_address,
			i.languages, m.created_at,
			(SELECT COUNT(*) FROM (SELECT 1 FROM message p WHERE p.conversation_id = m.conversation_id AND p.id < m.id AND p.kind <> 'event'
				AND p.origin_conversation_id = m.origin_conversation_id LIMIT 1) b),
			(SELECT COUNT(*) FROM attachment a WHERE a.message_id = m.id),
			COALESCE((SELECT d.doc FROM search_document d WHERE d.message_id = m.id LIMIT 1), 0), m.side_id,
			NOT EXISTS (SELECT 1 FROM search_document t WHERE t.doc = (m.created_at << 20) | (m.id & 1048575))
		FROM message m CROSS JOIN conversation c CROSS JOIN inbox i LEFT JOIN conversation o ON o.id = m.origin_conversation_id
		WHERE m.id = ? AND m.kind <> 'event' AND c.id = m.conversation_id AND i.id = c.inbox_id`, message).
		Scan(&c.conversation, &c.origin, &c.customer, &c.inbox, &c.subject, &c.text, &c.name, &c.address, &c.languages, &at, &before, &files, &c.doc, &side, &c.free)
	if db.IsNoRows(err) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	c.at, c.first = time.UnixMilli(at), before == 0
	c.free = c.free && keyOf(c.at, message)>>counterBits == at
	if side > 0 {
		c.first = false // a side conversation has a subject of its own, and no number
	} else if !c.first {
		c.subject = ""
	}
	if files > 0 {
		c.files, err = filesOf(ctx, q, message)
	}
	return c, err == nil, err
}

func column[T any](rows *sql.Rows, err error) (out []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// insert writes a document at the first free key from its time on.
func insert(ctx context.Context, tx *db.Tx, message int64, c content, terms text.Terms) error {
	if c.free && tx.Dialect == db.Postgres { // nobody has to wait for the answer
		return tx.Send(ctx, `INSERT INTO search_document (doc, message_id, conversation_id, customer_id, analyzer, terms)
			VALUES (?, ?, ?, ?, ?, ?::text::tsvector)`, keyOf(c.at, message), message, c.conversation, c.customer, text.AnalyzerVersion, terms.TSVector())
	}
	for doc := keyOf(c.at, message); ; doc++ {
		args := []any{doc, message, c.conversation, c.customer, text.AnalyzerVersion}
		into := `INSERT INTO search_document (doc, message_id, conversation_id, customer_id, analyzer) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (doc) DO NOTHING`
		if tx.Dialect == db.Postgres {
			into = `INSERT INTO search_document (doc, message_id, conversation_id, customer_id, analyzer, terms)
				VALUES (?, ?, ?, ?, ?, ?::text::tsvector) ON CONFLICT (doc) DO NOTHING`
			args = append(args, terms.TSVector())
		}
		n, err := tx.Exec(ctx, into, args...)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if tx.Dialect == db.SQLite {
			err = laterOf(tx).add(ctx, tx, doc, terms.FTS5())
		}
		return err
	}
}

func remove(ctx context.Context, tx *db.Tx, doc int64) error {
	if err := tx.Send(ctx, "DELETE FROM search_document WHERE doc = ?", doc); err != nil || tx.Dialect == db.Postgres {
		return err
	}
	if laterOf(tx).drop(doc) {
		return nil
	}
	return tx.Send(ctx, "DELETE FROM search_index WHERE rowid = ?", doc)
}

// documentOf is the key of a message's document, 0 = it has none.
func documentOf(ctx context.Context, q db.Queryer, message int64) (doc int64, err error) {
	// Not MAX(doc): without statistics PostgreSQL walks the primary key for it.
	err = q.QueryRow(ctx, "SELECT doc FROM search_document WHERE message_id = ? LIMIT 1", message).Scan(&doc)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return doc, err
}

func isVersion(ctx context.Context, q db.Queryer, doc int64, version int) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM search_document WHERE doc = ? AND analyzer = ?", doc, version).Scan(&n)
	return n > 0, err
}

// firstMessage is the one that carries the conversation's subject, 0 = none.
func firstMessage(ctx context.Context, q db.Queryer, conversation int64) (id int64, err error) {
	err = q.QueryRow(ctx, "SELECT id FROM message WHERE conversation_id = ? AND kind <> 'event' ORDER BY id LIMIT 1", conversation).Scan(&id)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return id, err
}

// messagesOf lists what is indexed of a conversation, oldest first.
func messagesOf(ctx context.Context, q db.Queryer, conversation int64) ([]int64, error) {
	return column[int64](q.Query(ctx, "SELECT id FROM message WHERE conversation_id = ? AND kind <> 'event' ORDER BY id LIMIT 5000", conversation))
}

// document is a row of search_document.
type document struct {
	doc, message int64
	analyzer     int
}

func documents(ctx context.Context, q db.Queryer, after int64, limit int) ([]document, error) {
	rows, err := q.Query(ctx, "SELECT doc, message_id, analyzer FROM search_document WHERE doc > ? ORDER BY doc LIMIT ?", after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []document
	for rows.Next() {
		var d document
		if err := rows.Scan(&d.doc, &d.message, &d.analyzer); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// languagesOf reads the languages of an inbox as it stores them.
func languagesOf(ctx context.Context, q db.Queryer, inbox int64) (languages string, err error) {
	err = q.QueryRow(ctx, "SELECT languages FROM inbox WHERE id = ?", inbox).Scan(&languages)
	return languages, err
}

// mergePages merges parts of SQLite's index and tells whether there was anything
// to do (sqlite.org/fts5.html, the merge command).
func mergePages(ctx context.Context, tx *db.Tx, pages int) (bool, error) {
	var before, after int64
	if err := tx.QueryRow(ctx, "SELECT total_changes()").Scan(&before); err != nil {
		return false, err
	}
	if err := tx.Send(ctx, "INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", pages); err != nil {
		return false, err
	}
	err := tx.QueryRow(ctx, "SELECT total_changes()").Scan(&after)
	return after-before > 1, err
}
