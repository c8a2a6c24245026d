package email

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/sender"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// talks is a small stand-in for conversation: it remembers what it was given
// and finds repeats, without a database of its own.
type talks struct {
	ledger *ledger.Service

	mu       sync.Mutex
	received []conversation.Inbound
	same     map[string]int64
	refuse   func(conversation.Inbound) error
	out      map[int64]conversation.Outgoing
	states   map[int64][]conversation.Delivery
	taken    map[int64]bool // taken back
	failSet  func(conversation.Delivery) error
}

func (c *talks) ReceiveTx(ctx context.Context, tx *db.Tx, in conversation.Inbound) (conversation.Received, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != nil {
		if err := c.refuse(in); err != nil {
			return conversation.Received{}, err
		}
	}
	key := fmt.Sprint(in.Inbox, string(in.SameHash))
	if first, ok := c.same[key]; ok && in.SameHash != nil {
		return conversation.Received{Conversation: first, Message: first, Repeat: true}, nil
	}
	c.received = append(c.received, in)
	id := int64(len(c.received))
	if c.same == nil {
		c.same = map[string]int64{}
	}
	c.same[key] = id
	return conversation.Received{Conversation: id, Message: id, New: true}, c.ledger.ThreadedTx(ctx, tx, in.LedgerID, id, id)
}

// Known are those who have written before.
func (c *talks) Known(_ context.Context, addresses []string) (map[string]bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]bool{}
	for _, in := range c.received {
		out[inbox.Fold(in.From.Address)] = slices.ContainsFunc(addresses, func(a string) bool { return inbox.Fold(a) == inbox.Fold(in.From.Address) })
	}
	return out, nil
}

func (c *talks) SentFile(_ context.Context, message, attachment int64) (conversation.Attachment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.out[message].Attachments {
		if a.ID == attachment {
			return a, nil
		}
	}
	return conversation.Attachment{}, errs.New(errs.NotFound, "There is no such file.")
}

func (c *talks) SentTx(ctx context.Context, tx *db.Tx, in conversation.Inbound) (conversation.Received, error) {
	if len(in.ThreadIDs) == 0 {
		return conversation.Received{}, conversation.ErrNoThread
	}
	return c.ReceiveTx(ctx, tx, in)
}

func (c *talks) Outgoing(_ context.Context, id int64) (conversation.Outgoing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.out[id]
	if !ok {
		return o, errs.New(errs.NotFound, "There is no such message.")
	}
	if s := c.states[id]; len(s) > 0 {
		o.Delivery = s[len(s)-1]
	}
	return o, nil
}

// Message lets everybody but the fenced actor see every message.
func (c *talks) Mails(ctx context.Context, _, after int64, _ int) ([]conversation.Message, error) {
	m, err := c.Message(ctx, after+1)
	if err != nil {
		return nil, nil //nolint:nilerr // behind the last
	}
	return []conversation.Message{m}, nil
}

func (c *talks) Message(ctx context.Context, id int64) (conversation.Message, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := access.From(ctx)
	if a == nil || a.Name == "fenced" {
		return conversation.Message{}, errs.New(errs.NotFound, "There is no such message.")
	}
	if _, ok := c.out[id]; ok {
		return conversation.Message{ID: id, Kind: conversation.KindOutbound}, nil
	}
	if id > 0 && id <= int64(len(c.received)) {
		return conversation.Message{ID: id, Kind: conversation.KindInbound, LedgerID: c.received[id-1].LedgerID}, nil
	}
	return conversation.Message{}, errs.New(errs.NotFound, "There is no such message.")
}

func (c *talks) SetDeliveryTx(_ context.Context, tx *db.Tx, id int64, d conversation.Delivery) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken[id] {
		return errs.New(errs.Conflict, "This message was taken back.")
	}
	if c.failSet != nil {
		if err := c.failSet(d); err != nil {
			return err
		}
	}
	d.Recipients = append([]conversation.RecipientDelivery{}, d.Recipients...)
	tx.AfterCommit(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.states == nil {
			c.states = map[int64][]conversation.Delivery{}
		}
		c.states[id] = append(c.states[id], d)
	})
	return nil
}

func (c *talks) state(id int64) conversation.Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.states[id]; len(s) > 0 {
		return s[len(s)-1]
	}
	return conversation.Delivery{}
}

func (c *talks) subjects() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, in := range c.received {
		out = append(out, in.Subject)
	}
	return out
}

// blobCount is how many blobs there are.
func (k *desk) blobCount(t *testing.T) (n int) {
	t.Helper()
	if err := k.blobs.Walk(context.Background(), func(blob.Item) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// desk is everything around the channel on one database.
type desk struct {
	db       *db.DB
	clock    *clock
	queue    *job.Queue
	ledger   *ledger.Service
	blobs    *blob.Store
	talks    *talks
	inboxes  *inbox.Service
	receiver *Receiver
	ingester *Ingester
	inbox    *inbox.Inbox
}

// fillDisk makes the disk full until low is false.
func (k *desk) fillDisk() (low *atomic.Bool) {
	low = &atomic.Bool{}
	low.Store(true)
	k.receiver.Room = func() error {
		if low.Load() {
			return errs.New(errs.Unavailable, "The disk is almost full.")
		}
		return nil
	}
	return low
}

type plain struct{}

func (plain) Seal(_, _ string, _ int64, p []byte) []byte          { return bytes.Clone(p) }
func (plain) Open(_, _ string, _ int64, s []byte) ([]byte, error) { return s, nil }

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	c := &clock{at: time.Date(2025, 11, 28, 9, 0, 0, 0, time.UTC)}
	log := slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	k := &desk{db: d, clock: c, blobs: blob.Memory(c.Now), queue: &job.Queue{DB: d, Now: c.Now, Log: log}, ledger: &ledger.Service{DB: d, Now: c.Now}}
	k.talks = &talks{ledger: k.ledger}
	k.inboxes = &inbox.Service{DB: d, Feed: &event.Feed{Now: c.Now}, Secrets: plain{}, Now: c.Now}
	k.receiver = &Receiver{DB: d, Ledger: k.ledger, Queue: k.queue, Blobs: k.blobs, Now: c.Now, Log: log}
	senders := &sender.Service{DB: d, Now: c.Now}
	if err := senders.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	k.ingester = &Ingester{DB: d, Ledger: k.ledger, Queue: k.queue, Blobs: k.blobs, Conversations: k.talks, Senders: senders, Now: c.Now, Log: log}
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), "INSERT INTO brand (name, created_at) VALUES ('Shop', 1)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k.inbox = k.newInbox(t, "support@shop.test", "help@shop.test")
	return k
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) { return len(p), nil }

func (k *desk) newInbox(t *testing.T, address string, aliases ...string) *inbox.Inbox {
	t.Helper()
	i, err := k.inboxes.Create(context.Background(), 0, inbox.Inbox{
		Channel: inbox.Email, Name: "Shop", Address: address, Aliases: aliases, ReopenDays: -1,
	}, inbox.Passwords{})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (k *desk) write(t *testing.T, do func(tx *db.Tx) error) {
	t.Helper()
	if err := k.db.Write(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

func (k *desk) enqueue(t *testing.T, n job.New) {
	t.Helper()
	k.write(t, func(tx *db.Tx) error { return k.queue.Enqueue(context.Background(), tx, n) })
}

// insertMessage makes the row that a rendered mail belongs to.
func (k *desk) insertMessage(t *testing.T, id int64) {
	t.Helper()
	k.write(t, func(tx *db.Tx) error {
		ctx := context.Background()
		for _, text := range []string{
			"INSERT INTO customer (id, created_at) VALUES (1, 1) ON CONFLICT DO NOTHING",
			`INSERT INTO conversation (id, inbox_id, channel, customer_id, subject, preview, status, last_activity_at, waiting_since, due_at, created_at)
				VALUES (1, 1, 'email', 1, 's', 'p', 'open', 1, 1, 1, 1) ON CONFLICT DO NOTHING`,
		} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO message (id, conversation_id, origin_conversation_id, kind, author_type, text, created_at)
			VALUES (?, 1, 1, 'outbound', 'agent', 't', 1)`, id)
		return err
	})
}

func (k *desk) keep(t *testing.T, raw string) int64 {
	t.Helper()
	id, err := k.receiver.Keep(context.Background(), Delivery{Inbox: k.inbox.ID, Door: DoorAPI, Raw: bytes.NewReader([]byte(raw))})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ingest works until nothing is due.
func (k *desk) ingest(t *testing.T) {
	t.Helper()
	for {
		n, err := k.queue.RunOnce(context.Background(), k.ingester.Kind())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (k *desk) ledgerState(t *testing.T, id int64) ledger.Row {
	t.Helper()
	row, err := k.ledger.Get(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// mailText is a plain mail with CRLF line ends.
func mailText(from, subject, id string, more ...string) string {
	text := "From: " + from + "\r\nTo: support@shop.test\r\nSubject: " + subject + "\r\nDate: Fri, 28 Nov 2025 08:00:00 +0000\r\n"
	if id != "" {
		text += "Message-ID: <" + id + ">\r\n"
	}
	for _, m := range more {
		text += m + "\r\n"
	}
	return text + "\r\nWhere is my parcel?\r\n"
}
