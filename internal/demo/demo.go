package demo

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/demo/story"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Shop is the name of the shop.
const Shop = "Linden & Loom"

// Agent is one of the shop's people.
type Agent struct {
	Name   string
	Email  string
	Role   string // owner, lead, agent, light_agent
	Locale string
	Teams  []int64
}

// Deps are the services that the shop is written through.
type Deps struct {
	Conversations *conversation.Service
	// CreateTeam and CreateAgent return the new id. The first agent is the owner.
	CreateTeam  func(ctx context.Context, name string) (int64, error)
	CreateAgent func(ctx context.Context, a Agent) (int64, error)
	CreateInbox func(ctx context.Context, i inbox.Inbox) (int64, error)
	// Blob stores a file and returns its key.
	Blob func(ctx context.Context, name, contentType string, data []byte) (string, error)
}

// Options say which shop it becomes.
type Options struct {
	Conversations int // 0 = 2,200
	Seed          uint64
	Now           time.Time
}

// Summary is what was written.
type Summary struct {
	Owner         Agent
	Agents        map[string]int64 // by e-mail address
	Teams         map[string]int64 // by name
	Inboxes       map[string]int64 // by address
	Support       string           // the address that customers know
	Conversations int
	Messages      int
	Open          int
}

// group is how many conversations are written in one transaction.
const group = 200

// Fill writes the shop. The database must be fresh but for a brand and roles.
func Fill(ctx context.Context, d Deps, o Options) (s Summary, err error) {
	defer errs.Wrap(&err, "fill the demo shop")
	if o.Conversations <= 0 {
		o.Conversations = 2200
	}
	f := &filler{Deps: d, o: o, t: story.New(o.Seed), people: map[string]int64{}, tags: story.Tags}
	if err := f.staff(ctx, &s); err != nil {
		return s, err
	}
	plans := f.plan()
	for len(plans) > 0 {
		n := min(group, len(plans))
		if err := f.write(ctx, plans[:n], &s); err != nil {
			return s, err
		}
		plans = plans[n:]
	}
	return s, nil
}

// write tells and stores some conversations. They are told outside of the
// transaction, because that may be run twice.
func (f *filler) write(ctx context.Context, plans []plan, s *Summary) error {
	histories := make([]conversation.History, len(plans))
	for i, p := range plans {
		h, err := f.history(ctx, p)
		if err != nil {
			return err
		}
		histories[i] = h
		s.Conversations++
		s.Messages += len(h.Messages)
		if h.Status == conversation.Open {
			s.Open++
		}
	}
	return f.Conversations.DB.Write(ctx, func(tx *db.Tx) error {
		for _, h := range histories {
			if _, err := f.Conversations.ImportTx(ctx, tx, h); err != nil {
				return err
			}
		}
		return nil
	})
}
