package search

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// scrubWanted is the setting that says that words of erased messages are in the
// pages of the index still: "wanted", "merging" or nothing.
const scrubWanted = "search.scrub"

// Bounds of one round: a step holds the writing connection for some milliseconds.
const (
	scrubPages = 200
	scrubSteps = 5000
)

// WantScrubTx asks for [Service.Scrub] after messages were erased. SQLite's index
// only marks what was deleted; its words stay in the pages until they are merged.
func (s *Service) WantScrubTx(ctx context.Context, tx *db.Tx) error {
	if tx.Dialect != db.SQLite {
		return nil
	}
	return db.SetSetting(ctx, tx, scrubWanted, "wanted")
}

// Scrub writes the index anew without what was deleted, in small steps, when it
// was asked for. What is left over goes on in the next round.
func (s *Service) Scrub(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "scrub the index")
	for range scrubSteps {
		more := false
		state, err := db.Setting(ctx, s.DB, scrubWanted)
		if err != nil || state == "" {
			return err
		}
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			pages := scrubPages
			if state == "wanted" {
				pages = -scrubPages // begins: all parts become one
			}
			if more, err = mergePages(ctx, tx, pages); err != nil {
				return err
			}
			next := ""
			if more || state == "wanted" {
				next = "merging"
			}
			return db.SetSetting(ctx, tx, scrubWanted, next)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
