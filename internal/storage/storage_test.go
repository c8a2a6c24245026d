package storage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/disk"
	"github.com/deskbell/deskbell/internal/storage"
)

const gib = int64(1) << 30

// scene is a shop whose days were measured already.
type scene struct {
	*storage.Service
	now   time.Time
	space disk.Space
}

func newScene(t *testing.T, d *db.DB) *scene {
	t.Helper()
	s := &scene{now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), space: disk.Space{Free: uint64(100 * gib), Total: uint64(1000 * gib)}}
	dir := t.TempDir()
	s.Service = &storage.Service{DB: d, Data: dir, Files: dir, Now: func() time.Time { return s.now },
		Space: func(string) (disk.Space, error) { return s.space, nil }}
	return s
}

// measured writes what a day had, so many days ago.
func (s *scene) measured(t *testing.T, ago int, database, files int64) {
	t.Helper()
	at := s.now.AddDate(0, 0, -ago)
	err := s.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "INSERT INTO storage_day (day, measured_at, database, files, raw_mail, attachments, search) VALUES (?, ?, ?, ?, 0, 0, 0)",
			at.Truncate(24*time.Hour).UnixMilli(), at.UnixMilli(), database, files)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *scene) report(t *testing.T) storage.Report {
	t.Helper()
	r, err := s.Report(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheDaysLeftFollowFromTheGrowthOfThirtyDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		if r := s.report(t); r.Growth != nil || r.DaysLeft() != nil || r.Warning != storage.NoWarning || !r.MeasuredAt.IsZero() {
			t.Errorf("before the first measurement: %+v", r)
		}
		s.measured(t, 40, 0, 0) // too long ago to count
		s.measured(t, 20, 10*gib, 10*gib)
		s.measured(t, 0, 20*gib, 20*gib)
		r := s.report(t)
		if r.Growth == nil || *r.Growth != gib || len(r.Days) != 2 || r.Database != 20*gib {
			t.Fatalf("%+v", r)
		}
		// Of 100 GiB the last 20 are kept free. On PostgreSQL only the files lie here.
		want := int64(80)
		if d.Dialect == db.Postgres {
			want = 160
		}
		if days := r.DaysLeft(); days == nil || *days != want || r.Warning != storage.NoWarning {
			t.Errorf("%v days are left, want %d", days, want)
		}
		s.space.Free = uint64(30 * gib)
		if r := s.report(t); r.Warning != storage.DaysShort {
			t.Errorf("with few days left: %+v", r)
		}
		s.space.Free = uint64(19 * gib)
		if r := s.report(t); r.Warning != storage.AlmostFull || *r.DaysLeft() != 0 {
			t.Errorf("on a disk that is almost full: %+v", r)
		}
		s.space.ReadOnly = true
		if r := s.report(t); r.Warning != storage.ReadOnly {
			t.Errorf("on a disk that can only be read: %+v", r)
		}
	})
}

func TestADiskThatDoesNotFillUpHasNoLastDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		s.measured(t, 3, gib, gib)
		s.measured(t, 0, gib, gib)
		if r := s.report(t); r.Growth == nil || *r.Growth != 0 || r.DaysLeft() != nil {
			t.Errorf("%+v", r)
		}
	})
}

func TestMeasuringIsDoneSomeTimesADayAndKeepsOneRowForEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newScene(t, d)
		for range 24 * 3 {
			if err := s.MeasureIfDue(context.Background()); err != nil {
				t.Fatal(err)
			}
			s.now = s.now.Add(time.Hour)
		}
		r := s.report(t)
		if len(r.Days) != 4 || r.Database == 0 || r.Growth == nil || s.now.Sub(r.MeasuredAt) > 7*time.Hour {
			t.Errorf("%d days, %+v", len(r.Days), r.Sizes)
		}
	})
}

func TestTheSearchIndexIsMeasuredWithoutReadingIt(t *testing.T) {
	t.Parallel()
	d, ctx := dbtest.SQLite(t), context.Background()
	if s, err := storage.Measure(ctx, d); err != nil || s.Search != 0 {
		t.Errorf("an empty index has %d, %v", s.Search, err)
	}
	for group := range 10 {
		err := d.Write(ctx, func(tx *db.Tx) error {
			for n := range 200 {
				id := group*200 + n + 1
				words := strings.Repeat(fmt.Sprintf("word%d parcel%d number%d ", id, id%50, id*7), 20)
				if _, err := tx.Exec(ctx, "INSERT INTO search_index (rowid, terms) VALUES (?, ?)", id, words); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := storage.Measure(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	var exact int64
	if err := d.QueryRow(ctx, "SELECT SUM(LENGTH(block)) FROM search_index_data").Scan(&exact); err != nil {
		t.Fatal(err)
	}
	if s.Search < exact*9/10 || s.Search > exact*13/10 {
		t.Errorf("measured %d, it has %d", s.Search, exact)
	}
}
