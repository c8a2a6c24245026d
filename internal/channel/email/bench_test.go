package email_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
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
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// workshop is the channel on an embedded database that syncs every commit.
type workshop struct {
	queue   *job.Queue
	talks   *conversation.Service
	channel *email.Channel
	inboxes *inbox.Service
	inbox   *inbox.Inbox
}

func newWorkshop(b *testing.B) *workshop {
	b.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	now := func() time.Time { return time.Now().UTC() }
	w := &workshop{queue: &job.Queue{DB: d, Now: now, Log: slog.New(slog.DiscardHandler)}}
	led := &ledger.Service{DB: d, Now: now}
	feed := &event.Feed{Now: now, Reactions: led.Reactions()}
	w.inboxes = &inbox.Service{DB: d, Feed: feed, Secrets: sealed{}, Now: now}
	w.talks = &conversation.Service{DB: d, Feed: feed, Jobs: w.queue, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "support@desk.test", AfterReply: conversation.Pending, ReopenDays: 60}, nil
		}}
	err = d.Write(ctx, func(tx *db.Tx) error {
		for _, text := range []string{"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (7, 'anna@desk.test', 'Anna', 1, 0)"} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if w.inbox, err = w.inboxes.Create(ctx, 0, inbox.Inbox{Channel: inbox.Email, Name: "Shop", Address: "support@desk.test"}, inbox.Passwords{}); err != nil {
		b.Fatal(err)
	}
	w.channel = email.New(email.Config{DB: d, Queue: w.queue, Blobs: blob.Memory(now), Inboxes: w.inboxes, Ledger: led, Conversations: w.talks, Now: now, Log: w.queue.Log})
	return w
}

func (w *workshop) arrive(b *testing.B, from, to int) {
	b.Helper()
	var wg sync.WaitGroup
	for n := from; n < to; n++ {
		wg.Go(func() {
			raw := fmt.Sprintf("From: C%d <c%d@example.test>\r\nTo: support@desk.test\r\nSubject: Order %d\r\nMessage-ID: <%d@example.test>\r\n\r\n%s", n%5000, n%5000, n, n,
				strings.Repeat("Where is my parcel? I ordered it a week ago.\r\n", 20))
			if _, err := w.channel.Receiver.Keep(context.Background(), email.Delivery{Inbox: w.inbox.ID, Door: email.DoorAPI, Raw: strings.NewReader(raw)}); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := w.queue.RunOnce(context.Background(), w.channel.Kinds()[0]); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkArrival is one mail from its bytes to its conversation, without
// search and HTTP; `deskbell bench` measures the whole program.
func BenchmarkArrival(b *testing.B) {
	w := newWorkshop(b)
	b.ResetTimer()
	for from := 0; from < b.N; from += 64 {
		w.arrive(b, from, min(from+64, b.N))
	}
}

// BenchmarkReplyLeaves is one reply from its acceptance to the 250 of the sending server.
func BenchmarkReplyLeaves(b *testing.B) {
	w := newWorkshop(b)
	left := make(chan struct{}, 1)
	box := &email.Outbox{Now: func() time.Time { left <- struct{}{}; return time.Now() }}
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go box.Serve(ctx, on)
	port := on.Addr().(*net.TCPAddr).Port
	if _, err := w.inboxes.Update(ctx, 0, w.inbox.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
		i.SMTP = inbox.Server{Host: "127.0.0.1", Port: port, TLS: inbox.TLSNone}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	w.arrive(b, 0, 1)
	w.queue.Kinds = w.channel.Kinds()
	done := make(chan error, 1)
	go func() { done <- w.queue.Run(ctx) }()
	b.ResetTimer()
	for range b.N {
		if _, err := w.talks.Reply(agent(), 1, conversation.NewReply{Text: "It is on its way."}, nil); err != nil {
			b.Fatal(err)
		}
		<-left
	}
	b.StopTimer()
	cancel()
	<-done
}
