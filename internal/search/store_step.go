package search

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// stepKind is how a step of a sweep meets documents.
type stepKind int

const (
	testStep    stepKind = iota // the next ones, one by one
	stretchStep                 // those of a stretch of keys to which the word index leads
	restStep                    // all to which the word index leads
)

// met are texts that give doc, message_id, conversation_id, near: the word
// index leads to it, and has: it has all the words.
var met = [...]string{
	testStep: `SELECT doc, message_id, conversation_id, near, near AND terms @@ ?::text::tsquery AS has
		FROM (SELECT doc, message_id, conversation_id, terms, terms @@ ?::text::tsquery AS near FROM search_document WHERE doc < ? ORDER BY doc DESC LIMIT ?) n
		WHERE doc >= ?`,
	stretchStep: `SELECT doc, message_id, conversation_id, TRUE AS near, ?::boolean OR terms @@ ?::text::tsquery AS has
		FROM search_document WHERE terms @@ ?::text::tsquery AND doc < ? AND doc >= ? LIMIT ?`,
	restStep: `SELECT doc, message_id, conversation_id, TRUE AS near, ?::boolean OR terms @@ ?::text::tsquery AS has
		FROM search_document WHERE terms @@ ?::text::tsquery LIMIT ?`,
}

// stepText is the query of one step. Documents d come newest first, or are put in
// that order when they are not too many; candidates c are tested no further than
// hits h are missing, and the counts t are not made when none is.
func stepText(kind stepKind, see, of string) string {
	order := ""
	if kind != testStep {
		order = "AND (SELECT COUNT(*) FROM d) <= ? ORDER BY doc DESC"
	}
	return `WITH d AS MATERIALIZED (` + met[kind] + `),
		c AS MATERIALIZED (SELECT doc, message_id, conversation_id FROM d WHERE has AND doc < ? AND doc >= ? ` + order + ` LIMIT ?),
		h AS MATERIALIZED (SELECT doc, message_id, conversation_id FROM c d WHERE ` + one(see) + of + ` LIMIT ?),
		t AS MATERIALIZED (SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE near) AS near, COALESCE(MIN(doc), 0) AS low FROM d WHERE (SELECT COUNT(*) FROM h) < ?),
		u AS MATERIALIZED (SELECT COUNT(*) AS n, COALESCE(MIN(doc), 0) AS low FROM c WHERE (SELECT COUNT(*) FROM h) < ?)
		SELECT t.n, t.near, t.low, u.n, u.low, COALESCE(h.doc, 0), COALESCE(h.message_id, 0), COALESCE(h.conversation_id, 0)
		FROM t CROSS JOIN u LEFT JOIN h ON TRUE`
}

// stepped is what a step met; where it found all that was missing it is nothing but that.
type stepped struct {
	found  []hit
	all    int   // documents
	near   int   // to which the word index leads
	low    int64 // the last document
	looked int   // candidates
	last   int64 // of them
}

// read makes a step. Where more than limit documents are fetched it finds nothing.
func (s *sweep) read(ctx context.Context, q db.Queryer, kind stepKind, limit int, args ...any) (r stepped, err error) {
	see, of := s.l.see(), all(s.l.ofMessage())
	if args = append(args, s.low, s.from); kind != testStep {
		args = append(args, limit)
	}
	missing := s.n - len(s.found)
	args = slices.Concat(args, []any{maxCandidates - s.looked}, see.args, of.args, []any{missing, missing, missing})
	err = db.Each(ctx, q, stepText(kind, see.sql, of.sql), args, func(rows *sql.Rows) error {
		var h hit
		err := rows.Scan(&r.all, &r.near, &r.low, &r.looked, &r.last, &h.doc, &h.message, &h.conversation)
		if h.doc != 0 {
			r.found = append(r.found, h)
		}
		return err
	})
	return r, err
}

// ready lets nothing but the word index, with the primary key beside it for a
// stretch, lead to documents, whatever the planner expects: it knows neither
// these words nor the newest documents. There is room to list every document
// with a frequent word, and an end to waiting.
func ready(ctx context.Context, q db.Queryer) error {
	var name string
	return q.QueryRow(ctx, `SELECT concat(set_config('enable_seqscan', 'off', TRUE), set_config('enable_indexscan', 'off', TRUE),
		set_config('plan_cache_mode', 'force_generic_plan', TRUE), set_config('work_mem', '64MB', TRUE), set_config('statement_timeout', ?::text, TRUE))`,
		(2 * patience).String()).Scan(&name)
}

// frequencies counts which of the newest documents below a key match each query.
func frequencies(ctx context.Context, q db.Queryer, list []text.Expr, before int64, limit int) ([]int, error) {
	counts, args, into := make([]string, len(list)), make([]any, len(list)), make([]any, len(list))
	out := make([]int, len(list))
	for i, e := range list {
		counts[i], args[i], into[i] = "COUNT(*) FILTER (WHERE terms @@ ?::text::tsquery)", e.TSQueryNear(), &out[i]
	}
	err := q.QueryRow(ctx, "SELECT "+strings.Join(counts, ", ")+" FROM (SELECT terms FROM search_document WHERE doc < ? ORDER BY doc DESC LIMIT ?) n", append(args, before, limit)...).Scan(into...)
	return out, err
}
