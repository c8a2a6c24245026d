package customer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func nothingMore[T any](context.Context, *db.Tx, T) error { return nil }

func somebody(t *testing.T, s *customer.Service, name string) int64 {
	t.Helper()
	c, err := s.Create(context.Background(), customer.Customer{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func TestNotesHaveAnAuthorWhoAloneChangesThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		id := somebody(t, s, "Eva")
		first, err := s.AddNote(ctx, id, " Card 4111 1111 1111 1111 ", 7, nothingMore)
		if err != nil || first.Text != "Card •••• •••• •••• 1111" || first.At.IsZero() {
			t.Fatalf("%+v, %v", first, err)
		}
		second, err := s.AddNote(ctx, id, "b", 8, nothingMore)
		if err != nil {
			t.Fatal(err)
		}
		words := "changed"
		if _, err := s.EditNote(ctx, id, first.ID, &words, 8); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody else changed it: %v", err)
		}
		if n, err := s.EditNote(ctx, id, first.ID, &words, 7); err != nil || n.EditedAt.IsZero() {
			t.Errorf("%+v, %v", n, err)
		}
		if _, err := s.EditNote(ctx, id, second.ID, nil, 8); err != nil {
			t.Error(err)
		}
		if _, err := s.EditNote(ctx, somebody(t, s, "Other"), first.ID, &words, 7); !errs.Is(err, errs.NotFound) {
			t.Errorf("through another customer: %v", err)
		}
		if list, err := s.Notes(ctx, id, 0, 10); err != nil || len(list) != 1 || list[0].Text != "changed" {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := s.AddNote(ctx, id, strings.Repeat("x", 10_001), 7, nothingMore); !errs.Is(err, errs.Invalid) {
			t.Errorf("too long: %v", err)
		}
		if _, err := s.AddNote(ctx, 999, "x", 7, nothingMore); !errs.Is(err, errs.NotFound) {
			t.Errorf("about nobody: %v", err)
		}
	})
}

func TestTheLastConsentCountsAndTheOthersStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		id, now := somebody(t, s, "Eva"), s.Now()
		record := func(given bool, at time.Time, source string) error {
			_, err := s.RecordConsent(ctx, id, customer.Consent{Purpose: customer.Marketing, Way: "email", Given: given, At: at, Source: source, Agent: 7}, nothingMore)
			return err
		}
		for _, err := range []error{record(true, now.Add(-2*time.Hour), "form"), record(false, time.Time{}, "by phone"), record(true, now.Add(-time.Hour), "shop")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.Consents(ctx, id)
		if err != nil || len(list) != 3 || list[0].Given || list[0].Source != "by phone" || list[1].Source != "shop" {
			t.Errorf("%+v, %v", list, err)
		}
		for name, err := range map[string]error{"no source": record(true, now, " "), "in the future": record(true, now.Add(time.Hour), "form")} {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestNotesAndConsentsFollowAMergeAndComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		a, b := somebody(t, s, "A"), somebody(t, s, "B")
		for _, id := range []int64{a, b} {
			if _, err := s.AddNote(ctx, id, "n", 7, nothingMore); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Merge(ctx, a, []int64{b}, 7, nil); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Notes(ctx, a, 0, 10); err != nil || len(list) != 2 {
			t.Errorf("merged: %+v, %v", list, err)
		}
		if _, err := s.AddNote(ctx, b, "n", 7, nothingMore); !errs.Is(err, errs.Conflict) {
			t.Errorf("a note about the merged one: %v", err)
		}
		if _, err := s.Unmerge(ctx, b, 7); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Notes(ctx, a, 0, 10); err != nil || len(list) != 1 {
			t.Errorf("apart: %+v, %v", list, err)
		}
	})
}
