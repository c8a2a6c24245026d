package search

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
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

// met are texts that give doc, message_id and conversation_id of what the word
// index leads to, or would, and whether it has all the words. A query that is
// SELECTed is read once; otherwise it would be for each document.
var met = [...]string{
	testStep: `SELECT doc, message_id, conversation_id, TRUE AS has
		FROM (SELECT doc, message_id, conversation_id, terms FROM search_document WHERE doc < ? ORDER BY doc DESC LIMIT ?) n
		WHERE doc >= ? AND terms @@ (SELECT ?::text::tsquery)`,
	stretchStep: `SELECT doc, message_id, conversation_id, ?::boolean OR terms @@ (SELECT ?::text::tsquery) AS has
		FROM search_document WHERE terms @@ (SELECT ?::text::tsquery) AND doc < ? AND doc >= ? LIMIT ?`,
	restStep: `SELECT doc, message_id, conversation_id, ?::boolean OR terms @@ (SELECT ?::text::tsquery) AS has
		FROM search_document WHERE terms @@ (SELECT ?::text::tsquery) LIMIT ?`,
}

// stepText is the query of one step. Documents d come newest first, or are put in
// that order when they are not too many. Candidates c are tested no further than
// hits h are missing, and what follows is only asked for when some are.
func stepText(kind stepKind, see, of string) string {
	order, low := "AND (SELECT COUNT(*) FROM d) <= ? ORDER BY doc DESC", "0"
	if kind == testStep {
		order, low = "", "COALESCE((SELECT doc FROM search_document WHERE doc < ? ORDER BY doc DESC LIMIT 1 OFFSET ?), 0)"
	}
	return `WITH d AS MATERIALIZED (` + met[kind] + `),
		c AS MATERIALIZED (SELECT doc, message_id, conversation_id FROM d WHERE has AND doc < ? AND doc >= ? ` + order + ` LIMIT ?),
		h AS MATERIALIZED (SELECT doc, message_id, conversation_id FROM c d WHERE ` + one(see) + of + ` LIMIT ?),
		m AS MATERIALIZED (SELECT COUNT(*) < ? AS missing FROM h)
		SELECT COALESCE(h.doc, 0), COALESCE(h.message_id, 0), COALESCE(h.conversation_id, 0),
			CASE WHEN m.missing THEN (SELECT COUNT(*) FROM d) ELSE 0 END, CASE WHEN m.missing THEN ` + low + ` ELSE 0 END,
			CASE WHEN m.missing THEN (SELECT COUNT(*) FROM c) ELSE 0 END, CASE WHEN m.missing THEN (SELECT COALESCE(MIN(doc), 0) FROM c) ELSE 0 END
		FROM m LEFT JOIN h ON TRUE`
}

// stepped is what a step met; where it found all that was missing it is nothing but that.
type stepped struct {
	found  []hit
	near   int   // documents to which the word index leads
	low    int64 // the last document that was tested, 0 = there were fewer
	looked int   // candidates
	last   int64 // of them
}

// read makes a step over documents. Of a step of the word index that meets more
// than limit it takes none; otherwise limit is how many documents are tested.
func (s *sweep) read(ctx context.Context, q db.Queryer, kind stepKind, limit int, args ...any) (r stepped, err error) {
	see, of := s.l.see(), all(s.l.ofMessage())
	if args = append(args, s.low, s.from); kind != testStep {
		args = append(args, limit)
	}
	missing := s.n - len(s.found)
	args = slices.Concat(args, []any{maxCandidates - s.looked}, see.args, of.args, []any{missing, missing})
	if kind == testStep {
		args = append(args, s.low, limit-1)
	}
	err = db.Each(ctx, q, stepText(kind, see.sql, of.sql), args, func(rows *sql.Rows) error {
		var h hit
		err := rows.Scan(&h.doc, &h.message, &h.conversation, &r.near, &r.low, &r.looked, &r.last)
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
func ready(ctx context.Context, tx *db.Tx) error {
	return tx.Send(ctx, `SELECT set_config('enable_seqscan', 'off', TRUE), set_config('enable_indexscan', 'off', TRUE),
		set_config('plan_cache_mode', 'force_generic_plan', TRUE), set_config('work_mem', '64MB', TRUE), set_config('statement_timeout', ?::text, TRUE)`,
		(2 * patience).String())
}

// sampled is what was met among documents of every time.
type sampled struct {
	all    int   // documents
	whole  int   // that all queries match
	single []int // that each of them matches
}

// sample tests documents below each of the keys, up to so many for each.
func sample(ctx context.Context, q db.Queryer, list []text.Expr, places []int64, each int) (r sampled, err error) {
	r.single = make([]int, len(list))
	into, args := []any{&r.all, &r.whole}, make([]any, len(list), len(list)+2)
	names, tests, counts := make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
	for i, e := range list {
		names[i] = "q" + strconv.Itoa(i)
		tests[i], counts[i] = "terms @@ (SELECT ?::text::tsquery) AS "+names[i], "COUNT(*) FILTER (WHERE "+names[i]+")"
		into, args[i] = append(into, &r.single[i]), e.TSQueryNear()
	}
	keys := make([]string, len(places))
	for i, key := range places {
		keys[i] = strconv.FormatInt(key, 10)
	}
	err = q.QueryRow(ctx, "SELECT COUNT(*), COUNT(*) FILTER (WHERE "+strings.Join(names, " AND ")+"), "+strings.Join(counts, ", ")+`
		FROM (SELECT `+strings.Join(tests, ", ")+` FROM unnest(?::text::bigint[]) AS p (place)
			CROSS JOIN LATERAL (SELECT terms FROM search_document WHERE doc < p.place ORDER BY doc DESC LIMIT ?) n) s`,
		append(args, "{"+strings.Join(keys, ",")+"}", each)...).Scan(into...)
	return r, err
}
