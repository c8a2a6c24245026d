package search

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// keys tell how many of PostgreSQL's documents stand between two keys, about.
type keys struct {
	newest, oldest int64
	count          float64
	knots          []int64 // ascending, with equally many documents between each two
}

// between is the number of documents from a key on and below another.
func (k keys) between(from, to int64) float64 { return k.place(to) - k.place(from) }

// place is the number of documents below a key.
func (k keys) place(key int64) float64 {
	i, at := slices.BinarySearch(k.knots, key)
	switch {
	case at:
		return k.step() * float64(i)
	case i == 0:
		return 0
	case i == len(k.knots):
		return k.count
	}
	return k.step() * (float64(i-1) + float64(key-k.knots[i-1])/float64(k.knots[i]-k.knots[i-1]))
}

// below is the key that has so many documents between it and another one above.
func (k keys) below(key int64, documents float64) int64 {
	place := (k.place(key) - documents) / k.step()
	if place <= 0 {
		return k.oldest
	}
	i := min(int(place), len(k.knots)-2)
	at := k.knots[i] + int64((place-float64(i))*float64(k.knots[i+1]-k.knots[i]))
	return min(at, key-1)
}

func (k keys) step() float64 { return k.count / float64(len(k.knots)-1) }

// spread remembers how PostgreSQL's documents are spread over their keys.
type spread struct {
	mu    sync.Mutex
	read  time.Time
	count float64
	inner []int64
}

// spreadFresh is how long it is remembered: PostgreSQL gathers statistics now and then.
const spreadFresh = time.Minute

// keys reads the ends of the documents and what is known of their spread.
func (s *spread) keys(ctx context.Context, d *db.DB, now time.Time) (k keys, err error) {
	err = d.QueryRow(ctx, `SELECT COALESCE((SELECT doc FROM search_document ORDER BY doc DESC LIMIT 1), 0), COALESCE((SELECT doc FROM search_document ORDER BY doc LIMIT 1), 0)`).
		Scan(&k.newest, &k.oldest)
	if err != nil {
		return k, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.read); s.count == 0 || age < 0 || age > spreadFresh {
		if s.count, s.inner, err = statistics(ctx, d); err != nil {
			return k, err
		}
		s.read = now
	}
	k.count, k.knots = s.count, append(make([]int64, 0, len(s.inner)+2), k.oldest)
	for _, key := range s.inner {
		if key > k.knots[len(k.knots)-1] && key <= k.newest {
			k.knots = append(k.knots, key)
		}
	}
	k.knots = append(k.knots, k.newest+1)
	return k, nil
}

// statistics are the number of documents, at least 1, and keys with equally many
// between them, none before anything was gathered.
func statistics(ctx context.Context, q db.Queryer) (count float64, inner []int64, err error) {
	var bounds string
	// A document takes more than 600 bytes; the number of rows is known only after ANALYZE.
	err = q.QueryRow(ctx, `SELECT GREATEST(c.reltuples, pg_relation_size(c.oid) / 600.0, 1)::float8,
			COALESCE((SELECT s.histogram_bounds::text FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname
				WHERE s.tablename = c.relname AND n.oid = c.relnamespace AND s.attname = 'doc'), '')
		FROM pg_class c WHERE c.oid = 'search_document'::regclass`).Scan(&count, &bounds)
	if err != nil || bounds == "" {
		return count, nil, err
	}
	for part := range strings.SplitSeq(strings.Trim(bounds, "{}"), ",") {
		key, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return count, nil, err
		}
		inner = append(inner, key)
	}
	return count, inner, nil
}
