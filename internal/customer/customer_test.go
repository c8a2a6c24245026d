package customer_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

func service(d *db.DB) *customer.Service {
	now := func() time.Time { return time.UnixMilli(1_700_000_000_000) }
	return &customer.Service{DB: d, Now: now, Feed: &event.Feed{Now: now}}
}

func TestManyFirstMailsOfOnePersonMakeOneCustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		ids := make([]int64, 12)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) (err error) {
					address := "Anna@Example.com"
					if i%2 == 0 {
						address = "anna@example.COM"
					}
					ids[i], err = s.IdentifyTx(ctx, tx, customer.Email, address, fmt.Sprint("Anna ", i), false)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] || id == 0 {
				t.Fatalf("the mails made customers %v", ids)
			}
		}
	})
}

func TestAnAddressBelongsToOneCustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := service(d), context.Background()
		a, err := s.Create(ctx, customer.Customer{Name: "A", Identities: []customer.Identity{{Kind: customer.Email, Value: "a@x.example"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Create(ctx, customer.Customer{Name: "B", Identities: []customer.Identity{{Kind: customer.Email, Value: "A@X.example"}}}); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a second customer got the address: %v", err)
		}
		v := a.Version
		if _, err := s.Update(ctx, a.ID, customer.Change{AddIdentities: []customer.Identity{{Kind: customer.Phone, Value: "+49 (30) 123-456"}}, Version: &v}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Update(ctx, a.ID, customer.Change{Version: &v}); !errs.Is(err, errs.Conflict) {
			t.Fatalf("an update with an old version was taken: %v", err)
		}
		got, err := s.Get(ctx, a.ID)
		if err != nil || len(got.Identities) != 2 || got.Identities[1].Value != "+4930123456" {
			t.Fatalf("customer = %+v, %v", got, err)
		}
	})
}
