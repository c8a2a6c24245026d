package customer

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// explained reads the plan of a query instead of its rows.
type explained struct {
	*db.DB
	plans []string
}

func (e *explained) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	rows, err := e.DB.Query(ctx, "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		e.plans = append(e.plans, detail)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return e.DB.Query(ctx, text, args...) //nolint:sqlclosecheck // whoever asked closes them
}

func TestDuplicatesAreLookedUpByIndexes(t *testing.T) {
	t.Parallel()
	ctx, q := context.Background(), &explained{DB: dbtest.SQLite(t)}
	if _, err := withLocalPart(ctx, q, "anna.schmidt"); err != nil {
		t.Fatal(err)
	}
	if _, err := withPhones(ctx, q, []string{"+4930123456", "030123456"}); err != nil {
		t.Fatal(err)
	}
	if _, err := withNames(ctx, q, []string{"Anna", "ANNA"}, maxSameName); err != nil {
		t.Fatal(err)
	}
	for _, plan := range q.plans {
		if strings.HasPrefix(plan, "SCAN customer") {
			t.Errorf("every row is read: %s", plan)
		}
	}
	if len(q.plans) < 4 {
		t.Errorf("the plans are %q", q.plans)
	}
}
