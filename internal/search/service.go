package search

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/filetext"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/text"
)

// Service indexes and finds.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// List walks conversations by their last activity for queries without words.
	List func(ctx context.Context, f Listing, from *Place, limit int) ([]Listed, *Place, error)

	Jobs *job.Queue
	// Files reads what is attached; OpenFile opens its bytes. Without it only the names of files are found.
	Files    filetext.Reader
	OpenFile func(ctx context.Context, key string) (io.ReadCloser, error)
	// CardsFound is told of the files of a message whose words hold a card number,
	// in the transaction that keeps those words without it. It may be nil.
	CardsFound func(ctx context.Context, tx *db.Tx, message int64, files []int64) error

	mu        sync.Mutex
	analyzers map[string]*text.Analyzer // by languages as the inbox stores them

	spread spread
	sizes  *sizes // nil = the usual ones
}

// maxAnalyzers bounds what is kept: each has a cache of stems.
const maxAnalyzers = 32

// analyzer is the one for a JSON list of languages.
func (s *Service) analyzer(languages string) *text.Analyzer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.analyzers[languages]; a != nil {
		return a
	}
	if s.analyzers == nil || len(s.analyzers) >= maxAnalyzers {
		s.analyzers = map[string]*text.Analyzer{}
	}
	a := text.New(parseLanguages(languages)...)
	s.analyzers[languages] = a
	return a
}

// parseLanguages reads what an inbox stores; what cannot be read is the usual list.
func parseLanguages(stored string) (list []string) {
	if json.Unmarshal([]byte(stored), &list) != nil {
		return nil
	}
	return list
}

// together is one list of all the languages, stored as an inbox stores them.
func together(stored []string) string {
	var all []string
	for _, s := range stored {
		for _, l := range parseLanguages(s) {
			if !slices.Contains(all, l) {
				all = append(all, l)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.Sort(all)
	return `["` + strings.Join(all, `","`) + `"]`
}
