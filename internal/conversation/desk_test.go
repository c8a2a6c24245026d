package conversation_test

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// desk is the service with two inboxes, two agents and a ledger behind it.
type desk struct {
	*conversation.Service
	t      *testing.T
	ledger *ledger.Service
	now    time.Time
	full   bool // the disk
	files  *blob.Store
}

// room refuses what is new while the disk is full.
func (k *desk) room() error {
	if k.full {
		return errs.New(errs.Unavailable, "The disk is almost full.")
	}
	return nil
}

const (
	inboxA, inboxB = 1, 2
	anna, ben      = 1, 2
)

func newDesk(t *testing.T, d *db.DB) *desk {
	k := &desk{t: t, now: noon}
	now := func() time.Time { return k.now }
	k.ledger = &ledger.Service{DB: d, Now: now}
	feed := &event.Feed{Now: now, Reactions: k.ledger.Reactions()}
	k.Service = &conversation.Service{
		DB: d, Feed: feed, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now},
		Jobs: &job.Queue{DB: d, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example", AfterReply: conversation.Pending, ReopenDays: 60}, nil
		},
	}
	k.write(func(tx *db.Tx) error {
		for _, text := range []string{
			"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (2, 1, 'email', 'B', 'sales@shop.example', 0)",
			"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'anna@shop.example', 'Anna', 1, 0)",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (2, 'ben@shop.example', 'Ben', 1, 0)",
		} {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	return k
}

func (k *desk) write(fn func(tx *db.Tx) error) {
	k.t.Helper()
	if err := k.DB.Write(context.Background(), fn); err != nil {
		k.t.Fatal(err)
	}
}

// as is a context in which the agent acts, seeing inbox A whole.
func as(agent int64) context.Context {
	all := map[access.Permission]bool{}
	for _, p := range access.All {
		all[p] = true
	}
	name := map[int64]string{anna: "Anna", ben: "Ben"}[agent]
	return access.With(context.Background(), &access.Actor{AgentID: agent, Name: name, Permissions: all,
		Scope: access.Scope{Agent: agent, Inboxes: map[int64]access.Level{inboxA: access.Any}}})
}

// mail is a customer's mail; edit changes it.
func mail(from, id, text string, edit ...func(*conversation.Inbound)) conversation.Inbound {
	hash := sha256.Sum256([]byte(id + text))
	in := conversation.Inbound{Inbox: inboxA, Channel: "email", From: conversation.Person{Name: "C", Address: from}, At: noon,
		Subject: "Where is my parcel?", Text: text, RFCID: id, SameHash: hash[:]}
	for _, e := range edit {
		e(&in)
	}
	return in
}

// receive opens a ledger row and lets the mail in.
func (k *desk) receive(in conversation.Inbound) (r conversation.Received) {
	k.t.Helper()
	k.write(func(tx *db.Tx) (err error) {
		ctx := context.Background()
		if in.LedgerID, err = k.ledger.OpenTx(ctx, tx, ledger.In{Inbox: in.Inbox, At: k.now}); err != nil {
			return err
		}
		if r, err = k.ReceiveTx(ctx, tx, in); err != nil || !r.Repeat {
			return err
		}
		return k.ledger.DropTx(ctx, tx, in.LedgerID, "repeat", r.Conversation, r.Message)
	})
	return r
}

func (k *desk) conversation(id int64) conversation.Conversation {
	k.t.Helper()
	c, err := k.Get(access.With(context.Background(), access.System), id)
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

func (k *desk) reply(agent, id int64, edit ...func(*conversation.NewReply)) conversation.Message {
	k.t.Helper()
	n := conversation.NewReply{Text: "It is on its way."}
	for _, e := range edit {
		e(&n)
	}
	m, err := k.Reply(as(agent), id, n, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return m
}

func (k *desk) balanced() ledger.Balance {
	k.t.Helper()
	b, err := k.ledger.Balance(context.Background(), false)
	if err != nil {
		k.t.Fatal(err)
	}
	if !b.Balanced {
		k.t.Errorf("the ledger does not balance: %+v", b)
	}
	return b
}
