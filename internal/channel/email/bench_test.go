package email_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// BenchmarkArrival is one mail from its bytes to its conversation, without
// search and HTTP; `deskbell bench` measures the whole program.
func BenchmarkArrival(b *testing.B) {
	d := dbtest.SQLite(b)
	now := func() time.Time { return time.Now().UTC() }
	led := &ledger.Service{DB: d, Now: now}
	feed := &event.Feed{Now: now, Reactions: led.Reactions()}
	queue := &job.Queue{DB: d, Now: now, Log: slog.New(slog.DiscardHandler)}
	inboxes := &inbox.Service{DB: d, Feed: feed, Secrets: sealed{}, Now: now}
	talks := &conversation.Service{DB: d, Feed: feed, Jobs: queue, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "support@desk.test", AfterReply: conversation.Pending, ReopenDays: 60}, nil
		}}
	ctx := context.Background()
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)")
		return err
	}); err != nil {
		b.Fatal(err)
	}
	made, err := inboxes.Create(ctx, 0, inbox.Inbox{Channel: inbox.Email, Name: "Shop", Address: "support@desk.test"}, inbox.Passwords{})
	if err != nil {
		b.Fatal(err)
	}
	ch := email.New(email.Config{DB: d, Queue: queue, Blobs: blob.Memory(now), Inboxes: inboxes, Ledger: led, Conversations: talks, Now: now, Log: queue.Log})
	ingest := ch.Kinds()[0]
	b.ResetTimer()
	for from := 0; from < b.N; from += 64 {
		var wg sync.WaitGroup
		for n := from; n < min(from+64, b.N); n++ {
			wg.Go(func() {
				raw := fmt.Sprintf("From: C%d <c%d@example.test>\r\nTo: support@desk.test\r\nSubject: Order %d\r\nMessage-ID: <%d@example.test>\r\n\r\n%s", n%5000, n%5000, n, n,
					strings.Repeat("Where is my parcel? I ordered it a week ago.\r\n", 20))
				if _, err := ch.Receiver.Keep(ctx, email.Delivery{Inbox: made.ID, Door: email.DoorAPI, Raw: strings.NewReader(raw)}); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if _, err := queue.RunOnce(ctx, ingest); err != nil {
			b.Fatal(err)
		}
	}
}
