package search

import (
	"context"
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// MatchSQLite is the query of one page on SQLite, WalkText the one without words.
var (
	MatchSQLite = matchSQLite
	WalkText    = walkText
)

// SmallSteps has PostgreSQL searched in steps of a few documents.
func (s *Service) SmallSteps() {
	s.sizes = &sizes{first: 10, sampled: 50, tested: 40, fetched: 30, few: 20}
}

// StepPlans are the plans of the three kinds of steps as they run on PostgreSQL.
func StepPlans(ctx context.Context, d *db.DB, words string) (plans [3]string, err error) {
	const range_ = "9000000000000000000, 0"
	first := [...]string{testStep: "9000000000000000000, 100, 0, '" + words + "'", stretchStep: "TRUE, '" + words + "', '" + words + "', " + range_ + ", 3001",
		restStep: "TRUE, '" + words + "', '" + words + "', 3001"}
	for kind, args := range first {
		text, n := stepText(stepKind(kind), "c.inbox_id = 1", ""), 0
		for strings.Contains(text, "?") {
			n++
			text = strings.Replace(text, "?", fmt.Sprintf("$%d", n), 1)
		}
		more := ", 9000000000000000000, 99"
		if args += ", " + range_; stepKind(kind) != testStep {
			args, more = args+", 3000", ""
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			if stepKind(kind) != testStep {
				if err := ready(ctx, tx); err != nil {
					return err
				}
			}
			for _, text := range []string{fmt.Sprintf("PREPARE step%d AS %s", kind, text), fmt.Sprintf("EXPLAIN (COSTS OFF) EXECUTE step%d (%s, 20000, 26, 26%s)", kind, args, more), fmt.Sprintf("DEALLOCATE step%d", kind)} {
				lines, err := column[string](tx.Query(ctx, text))
				if err != nil {
					return err
				}
				plans[kind] += strings.Join(lines, "\n")
			}
			return nil
		})
		if err != nil {
			return plans, err
		}
	}
	return plans, nil
}
