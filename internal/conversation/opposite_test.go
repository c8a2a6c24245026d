package conversation_test

import (
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestOppositeChangesAtOnceAreOrderedAndBothStandInTheThread(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is it?"))
		closed, open := conversation.Closed, conversation.Open
		high, low := conversation.High, conversation.Low
		k.do(func() error {
			_, err := k.Update(as(anna), r.Conversation, conversation.Change{Status: &closed})
			return err
		})
		changes := []conversation.Change{{Status: &open, Priority: &high}, {Status: &closed, Priority: &low}}
		var wg sync.WaitGroup
		var failed [2]error
		for i, change := range changes {
			wg.Go(func() { _, failed[i] = k.Update(as(int64(i+1)), r.Conversation, change) })
		}
		wg.Wait()
		for _, err := range failed {
			// Closing what is closed, when the one who closes came first, is told in words.
			if err != nil && !errs.Is(err, errs.Conflict) {
				t.Errorf("somebody heard %v", err)
			}
		}
		c := k.conversation(r.Conversation)
		if (c.Status != conversation.Open || c.Priority != high) && (c.Status != conversation.Closed || c.Priority != low) {
			t.Errorf("half of each came through: %s and %s", c.Status, c.Priority)
		}
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 100)
		if err != nil {
			t.Fatal(err)
		}
		by := map[int64]bool{}
		for _, m := range list {
			if m.Kind == conversation.KindEvent {
				by[m.AuthorID] = true
			}
		}
		if !by[anna] || (failed[1] == nil && !by[ben]) {
			t.Errorf("the thread tells of %v", by)
		}
	})
}

func TestAReplyWhileSomebodyClosesIsSentAndTheCustomerIsHeard(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is it?"))
		closed := conversation.Closed
		var wg sync.WaitGroup
		var m conversation.Message
		wg.Go(func() { m = k.reply(anna, r.Conversation) })
		wg.Go(func() {
			if _, err := k.Update(as(ben), r.Conversation, conversation.Change{Status: &closed}); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if m.Delivery.State == "" || m.Conversation != r.Conversation {
			t.Errorf("the reply is %+v", m)
		}
		if c := k.conversation(r.Conversation); !c.WaitingSince.IsZero() || (c.Status != conversation.Closed && c.Status != conversation.Pending) {
			t.Errorf("afterwards it is %s, waiting since %v", c.Status, c.WaitingSince)
		}
	})
}
