package conversation_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// people are two customers with a conversation each, who are one person.
func (k *desk) people() (first, second conversation.Conversation) {
	k.t.Helper()
	k.Customers.Conversations = k.Service
	one := k.receive(mail("eva@x.example", "a@x", "Where is it?"))
	two := k.receive(mail("eva@work.example", "b@x", "Writing again"))
	return k.conversation(one.Conversation), k.conversation(two.Conversation)
}

func (k *desk) join(survivor int64, others ...int64) {
	k.t.Helper()
	k.do(func() error {
		_, err := k.Customers.Merge(as(anna), survivor, others, anna, nil)
		return err
	})
}

func TestConversationsOfAMergedCustomerAreTheSurvivorsAndAnswersGoWhereTheyCameFrom(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.people()
		k.join(first.Customer, second.Customer)
		k.now = k.now.Add(time.Hour)
		third := k.receive(mail("eva@work.example", "c@x", "A new matter", func(in *conversation.Inbound) { in.At = k.now }))
		answer := k.receive(mail("eva@x.example", "d@x", "An answer from home", after("b@x"), func(in *conversation.Inbound) { in.At = k.now }))
		for _, id := range []int64{second.ID, third.Conversation} {
			if c := k.conversation(id); c.Customer != first.Customer {
				t.Errorf("conversation %d is of customer %d, want %d", id, c.Customer, first.Customer)
			}
		}
		if answer.Conversation != second.ID {
			t.Errorf("the answer came to %d, want %d", answer.Conversation, second.ID)
		}
		m, err := k.Message(as(anna), answer.Message)
		if err != nil || m.Flags&conversation.FlagUnverified != 0 {
			t.Errorf("the customer's other address counts as a stranger: %+v, %v", m.Flags, err)
		}
		r, err := k.Recipients(as(anna), third.Conversation)
		if err != nil || len(r.To) != 1 || r.To[0].Address != "eva@work.example" {
			t.Errorf("an answer would go to %+v, %v", r.To, err)
		}
		k.do(func() error {
			_, err := k.Customers.Unmerge(as(anna), second.Customer, anna)
			return err
		})
		for id, want := range map[int64]int64{first.ID: first.Customer, second.ID: second.Customer, third.Conversation: second.Customer} {
			if c := k.conversation(id); c.Customer != want {
				t.Errorf("taken back, conversation %d is of customer %d, want %d", id, c.Customer, want)
			}
		}
	})
}

func TestAnswersGoToTheAddressThatWroteBeforeTheMerge(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.people()
		k.join(first.Customer, second.Customer)
		r, err := k.Recipients(as(anna), second.ID)
		if err != nil || len(r.To) != 1 || r.To[0].Address != "eva@work.example" {
			t.Errorf("an answer would go to %+v, %v", r.To, err)
		}
	})
}

func TestMailThatArrivesDuringAMergeIsTheSurvivors(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.people()
		var wg sync.WaitGroup
		received := make([]conversation.Received, 12)
		begin := make(chan struct{})
		for i := range received {
			wg.Go(func() {
				<-begin
				err := k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
					received[i], err = k.ReceiveTx(context.Background(), tx, mail("eva@work.example", fmt.Sprintf("race%d@x", i), "In between"))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			<-begin
			if _, err := k.Customers.Merge(as(anna), first.Customer, []int64{second.Customer}, anna, nil); err != nil {
				t.Error(err)
			}
		})
		close(begin)
		wg.Wait()
		for _, r := range received {
			if c := k.conversation(r.Conversation); c.Customer != first.Customer {
				t.Errorf("conversation %d stayed with customer %d", c.ID, c.Customer)
			}
		}
	})
}

// A mail has found its customer and not yet written its conversation when the
// merge begins: the merge waits. The other way round the mail waits.
func TestAMergeAndAMailWaitForEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		if k.DB.Dialect == db.SQLite {
			t.Skip("one writer")
		}
		first, second := k.people()
		found, merging, ctx := make(chan struct{}), make(chan error), context.Background()
		go func() {
			<-found
			_, err := k.Customers.Merge(as(anna), first.Customer, []int64{second.Customer}, anna, nil)
			merging <- err
		}()
		var r conversation.Received
		k.write(func(tx *db.Tx) (err error) {
			if _, err = k.Customers.IdentifyTx(ctx, tx, customer.Email, "eva@work.example", "", false); err != nil {
				return err
			}
			close(found)
			k.waiting(1)
			r, err = k.ReceiveTx(ctx, tx, mail("eva@work.example", "late@x", "Just before"))
			return err
		})
		if err := <-merging; err != nil {
			t.Fatal(err)
		}
		if c := k.conversation(r.Conversation); c.Customer != first.Customer {
			t.Errorf("the conversation stayed with customer %d", c.Customer)
		}
		k.do(func() error {
			_, err := k.Customers.Unmerge(as(anna), second.Customer, anna)
			return err
		})
		arriving := make(chan conversation.Received)
		_, err := k.Customers.Merge(as(anna), first.Customer, []int64{second.Customer}, anna, func(context.Context, *db.Tx, customer.Customer) error {
			go func() {
				var late conversation.Received
				_ = k.DB.Write(ctx, func(tx *db.Tx) (err error) {
					late, err = k.ReceiveTx(ctx, tx, mail("eva@work.example", "later@x", "During"))
					return err
				})
				arriving <- late
			}()
			k.waiting(1)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if c := k.conversation((<-arriving).Conversation); c.Customer != first.Customer {
			t.Errorf("the conversation that waited is of customer %d", c.Customer)
		}
	})
}

// waiting returns when n transactions wait for a lock.
func (k *desk) waiting(n int) {
	for {
		var now int
		err := k.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&now)
		if err != nil {
			k.t.Error(err)
			return
		}
		if now >= n {
			return
		}
	}
}
