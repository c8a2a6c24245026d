package app

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// subscribe says what reacts to what. Reactions run inside the transaction of
// the event and touch only the database; what fails there becomes a job.
func (a *App) subscribe() {
	a.Feed.Reactions = append(a.Feed.Reactions, a.Ledger.Reactions()...)
	a.Feed.Reactions = append(a.Feed.Reactions, a.Notifications.Reactions()...)
	a.Feed.Reactions = append(a.Feed.Reactions, a.Search.Reactions()...) // last: it waits for answers, and the others' come along
	a.Feed.Retry = a.retryReaction
	a.Conversations.Imported = a.Search.Imported // what is brought in whole is indexed whole
	a.Conversations.Purged = a.purged

	a.Jobs.Kinds = append(a.Jobs.Kinds, a.Email.Kinds()...)
	a.Jobs.Kinds = append(a.Jobs.Kinds, a.Access.Kinds()...)
	a.Jobs.Kinds = append(a.Jobs.Kinds, a.Notifications.Kinds()...)
	a.Jobs.Kinds = append(a.Jobs.Kinds, a.Conversations.LeaveKind(), a.Conversations.ScanKind(), a.Notices.Kind(), a.Bulk.Kind(), a.reactionKind(), a.Search.FilesKind(), a.Privacy.JobKind())
}

// handBack gives the conversations of somebody who leaves back to their teams.
func (a *App) handBack(ctx context.Context, tx *db.Tx, agent int64) error {
	return a.Conversations.LeaveTx(ctx, tx, agent)
}

// purged lets search and the channel forget a conversation that is deleted.
func (a *App) purged(ctx context.Context, tx *db.Tx, p conversation.Purged) error {
	if err := a.Search.ForgetTx(ctx, tx, p.Messages...); err != nil {
		return err
	}
	if err := a.Notifications.ForgetTx(ctx, tx, p.Conversation); err != nil {
		return err
	}
	if err := a.Tasks.ForgetTx(ctx, tx, p.Conversation); err != nil {
		return err
	}
	if err := audit.ForgetNamesTx(ctx, tx, "message", p.Messages...); err != nil {
		return err
	}
	if err := web.ForgetRepeatsTx(ctx, tx, p.Conversation); err != nil {
		return err
	}
	ledger, err := a.Ledger.OfMessages(ctx, tx, p.Messages) // repeats of a mail have bytes of their own
	if err != nil {
		return err
	}
	return a.Email.ForgetTx(ctx, tx, append(ledger, p.Ledgers...), p.Messages)
}

// exportedTask is a task as the file of everything known of a customer has it.
type exportedTask struct {
	Text      string     `json:"text"`
	Assignee  string     `json:"assignee,omitempty"`
	DueAt     *time.Time `json:"due_at,omitempty"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
}

// exportedTasks is what privacy asks of task.
func (a *App) exportedTasks(ctx context.Context, conversation int64) (any, error) {
	list, err := a.Tasks.Of(ctx, conversation)
	out := make([]exportedTask, len(list))
	for i, t := range list {
		out[i] = exportedTask{t.Text, t.AssigneeName, web.MaybeTime(t.DueAt), web.MaybeTime(t.DoneAt), web.Time(t.CreatedAt)}
	}
	return out, err
}

func secretSuffix() string { return strings.ToLower(rand.Text()[:8]) }
