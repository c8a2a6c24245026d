package ledger

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operations of the ledger. mayCheck tells whether the caller
// may have the mail servers asked now.
func Register(api *web.API, s *Service, mayCheck func(ctx context.Context) error) {
	const permission, tag = "ledger:read", "Ledger"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/ledger/{id}", Permission: "mail:ingest", Tag: tag, Summary: "What became of one message"},
		func(ctx context.Context, in *struct {
			ID int64 `path:"id" minimum:"1"`
		}) (*rowOutput, error) {
			r, err := s.Get(ctx, in.ID)
			if err == nil && access.From(ctx).Scope.Level(r.Inbox) == access.None {
				err = errNotFound
			}
			return outputOf(ctx, r), err
		})
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/ledger/balance", Permission: permission, Tag: tag, Summary: "Proof that no message was lost",
		Text: "received = threaded + dropped + pending_in + dead. Counts are live; the comparison with mailboxes is made every five minutes."},
		func(ctx context.Context, in *struct {
			Check string `query:"check" enum:"now" doc:"Ask the mail servers now"`
		}) (*balanceOutput, error) {
			if in.Check != "" {
				if err := mayCheck(ctx); err != nil {
					return nil, err
				}
			}
			b, err := s.Balance(ctx, in.Check != "")
			return b.output(ctx), err
		})
}

type rowOutput struct {
	Body struct {
		ID             int64  `json:"id"`
		State          State  `json:"state"`
		ConversationID *int64 `json:"conversation_id"`
		MessageID      *int64 `json:"message_id"`
		Error          string `json:"error"`
	}
}

func outputOf(ctx context.Context, r Row) *rowOutput {
	o := &rowOutput{}
	o.Body.ID, o.Body.State = r.ID, r.State
	switch r.State {
	case Dropped:
		o.Body.State = State("dropped: " + r.Reason)
	case Dead, Failed:
		o.Body.Error = web.SayStored(ctx, r.Reason)
	}
	if r.Conversation != 0 {
		o.Body.ConversationID = &r.Conversation
	}
	if r.Message != 0 {
		o.Body.MessageID = &r.Message
	}
	return o
}

type gapBody struct {
	InboxID  int64     `json:"inbox_id"`
	UID      *int64    `json:"uid"`
	LedgerID *int64    `json:"ledger_id"`
	Stage    string    `json:"stage"`
	Since    time.Time `json:"since"`
	Reason   string    `json:"reason"`
}

type balanceOutput struct {
	Body struct {
		Balanced   bool             `json:"balanced"`
		CheckedAt  *time.Time       `json:"checked_at"`
		PendingIn  int64            `json:"pending_in"`
		PendingOut int64            `json:"pending_out"`
		InDoubt    int64            `json:"in_doubt"`
		Counts     map[string]int64 `json:"counts"`
		Gaps       []gapBody        `json:"gaps"`
	}
}

func (b Balance) output(ctx context.Context) *balanceOutput {
	o := &balanceOutput{}
	o.Body.Balanced, o.Body.CheckedAt, o.Body.Counts = b.Balanced, web.MaybeTime(b.CheckedAt), b.Counts
	o.Body.PendingIn, o.Body.PendingOut, o.Body.InDoubt = b.PendingIn, b.PendingOut, b.InDoubt
	o.Body.Gaps = []gapBody{}
	for _, g := range b.Gaps {
		body := gapBody{InboxID: g.Inbox, Stage: g.Stage, Since: web.Time(g.Since), Reason: web.SayStored(ctx, g.Reason)}
		if g.UID != 0 {
			body.UID = &g.UID
		}
		if g.Ledger != 0 {
			body.LedgerID = &g.Ledger
		}
		o.Body.Gaps = append(o.Body.Gaps, body)
	}
	return o
}
