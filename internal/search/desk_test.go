package search_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/search"
	"github.com/deskbell/deskbell/internal/view"
)

// desk receives mail in three inboxes and searches in it.
type desk struct {
	*search.Service
	t             testing.TB
	conversations *conversation.Service
	now           time.Time
	n             int
}

const (
	ann, bob = 1, 2
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func newDesk(t testing.TB, d *db.DB) *desk {
	t.Helper()
	k := &desk{t: t, now: noon, Service: &search.Service{DB: d}}
	now := func() time.Time { return k.now }
	views := &view.Service{DB: d, Now: now, Match: k.Conversations}
	k.Now = now
	k.List = func(ctx context.Context, l search.Listing, from *search.Place, limit int) (out []search.Listed, _ *search.Place, _ error) {
		f := view.Filter{Statuses: l.Statuses, Inbox: l.Inbox, Team: l.Team, Assignee: l.Assignee, Tag: l.Tag, Follows: l.Follows, Mentions: l.Mentions, Drafts: l.Drafts}
		f.Where(l.Where, l.Args...)
		found, next, err := views.List(ctx, f, (*view.Place)(from), limit)
		for _, c := range found {
			out = append(out, search.Listed{ID: c.ID, Subject: c.Subject, Preview: c.Preview, Activity: c.LastActivityAt})
		}
		return out, (*search.Place)(next), err
	}
	feed := &event.Feed{Now: now, Reactions: k.Reactions()}
	k.conversations = &conversation.Service{
		DB: d, Feed: feed, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now},
		Jobs: &job.Queue{DB: d, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example", AfterReply: conversation.Pending, ReopenDays: 60}, nil
		},
	}
	k.exec("INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
		`INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'a@shop.example', 0),
			(2, 1, 'email', 'B', 'b@shop.example', 0), (3, 1, 'email', 'C', 'c@shop.example', 0)`,
		"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
		`INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'ann@shop.example', 'Ann', 1, 0), (2, 'bob@shop.example', 'Bob', 1, 0)`,
		"INSERT INTO team (id, name, created_at) VALUES (1, 'Returns', 0)")
	return k
}

func (k *desk) exec(texts ...string) {
	k.t.Helper()
	k.write(func(tx *db.Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return fmt.Errorf("%s: %w", text[:min(len(text), 200)], err)
			}
		}
		return nil
	})
}

func (k *desk) write(fn func(tx *db.Tx) error) {
	k.t.Helper()
	if err := k.DB.Write(context.Background(), fn); err != nil {
		k.t.Fatal(err)
	}
}

// receive lets a mail in, a second after the one before.
func (k *desk) receive(inbox int64, subject, text string, edit ...func(*conversation.Inbound)) conversation.Received {
	k.t.Helper()
	k.n++
	k.now = k.now.Add(time.Second)
	hash := sha256.Sum256(fmt.Append(nil, k.n))
	in := conversation.Inbound{Inbox: inbox, Channel: "email", From: conversation.Person{Name: "Carla", Address: fmt.Sprintf("carla%d@mail.example", k.n)},
		At: k.now, Subject: subject, Text: text, RFCID: fmt.Sprintf("%d@mail.example", k.n), SameHash: hash[:]}
	for _, e := range edit {
		e(&in)
	}
	var r conversation.Received
	k.write(func(tx *db.Tx) (err error) {
		r, err = k.conversations.ReceiveTx(context.Background(), tx, in)
		return err
	})
	return r
}

// as is a context in which the agent acts with the scope.
func as(agent int64, s access.Scope) context.Context {
	all := map[access.Permission]bool{}
	for _, p := range access.All {
		all[p] = true
	}
	s.Agent = agent
	return access.With(context.Background(), &access.Actor{AgentID: agent, Name: "Ann", Permissions: all, Scope: s})
}

var admin = as(ann, access.Scope{Everything: true})

// find returns the results of the first page.
func (k *desk) find(ctx context.Context, query string) []search.Item {
	k.t.Helper()
	items, _, err := k.Find(ctx, search.Request{Query: query}, nil, 50)
	if err != nil {
		k.t.Fatalf("%q: %v", query, err)
	}
	return items
}

// ids are the conversations of the messages found, newest first.
func (k *desk) ids(ctx context.Context, query string) (ids []int64) {
	k.t.Helper()
	for _, it := range k.find(ctx, query) {
		if it.Type != search.Customer {
			ids = append(ids, it.Conversation)
		}
	}
	return ids
}
