package conversation_test

import (
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

func TestAReplyCanBeTakenBackUntilItLeavesWhateverTheClockDoes(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		ctx := context.Background()
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		undoable := func(n *conversation.NewReply) { n.Undo = 10 * time.Second }
		sent := 0
		send := func(during func(context.Context) error) {
			t.Helper()
			if _, err := k.Jobs.RunOnce(ctx, job.Kind{Name: conversation.DeliverKind, Do: func(ctx context.Context, _ job.Job) error {
				sent++
				return during(ctx)
			}}); err != nil {
				t.Fatal(err)
			}
		}
		nothing := func(context.Context) error { return nil }

		back := k.reply(anna, r.Conversation, undoable)
		k.now = k.now.Add(-time.Hour)
		if _, err := k.Undo(as(anna), back.ID); err != nil {
			t.Errorf("set back: %v", err)
		}

		late := k.reply(anna, r.Conversation, undoable)
		k.now = k.now.Add(-time.Hour)
		if send(nothing); sent != 0 {
			t.Fatal("sent before its time")
		}
		if err := k.Jobs.SetRight(ctx); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.Add(10 * time.Second)
		send(func(context.Context) error {
			if _, err := k.Undo(as(anna), late.ID); !errs.Is(err, errs.Conflict) {
				t.Errorf("taken back on its way: %v", err)
			}
			return nil
		})
		if sent != 1 {
			t.Fatalf("sent %d times", sent)
		}

		early := k.reply(anna, r.Conversation, undoable)
		k.now = k.now.Add(time.Hour) // the undo time is over at once
		if send(nothing); sent != 2 {
			t.Fatalf("sent %d times", sent)
		}
		if _, err := k.Undo(as(anna), early.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("taken back after it left: %v", err)
		}
	})
}
