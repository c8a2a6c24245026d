package customer_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func person(t *testing.T, s *customer.Service, name string, identities ...customer.Identity) customer.Customer {
	t.Helper()
	c, err := s.Create(context.Background(), customer.Customer{Name: name, Identities: identities})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(address string) customer.Identity {
	return customer.Identity{Kind: customer.Email, Value: address}
}

func TestAMergedCustomerAnswersWithTheSurvivorUntilItIsTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		a, b, c := person(t, s, "Anna", at("anna@x.example")), person(t, s, "Anna B.", at("anna@work.example")), person(t, s, "", at("third@x.example"))
		p, err := s.Preview(ctx, a.ID, []int64{b.ID})
		if err != nil || len(p.Moves) != 1 || len(p.Left) != 1 || len(p.Customer.Identities) != 2 {
			t.Fatalf("the preview is %+v, %v", p, err)
		}
		if got, err := s.Get(ctx, b.ID); err != nil || got.ID != b.ID {
			t.Fatalf("the preview changed something: %+v, %v", got, err)
		}
		must := func(_ customer.Customer, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Merge(ctx, b.ID, []int64{c.ID}, 7, nil))
		must(s.Merge(ctx, a.ID, []int64{b.ID}, 7, nil))
		for _, id := range []int64{b.ID, c.ID} {
			if got, err := s.Get(ctx, id); err != nil || got.ID != a.ID || got.Asked != id || len(got.Identities) != 3 {
				t.Errorf("customer %d answers %+v, %v", id, got, err)
			}
		}
		if list, err := s.List(ctx, "", 0, 10); err != nil || len(list) != 1 {
			t.Errorf("the list has %d customers, %v", len(list), err)
		}
		if _, err := s.Update(ctx, b.ID, customer.Change{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a merged customer was changed: %v", err)
		}
		if _, err := s.Merge(ctx, c.ID, []int64{a.ID}, 7, nil); !errs.Is(err, errs.Conflict) {
			t.Errorf("a merged customer took another: %v", err)
		}
		if _, err := s.Unmerge(ctx, c.ID, 7); !errs.Is(err, errs.Conflict) {
			t.Errorf("an inner merge was taken back first: %v", err)
		}
		got, err := s.Unmerge(ctx, b.ID, 7)
		if err != nil || len(got.Identities) != 2 || got.Name != "Anna B." {
			t.Errorf("taken back: %+v, %v", got, err)
		}
		if got, err := s.Get(ctx, c.ID); err != nil || got.ID != b.ID {
			t.Errorf("the inner one leads to %d, %v", got.ID, err)
		}
		must(s.Unmerge(ctx, c.ID, 7))
		if list, err := s.List(ctx, "", 0, 10); err != nil || len(list) != 3 {
			t.Errorf("the list has %d customers, %v", len(list), err)
		}
	})
}

func TestAMergeThatCannotBeIsRefusedInWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		a := person(t, s, "Anna", at("anna@x.example"))
		for _, others := range [][]int64{nil, {a.ID}} {
			if _, err := s.Merge(ctx, a.ID, others, 0, nil); !errs.Is(err, errs.Invalid) {
				t.Errorf("merging %v: %v", others, err)
			}
		}
		if _, err := s.Merge(ctx, a.ID, []int64{9999}, 0, nil); !errs.Is(err, errs.NotFound) {
			t.Errorf("merging a customer that is not there: %v", err)
		}
		if _, err := s.Unmerge(ctx, a.ID, 0); !errs.Is(err, errs.Conflict) {
			t.Errorf("taking back what was not merged: %v", err)
		}
	})
}

func TestDuplicatesAreSuggestedByAddressPhoneAndName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		a := person(t, s, "Anna Schmidt", at("anna.schmidt@x.example"), customer.Identity{Kind: customer.Phone, Value: "+49 30 123456"}, at("info@x.example"))
		want := map[int64]string{
			person(t, s, "", at("anna.schmidt+shop@y.example")).ID:                            customer.SameAddress,
			person(t, s, "", customer.Identity{Kind: customer.Phone, Value: "030 123456"}).ID: customer.SamePhone,
			person(t, s, "anna schmidt", at("a-schmidt@z.example")).ID:                        customer.SameName,
		}
		person(t, s, "Anna Schmidt", at("blue@z.example"))
		person(t, s, "", at("info@y.example"))
		list, err := s.Duplicates(ctx, a.ID)
		if err != nil || len(list) != len(want) {
			t.Fatalf("the suggestions are %+v, %v", list, err)
		}
		for _, one := range list {
			if len(one.Reasons) != 1 || one.Reasons[0] != want[one.Customer.ID] {
				t.Errorf("customer %d: %v, want %s", one.Customer.ID, one.Reasons, want[one.Customer.ID])
			}
		}
		if found, err := s.List(ctx, "anna schm", 0, 10); err != nil || len(found) != 3 {
			t.Errorf("%d are found by name, %v", len(found), err)
		}
	})
}
