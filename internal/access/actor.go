package access

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Actor is who does something: an agent by session or key, or the program itself.
type Actor struct {
	AgentID     int64
	Name        string
	Email       string
	Locale      string
	UndoSeconds int
	SessionID   int64
	KeyID       int64
	System      bool
	Permissions map[Permission]bool
	Scope       Scope
	// MustSetUp: the second step is required and this agent has none yet. Until
	// they set it up they may do nothing else.
	MustSetUp bool
}

// System acts for the program: jobs, channels, rules. It may do everything.
var System = &Actor{System: true, Name: "Deskbell", Scope: Scope{Everything: true}}

// May tells whether the actor has the permission.
func (a *Actor) May(p Permission) bool {
	return a != nil && !a.MustSetUp && (a.System || a.Permissions[p])
}

// Need refuses when the actor is missing or lacks the permission.
func (a *Actor) Need(p Permission) error {
	if a == nil {
		return errs.New(errs.Unauthorized, "Sign in to do this.")
	}
	if a.MustSetUp {
		return errSetUpFirst
	}
	if !a.May(p) {
		return errs.New(errs.Forbidden, "Your role does not allow this.")
	}
	return nil
}

type actorKey struct{}

// With puts the actor into the context, also for the audit log.
func With(ctx context.Context, a *Actor) context.Context {
	if a != nil && !a.System {
		ctx = audit.By(ctx, audit.Who{Agent: a.AgentID, Key: a.KeyID, Name: a.Name})
	}
	return context.WithValue(ctx, actorKey{}, a)
}

// From takes the actor out of the context, nil for a stranger.
func From(ctx context.Context) *Actor {
	a, _ := ctx.Value(actorKey{}).(*Actor)
	return a
}
