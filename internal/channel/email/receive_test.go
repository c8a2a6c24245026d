package email

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/lease"
)

func TestTheSameBytesGiveTheSameLedgerRowHoweverManySendThemAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ids := make([]int64, 40)
		var wg sync.WaitGroup
		for n := range ids {
			wg.Go(func() {
				raw := mailText("anna@example.test", "Parcel", "one@example.test")
				if n%2 == 1 {
					raw = mailText("ben@example.test", "Parcel", "two@example.test")
				}
				id, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorAPI, Raw: strings.NewReader(raw)})
				if err != nil {
					t.Error(err)
				}
				ids[n] = id
			})
		}
		wg.Wait()
		for n, id := range ids {
			if id == 0 || id != ids[n%2] || ids[0] == ids[1] {
				t.Fatalf("ledger ids are %v", ids)
			}
		}
		k.ingest(t)
		if got := k.talks.subjects(); len(got) != 2 {
			t.Errorf("messages are %v", got)
		}
	})
}

func TestTheSameBytesOverSMTPAreTwoDeliveries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		var ids [2]int64
		for n := range ids {
			id, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorSMTP,
				Raw: strings.NewReader(mailText("anna@example.test", "Parcel", "one@example.test"))})
			if err != nil {
				t.Fatal(err)
			}
			ids[n] = id
		}
		k.ingest(t)
		if a, b := k.ledgerState(t, ids[0]), k.ledgerState(t, ids[1]); a.State != ledger.Threaded || b.State != ledger.Dropped || b.Reason != "repeat" || b.Message != a.Message {
			t.Errorf("ledger rows are %+v and %+v", a, b)
		}
	})
}

func TestALargeMailGoesToTheBlobStoreAndComesBackWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		noise := make([]byte, 3<<20)
		r := rand.New(rand.NewPCG(1, 2)) // reproducible bytes
		for n := range noise {
			noise[n] = 'a' + byte(r.IntN(26))
		}
		for _, raw := range [][]byte{noise, bytes.Repeat([]byte("much the same "), 1<<17), []byte("small"), {}} {
			id, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorSMTP, Raw: bytes.NewReader(raw)})
			if err != nil {
				t.Fatal(err)
			}
			back, size, err := OpenInbound(context.Background(), d, k.blobs, id)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(back)
			back.Close()
			if err != nil || size != int64(len(raw)) || !bytes.Equal(got, raw) {
				t.Errorf("%d bytes came back as %d, %v", len(raw), len(got), err)
			}
		}
		if k.blobCount(t) != 1 {
			t.Errorf("%d blobs, want one for the mail that does not shrink", k.blobCount(t))
		}
	})
}

func TestALargeRepeatLeavesNoBlobBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		noise := make([]byte, 1<<20)
		r := rand.New(rand.NewPCG(1, 2)) // reproducible bytes
		for n := range noise {
			noise[n] = byte(r.IntN(256))
		}
		if a, b := k.keep(t, string(noise)), k.keep(t, string(noise)); a != b || k.blobCount(t) != 1 {
			t.Errorf("ledger ids %d and %d, %d blobs", a, b, k.blobCount(t))
		}
	})
}

// endless gives bytes until somebody has had enough.
type endless struct{ given int64 }

func (e *endless) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = 'x'
	}
	e.given += int64(len(p))
	return len(p), nil
}

func TestAnEndlessMailIsRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	src := &endless{}
	_, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorAPI, Raw: src})
	if !errs.Is(err, errs.TooLarge) || src.given > MaxMail+1<<20 {
		t.Errorf("got %v after %d bytes", err, src.given)
	}
	if c, err := k.queue.Counts(context.Background()); err != nil || len(c) != 0 {
		t.Errorf("jobs are %v, %v", c, err)
	}
}

type broken struct{ rest io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.rest.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestAConnectionThatBreaksKeepsNoHalfMail(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	_, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorSMTP, Raw: broken{strings.NewReader("From: a@b.test\r\n")}})
	if err == nil {
		t.Error("half a mail was kept")
	}
}

func TestOneMailThatCannotBeKeptDoesNotStopTheOthersOfItsGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		group := []*kept{}
		for n := range 3 {
			one, err := k.receiver.take(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorSMTP, Raw: strings.NewReader(strings.Repeat("x", n+1))}, MaxMail)
			if err != nil {
				t.Fatal(err)
			}
			group = append(group, one)
		}
		k.receiver.Ledger = &stubborn{Service: k.ledger, refuse: int64(k.inbox.ID) + 1}
		group[1].Inbox = k.inbox.ID + 1
		k.receiver.commit(group)
		if group[0].err != nil || group[1].err == nil || group[2].err != nil || group[0].ledgerID == 0 || group[2].ledgerID == 0 {
			t.Errorf("errors are %v, %v, %v", group[0].err, group[1].err, group[2].err)
		}
	})
}

// stubborn refuses the mails of one inbox.
type stubborn struct {
	*ledger.Service
	refuse int64
}

func (s *stubborn) OpenTx(ctx context.Context, tx *db.Tx, in ledger.In) (int64, error) {
	if in.Inbox == s.refuse {
		return 0, errors.New("no")
	}
	return s.Service.OpenTx(ctx, tx, in)
}

func BenchmarkKeep(b *testing.B) {
	d := dbtest.SQLite(b)
	k := newDesk(&testing.T{}, d)
	raw := []byte(mailText("anna@example.test", "Parcel", "") + strings.Repeat("A line of text that says something.\r\n", 60))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorSMTP, Raw: bytes.NewReader(raw)}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestAMailReadUnderALostLeaseIsRefusedAndTheOthersOfItsGroupAreKept keeps three
// mails in one transaction, of which one was read under a lease that is gone.
func TestAMailReadUnderALostLeaseIsRefusedAndTheOthersOfItsGroupAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		gone := db.Fenced(context.Background(), func(context.Context, *db.Tx) error { return lease.ErrTaken })
		held := db.Fenced(context.Background(), func(context.Context, *db.Tx) error { return nil })
		var group []*kept
		for n, ctx := range []context.Context{held, gone, context.Background()} {
			one, err := k.receiver.take(ctx, Delivery{Inbox: k.inbox.ID, Door: DoorSMTP,
				Raw: strings.NewReader(mailText("anna@example.test", "Parcel", fmt.Sprintf("%d@example.test", n)))}, MaxMail)
			if err != nil {
				t.Fatal(err)
			}
			one.fence = db.FenceOf(ctx)
			group = append(group, one)
		}
		k.receiver.commit(group)
		if group[0].err != nil || group[2].err != nil || !errors.Is(group[1].err, lease.ErrTaken) {
			t.Errorf("%v, %v, %v", group[0].err, group[1].err, group[2].err)
		}
		k.ingest(t)
		if got := k.talks.subjects(); len(got) != 2 {
			t.Errorf("messages are %v", got)
		}
	})
}
