package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// reactKind is the job that repeats reactions which failed in the transaction
// of their event: at most one per event, each reaction with a mark of its own.
const reactKind = "event.react"

type reactPayload struct {
	Event     int64    `json:"event_id"`
	Reactions []string `json:"reactions"`
}

// retryReaction makes or extends the one job of the event.
func (a *App) retryReaction(ctx context.Context, tx *db.Tx, reaction string, e event.Event, cause error) error {
	a.Log.Warn("a reaction failed and is tried again later", "reaction", reaction, "event", e.ID, "error", cause)
	return a.Jobs.Enqueue(ctx, tx, job.New{Kind: reactKind, UniqueKey: fmt.Sprintf("%d/%s", e.ID, reaction),
		Payload: reactPayload{e.ID, []string{reaction}}, Summary: errs.Say("Repeat %s for event %d", reaction, e.ID).String()})
}

func (a *App) reactionKind() job.Kind {
	return job.Kind{Name: reactKind, Do: func(ctx context.Context, j job.Job) error {
		var p reactPayload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		e, err := event.ByID(ctx, a.DB, p.Event)
		if db.IsNoRows(err) {
			return nil // older than the feed is kept
		}
		if err != nil {
			return err
		}
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			for _, name := range p.Reactions {
				if err := a.react(ctx, tx, name, e); err != nil {
					return err
				}
			}
			return nil
		})
	}}
}

func (a *App) react(ctx context.Context, tx *db.Tx, name string, e event.Event) error {
	for _, r := range a.Feed.Reactions {
		if r.Name == name {
			return r.Do(ctx, tx, e)
		}
	}
	return job.Final{Err: fmt.Errorf("there is no reaction %q any more", name)}
}
