package brand_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/brand"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestProgramsThatStartAtOnceMakeOneBrand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := brand.New(brand.Config{DB: d})
		ids := make([]int64, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				var err error
				if ids[i], err = s.Ensure(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, err := s.List(t.Context())
		if err != nil || len(list) != 1 || list[0].Name != brand.DefaultName {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, id := range ids {
			if id != list[0].ID {
				t.Errorf("one program uses brand %d", id)
			}
		}
	})
}

func TestABrandIsRenamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := brand.New(brand.Config{DB: d})
		id, err := s.Ensure(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b, err := s.Rename(t.Context(), id, " Tea & Co "); err != nil || b.Name != "Tea & Co" {
			t.Errorf("%+v, %v", b, err)
		}
		for _, wrong := range []string{"", " ", "a\nb", strings.Repeat("a", 101)} {
			if _, err := s.Rename(t.Context(), id, wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if _, err := s.Rename(t.Context(), id+1, "Tea"); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
	})
}
