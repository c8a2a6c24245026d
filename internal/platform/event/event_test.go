package event_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
)

func newFeed() *event.Feed {
	return &event.Feed{Now: func() time.Time { return time.UnixMilli(1_700_000_000_000).UTC() }}
}

// A transaction that began first and commits last must not be skipped by a
// reader that came in between.
func TestNoReaderSkipsASlowTransaction(t *testing.T) {
	d := dbtest.Postgres(t)
	ctx := context.Background()
	feed := newFeed()
	publish := func(tx *db.Tx, kind string) error {
		return feed.Publish(ctx, tx, event.Event{Type: event.Type(kind), ActorType: "system"})
	}
	slowWrote, fastDone, slowDone := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		slowDone <- d.Write(ctx, func(tx *db.Tx) error {
			if err := publish(tx, "slow"); err != nil {
				return err
			}
			close(slowWrote)
			<-fastDone
			return nil
		})
	}()
	<-slowWrote
	if err := d.Write(ctx, func(tx *db.Tx) error { return publish(tx, "fast") }); err != nil {
		t.Fatal(err)
	}
	var after event.Cursor
	var seen []event.Type
	read := func() {
		got, err := event.Read(ctx, d, d.Dialect, after, 10, event.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range got {
			seen, after = append(seen, e.Type), e.Cursor
		}
	}
	read()
	if len(seen) != 0 {
		t.Fatalf("read %v while an older transaction was still open", seen)
	}
	close(fastDone)
	if err := <-slowDone; err != nil {
		t.Fatal(err)
	}
	dbtest.Settle(t, d)
	read()
	if len(seen) != 2 {
		t.Fatalf("read %v, want both events", seen)
	}
}

func TestEventsOfAnotherServerAreSeenAndComeFirst(t *testing.T) {
	d := dbtest.Postgres(t)
	ctx, feed := context.Background(), newFeed()
	publish := func(kind string) {
		t.Helper()
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return feed.Publish(ctx, tx, event.Event{Type: event.Type(kind), ActorType: "system"})
		}); err != nil {
			t.Fatal(err)
		}
	}
	publish("one")
	publish("two")
	if err := d.Write(ctx, func(tx *db.Tx) error { // as a server that had counted further
		_, err := tx.Exec(ctx, "UPDATE event SET xid = xid + 4000000000000")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := event.Adopt(ctx, d); err != nil || n != 2 {
		t.Fatalf("adopted %d, %v", n, err)
	}
	publish("three")
	if n, err := event.Adopt(ctx, d); err != nil || n != 0 {
		t.Errorf("adopted %d of its own, %v", n, err)
	}
	dbtest.Settle(t, d)
	got, err := event.Read(ctx, d, d.Dialect, event.Cursor{}, 10, event.Filter{})
	if err != nil || len(got) != 3 || got[0].Type != "one" || got[1].Type != "two" || got[2].Type != "three" {
		t.Errorf("the feed is %+v, %v", got, err)
	}
}

func TestAFailingReactionNeverFailsTheChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		feed := newFeed()
		retried := ""
		feed.Retry = func(_ context.Context, _ *db.Tx, name string, _ event.Event, _ error) error {
			retried = name
			return nil
		}
		feed.Reactions = []event.Reaction{{Name: "breaks", On: []event.Type{"x"}, Do: func(ctx context.Context, tx *db.Tx, _ event.Event) error {
			if err := db.SetSetting(ctx, tx, "half", "done"); err != nil {
				return err
			}
			return errors.New("broken")
		}}}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return feed.Publish(ctx, tx, event.Event{Type: "x", ActorType: "system"})
		}); err != nil {
			t.Fatal(err)
		}
		if v, _ := db.Setting(ctx, d, "half"); v != "" || retried != "breaks" {
			t.Fatalf("half done = %q, retried = %q", v, retried)
		}
		dbtest.Settle(t, d)
		if got, err := event.Read(ctx, d, d.Dialect, event.Cursor{}, 10, event.Filter{}); err != nil || len(got) != 1 {
			t.Fatalf("feed holds %d events, %v", len(got), err)
		}
	})
}

func TestReactionsBesideAFailingOneAreDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		feed := newFeed()
		var retried []string
		feed.Retry = func(_ context.Context, _ *db.Tx, name string, _ event.Event, _ error) error {
			retried = append(retried, name)
			return nil
		}
		count := func(key string) func(context.Context, *db.Tx, event.Event) error {
			return func(ctx context.Context, tx *db.Tx, _ event.Event) error {
				had, err := db.Setting(ctx, tx, key)
				if err != nil {
					return err
				}
				return db.SetSetting(ctx, tx, key, had+"1")
			}
		}
		on := []event.Type{"x"}
		feed.Reactions = []event.Reaction{
			{Name: "before", On: on, Do: count("before")},
			{Name: "panics", On: on, Do: func(context.Context, *db.Tx, event.Event) error { panic("broken") }},
			{Name: "after", On: on, Do: count("after")},
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return feed.Publish(ctx, tx, event.Event{Type: "x", ActorType: "system"})
		}); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"before", "after"} {
			if v, err := db.Setting(ctx, d, key); v != "1" || err != nil {
				t.Errorf("%s ran %q, %v", key, v, err)
			}
		}
		if len(retried) != 1 || retried[0] != "panics" {
			t.Errorf("retried %v", retried)
		}
	})
}

// Each node reads the feed each second: what lies before the cursor must not be
// walked, or a shop with a million events pays for it all night.
func TestTheEndOfTheFeedIsReadWithoutWalkingIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		feed := newFeed()
		for range 3 {
			err := d.Write(ctx, func(tx *db.Tx) error {
				for range 200 {
					if err := feed.Publish(ctx, tx, event.Event{Type: "happened", ActorType: "system"}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		last, err := event.Head(ctx, d, d.Dialect)
		if err != nil {
			t.Fatal(err)
		}
		text, args := event.Reading(d.Dialect, last, 100, event.Filter{})
		plan, want := strings.Join(explained(t, d, text, args), "\n"), "Index Cond: ((ROW(xid, id) >"
		if d.Dialect == db.SQLite {
			want = "SEARCH event USING INTEGER PRIMARY KEY (rowid>?)"
		}
		if !strings.Contains(plan, want) || strings.Contains(plan, "Sort") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("the plan is\n%s\nand has not %q", plan, want)
		}
	})
}

func explained(t *testing.T, d *db.DB, text string, args []any) (steps []string) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		how := "EXPLAIN "
		if d.Dialect == db.SQLite {
			how = "EXPLAIN QUERY PLAN "
		} else if err := errors.Join(tx.Send(context.Background(), "SET LOCAL enable_seqscan = off"), tx.Send(context.Background(), "SET LOCAL enable_bitmapscan = off")); err != nil {
			return err // so few rows are read faster without an index
		}
		steps = nil
		return db.Each(context.Background(), tx, how+text, args, func(rows *sql.Rows) error {
			var step string
			into := []any{&step}
			if d.Dialect == db.SQLite {
				into = []any{new(int), new(int), new(int), &step}
			}
			err := rows.Scan(into...)
			steps = append(steps, step)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}
