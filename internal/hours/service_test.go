package hours_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

type desk struct {
	*hours.Service
	t   *testing.T
	now time.Time
}

var ctx = context.Background()

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := &desk{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
		k.Service = &hours.Service{DB: d, Now: func() time.Time { return k.now }}
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, text := range []string{
				"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
				"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
				"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (2, 1, 'email', 'B', 'sales@shop.example', 0)",
			} {
				if _, err := tx.Exec(ctx, text); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, k)
	})
}

func nine(name string, inboxes ...int64) hours.Set {
	s := hours.Set{Name: name, TimeZone: "Europe/Berlin", Country: "DE", Inboxes: inboxes,
		OwnDays: []hours.OwnDay{{Date: "2026-12-24", Name: "Christmas Eve", Open: []hours.Interval{{From: 540, To: 780}}}}}
	for d := time.Monday; d <= time.Friday; d++ {
		s.Week[d] = []hours.Interval{{From: 540, To: 1020}}
	}
	return s
}

func (k *desk) make(s hours.Set) hours.Set {
	k.t.Helper()
	out, err := k.Create(ctx, s, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return out
}

// of is the name of what an inbox keeps.
func (k *desk) of(inbox int64) string {
	k.t.Helper()
	s, ok, err := k.Of(ctx, inbox)
	if err != nil {
		k.t.Fatal(err)
	}
	if !ok {
		return "nothing"
	}
	return s.Name
}

func refused(t *testing.T, err error, kind errs.Kind, field string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != kind || field != "" && (len(e.Fields) != 1 || e.Fields[0].Location != field) {
		t.Errorf("%v instead of %s %s", err, kind, field)
	}
}

func TestWhatIsSavedIsReadAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		made := k.make(nine("Support", 2))
		got, err := k.Get(ctx, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != "Support" || got.TimeZone != "Europe/Berlin" || got.Country != "DE" || !slices.Equal(got.Inboxes, []int64{2}) || got.Version != 1 ||
			!slices.Equal(got.Week[time.Friday], []hours.Interval{{From: 540, To: 1020}}) || len(got.Week[time.Sunday]) != 0 ||
			len(got.OwnDays) != 1 || got.OwnDays[0].Name != "Christmas Eve" || got.OwnDays[0].Open[0].To != 780 {
			t.Errorf("%+v", got)
		}
	})
}

func TestThereIsExactlyOneDefaultAsSoonAsThereAreHours(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		if got := k.of(1); got != "nothing" {
			t.Errorf("before there are any: %s", got)
		}
		first := k.make(nine("First"))
		second := k.make(nine("Second"))
		if !first.Default || second.Default || k.of(1) != "First" {
			t.Errorf("first %v, second %v", first.Default, second.Default)
		}
		third := nine("Third")
		third.Default = true
		if third = k.make(third); !third.Default || k.of(1) != "Third" {
			t.Errorf("the third is not the default")
		}
		back, err := k.Change(ctx, first.ID, 0, func(s *hours.Set) { s.Default = true })
		if err != nil || !back.Default || k.of(1) != "First" {
			t.Errorf("%v %v", back.Default, err)
		}
		_, err = k.Change(ctx, first.ID, 0, func(s *hours.Set) { s.Default = false })
		refused(t, err, errs.Invalid, "body.default")
		all, err := k.List(ctx)
		if err != nil || len(all) != 3 || all[0].Name != "First" || !all[0].Default || all[1].Default || all[2].Default {
			t.Errorf("%v %+v", err, all)
		}
	})
}

func TestAnInboxKeepsOneSet(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.make(nine("Usual"))
		night := k.make(nine("Night", 2))
		if k.of(1) != "Usual" || k.of(2) != "Night" {
			t.Errorf("1 keeps %s, 2 keeps %s", k.of(1), k.of(2))
		}
		k.make(nine("Sales", 2))
		if got, _ := k.Get(ctx, night.ID); len(got.Inboxes) != 0 || k.of(2) != "Sales" {
			t.Errorf("2 keeps %s, and Night has %v", k.of(2), got.Inboxes)
		}
		_, err := k.Create(ctx, nine("Nowhere", 1, 99), nil)
		refused(t, err, errs.Invalid, "body.inbox_ids[1]")
		if got := k.of(1); got != "Usual" {
			t.Errorf("what was refused changed 1 to %s", got)
		}
	})
}

func TestDeletedHoursLeaveTheirInboxesToTheDefault(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.make(nine("Usual"))
		night := k.make(nine("Night", 1, 2))
		if err := k.Delete(ctx, night.ID); err != nil {
			t.Fatal(err)
		}
		if k.of(1) != "Usual" || k.of(2) != "Usual" {
			t.Errorf("1 keeps %s, 2 keeps %s", k.of(1), k.of(2))
		}
		_, err := k.Get(ctx, night.ID)
		refused(t, err, errs.NotFound, "")
		refused(t, k.Delete(ctx, night.ID), errs.NotFound, "")
		k.make(nine("Sales", 2))
		back, err := k.Restore(ctx, night.ID)
		if err != nil || back.Default || k.of(1) != "Night" || k.of(2) != "Sales" {
			t.Errorf("%v: 1 keeps %s, 2 keeps %s", err, k.of(1), k.of(2))
		}
	})
}

func TestTheDefaultIsDeletedLast(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		usual := k.make(nine("Usual"))
		other := k.make(nine("Other"))
		refused(t, k.Delete(ctx, usual.ID), errs.Conflict, "")
		if err := k.Delete(ctx, other.ID); err != nil {
			t.Fatal(err)
		}
		if err := k.Delete(ctx, usual.ID); err != nil || k.of(1) != "nothing" {
			t.Errorf("%v: 1 keeps %s", err, k.of(1))
		}
		fresh := k.make(nine("Fresh"))
		if back, err := k.Restore(ctx, usual.ID); err != nil || back.Default || !fresh.Default || k.of(1) != "Fresh" {
			t.Errorf("%v: 1 keeps %s", err, k.of(1))
		}
	})
}

func TestADeletionCanBeTakenBackForADay(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		usual := k.make(nine("Usual"))
		if err := k.Delete(ctx, usual.ID); err != nil {
			t.Fatal(err)
		}
		if back, err := k.Restore(ctx, usual.ID); err != nil || !back.Default {
			t.Errorf("%v %+v", err, back)
		}
		gone, last := k.make(nine("Gone")), k.make(nine("Last"))
		if err := k.Delete(ctx, gone.ID); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.Add(25 * time.Hour)
		if err := k.Delete(ctx, last.ID); err != nil {
			t.Fatal(err)
		}
		_, err := k.Restore(ctx, gone.ID)
		refused(t, err, errs.NotFound, "")
	})
}

func TestAChangeOfWhatSomebodyElseChangedIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		s := k.make(nine("Usual", 1))
		if _, err := k.Change(ctx, s.ID, s.Version, func(s *hours.Set) { s.Name = "Mine" }); err != nil {
			t.Fatal(err)
		}
		_, err := k.Change(ctx, s.ID, s.Version, func(s *hours.Set) { s.Name = "Theirs" })
		refused(t, err, errs.Conflict, "")
		got, err := k.Get(ctx, s.ID)
		if err != nil || got.Name != "Mine" || !slices.Equal(got.Inboxes, []int64{1}) || len(got.OwnDays) != 1 {
			t.Errorf("%v %+v", err, got)
		}
		_, err = k.Change(ctx, 99, 0, func(*hours.Set) {})
		refused(t, err, errs.NotFound, "")
	})
}

func TestTheNumberOfSetsIsBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		for i := range hours.MaxSets {
			k.make(hours.Set{Name: "Set " + strconv.Itoa(i), TimeZone: "UTC"})
		}
		_, err := k.Create(ctx, nine("One more"), nil)
		refused(t, err, errs.Conflict, "")
	})
}
