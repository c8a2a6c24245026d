package conversation_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d)) })
}

func after(ids ...string) func(*conversation.Inbound) {
	return func(in *conversation.Inbound) { in.ThreadIDs = ids }
}

func TestAMailBecomesAConversationWithACustomer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello\nthere"))
		c := k.conversation(r.Conversation)
		if !r.New || c.Status != conversation.Open || c.Preview != "Hello there" || c.LastMessage != r.Message || c.WaitingSince.IsZero() {
			t.Fatalf("%+v %+v", r, c)
		}
		who, err := k.Customers.Get(context.Background(), c.Customer)
		if err != nil || who.Name != "C" || who.Identities[0].Value != "eva@x.example" {
			t.Fatalf("%+v, %v", who, err)
		}
		k.balanced()
	})
}

func TestTheSameMailAgainIsARepeatAndAnotherUnderTheSameIDIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		again := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		if !again.Repeat || again.Message != first.Message || again.Conversation != first.Conversation {
			t.Fatalf("again = %+v, first = %+v", again, first)
		}
		other := k.receive(mail("eva@x.example", "m1@x", "Something else"))
		if other.Repeat || other.Conversation != first.Conversation || other.Message == first.Message {
			t.Fatalf("other = %+v, first = %+v", other, first)
		}
		if b := k.balanced(); b.Counts["threaded"] != 2 || b.Counts["dropped"] != 1 {
			t.Fatalf("counts = %v", b.Counts)
		}
	})
}

// Twenty threads of five mails, all at once and each thread in any order, must
// become twenty conversations.
func TestPitfallThreadsThatArriveAtOnceStayWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		const threads, mails = 20, 5
		var mu sync.Mutex
		got := map[int]map[int64]bool{}
		var wg sync.WaitGroup
		for i := range threads * mails {
			thread, n := i%threads, mails-1-i/threads
			wg.Go(func() {
				id := func(n int) string { return fmt.Sprintf("t%d.%d@x", thread, n) }
				in := mail(fmt.Sprintf("c%d@x.example", thread), id(n), fmt.Sprint("mail ", n))
				for j := n - 1; j >= 0; j-- {
					in.ThreadIDs = append(in.ThreadIDs, id(j))
				}
				var r conversation.Received
				err := k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
					r, err = k.ReceiveTx(context.Background(), tx, in)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if got[thread] == nil {
					got[thread] = map[int64]bool{}
				}
				got[thread][r.Conversation] = true
			})
		}
		wg.Wait()
		all := map[int64]bool{}
		for thread, ids := range got {
			if len(ids) != 1 {
				t.Errorf("thread %d became %d conversations", thread, len(ids))
			}
			for id := range ids {
				all[id] = true
			}
		}
		if len(all) != threads {
			t.Errorf("%d conversations, want %d", len(all), threads)
		}
	})
}

func TestAnAnswerToOurMailFindsItsConversationFromEveryInbox(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		ours := k.reply(anna, r.Conversation)
		byID := k.receive(mail("eva@x.example", "m2@x", "Thanks", after(ours.RFCID), func(in *conversation.Inbound) { in.Inbox = inboxB }))
		byToken := k.receive(mail("eva@x.example", "m3@x", "Thanks again", func(in *conversation.Inbound) { in.Tokens = []string{conversation.Token(ours.RFCID)} }))
		if byID.Conversation != r.Conversation || byToken.Conversation != r.Conversation {
			t.Fatalf("by id %d, by token %d, want %d", byID.Conversation, byToken.Conversation, r.Conversation)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open {
			t.Fatalf("status = %s", c.Status)
		}
		if b := k.balanced(); b.Counts["answered"] != 1 || b.PendingOut != 1 {
			t.Fatalf("balance = %+v", b)
		}
	})
}

func TestANumberInTheSubjectIsTrustedOnlyFromSomebodyWhoTakesPart(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		number := func(in *conversation.Inbound) { in.SubjectNumber = r.Conversation }
		if got := k.receive(mail("eva@x.example", "m2@x", "More", number)); got.Conversation != r.Conversation {
			t.Errorf("the customer's own mail went to %d", got.Conversation)
		}
		if got := k.receive(mail("mallory@x.example", "m3@x", "Let me in", number)); got.Conversation == r.Conversation {
			t.Error("a stranger entered by guessing the number")
		}
	})
}

func TestAMailWhoseIDsLeadToTwoConversationsJoinsTheNewestAndLinksTheOther(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		a := k.receive(mail("eva@x.example", "a@x", "One"))
		b := k.receive(mail("eva@x.example", "b@x", "Two"))
		got := k.receive(mail("eva@x.example", "c@x", "Both", after("a@x", "b@x")))
		if got.Conversation != b.Conversation {
			t.Fatalf("joined %d, want %d", got.Conversation, b.Conversation)
		}
		var n int
		if err := k.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM conversation_link WHERE conversation_id = ? AND other_id = ?",
			b.Conversation, a.Conversation).Scan(&n); err != nil || n != 1 {
			t.Fatalf("links = %d, %v", n, err)
		}
	})
}

func TestTheSameMailInTwoInboxesMakesTwoLinkedConversations(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		a := k.receive(mail("eva@x.example", "a@x", "One"))
		b := k.receive(mail("eva@x.example", "a@x", "One", func(in *conversation.Inbound) { in.Inbox = inboxB }))
		if b.Repeat || a.Conversation == b.Conversation {
			t.Fatalf("a = %+v, b = %+v", a, b)
		}
		var n int
		if err := k.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM conversation_link").Scan(&n); err != nil || n != 2 {
			t.Fatalf("links = %d, %v", n, err)
		}
	})
}

func TestPitfallAStrangersAnswerNeverTakesTheCustomersPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One", func(in *conversation.Inbound) {
			in.Cc = []conversation.Person{{Name: "Bob", Address: "bob@x.example"}}
		}))
		k.receive(mail("mallory@x.example", "b@x", "I am Eva", after("a@x")))
		got, err := k.Recipients(as(anna), r.Conversation)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.To) != 1 || got.To[0].Address != "eva@x.example" || len(got.Cc) != 1 || got.Cc[0].Address != "bob@x.example" ||
			len(got.Unverified) != 1 || got.Unverified[0].Address != "mallory@x.example" {
			t.Fatalf("after the stranger: %+v", got)
		}
		k.receive(mail("bob@x.example", "c@x", "I am in copy", after("a@x")))
		if got, err = k.Recipients(as(anna), r.Conversation); err != nil || got.To[0].Address != "bob@x.example" || got.Cc[0].Address != "eva@x.example" {
			t.Fatalf("after somebody in copy answered: %+v, %v", got, err)
		}
	})
}

func TestACustomerOfAnOldClosedConversationBeginsANewLinkedOne(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		closed := conversation.Closed
		me := int64(anna)
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Status: &closed, Assignee: &me}); err != nil {
			t.Fatal(err)
		}
		k.now = noon.AddDate(0, 0, 61)
		got := k.receive(mail("eva@x.example", "b@x", "Again", after("a@x"), func(in *conversation.Inbound) { in.At = k.now }))
		c := k.conversation(got.Conversation)
		if got.Conversation == r.Conversation || c.Assignee != anna || c.Status != conversation.Open {
			t.Fatalf("%+v %+v", got, c)
		}
		if next := k.receive(mail("eva@x.example", "c@x", "And again", after("b@x"), func(in *conversation.Inbound) { in.At = k.now })); next.Conversation != got.Conversation {
			t.Fatalf("the answer to the new one went to %d, want %d", next.Conversation, got.Conversation)
		}
		k.balanced()
	})
}

func TestHistoryComesInClosedAndReadWithItsOwnDate(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		old := noon.AddDate(0, 0, -20)
		r := k.receive(mail("eva@x.example", "a@x", "Old", func(in *conversation.Inbound) { in.History, in.At = true, old }))
		c := k.conversation(r.Conversation)
		if c.Status != conversation.Closed || c.Unread(0) || !c.LastActivityAt.Equal(old) || !c.WaitingSince.IsZero() {
			t.Fatalf("%+v", c)
		}
	})
}

func TestPitfallABounceOfOurReplyFailsThatMessageAndOpensTheConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		ours := k.reply(anna, r.Conversation)
		bounce := mail("mailer-daemon@mx.example", "d@mx", "Undelivered", func(in *conversation.Inbound) {
			in.Automatic = true
			in.Bounce = &conversation.Bounce{OriginalRFCID: ours.RFCID, Recipient: "eva@x.example", Status: "5.1.1", Action: "failed", Reason: "No such user", Hard: true}
		})
		if got := k.receive(bounce); got.Conversation != r.Conversation {
			t.Fatalf("the report went to conversation %d, want %d", got.Conversation, r.Conversation)
		}
		m, err := k.Message(as(anna), ours.ID)
		if err != nil || m.Delivery.State != conversation.Failed || m.Delivery.Recipients[0].Error != `The mail server of the recipient returned the message and said: "No such user"` {
			t.Fatalf("%+v, %v", m.Delivery, err)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || c.WaitingSince.IsZero() {
			t.Fatalf("%+v", c)
		}
	})
}

func TestPitfallAutomaticMailNeitherReopensNorCountsAsAnAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		k.reply(anna, r.Conversation)
		k.receive(mail("eva@x.example", "b@x", "I am on holiday", after("a@x"), func(in *conversation.Inbound) { in.Automatic = true }))
		if c := k.conversation(r.Conversation); c.Status != conversation.Pending || !c.WaitingSince.IsZero() {
			t.Fatalf("%+v", c)
		}
	})
}

func TestSnoozedConversationsWakeAndAnAnswerWakesThemEarlier(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		until := noon.Add(time.Hour)
		a := k.receive(mail("eva@x.example", "a@x", "One"))
		b := k.receive(mail("ida@x.example", "b@x", "Two"))
		for _, id := range []int64{a.Conversation, b.Conversation} {
			if _, err := k.Update(as(anna), id, conversation.Change{SnoozedUntil: &until}); err != nil {
				t.Fatal(err)
			}
		}
		k.receive(mail("ida@x.example", "c@x", "Hello?", after("b@x")))
		if c := k.conversation(b.Conversation); c.Status != conversation.Open {
			t.Fatalf("the answered one is %s", c.Status)
		}
		if n, err := k.WakeSnoozed(context.Background(), 10); n != 0 || err != nil {
			t.Fatalf("woke %d before the time, %v", n, err)
		}
		k.now = until
		if n, err := k.WakeSnoozed(context.Background(), 10); n != 1 || err != nil {
			t.Fatalf("woke %d, %v", n, err)
		}
		if c := k.conversation(a.Conversation); c.Status != conversation.Open {
			t.Fatalf("the other one is %s", c.Status)
		}
	})
}

func TestAStrangerSeesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One", func(in *conversation.Inbound) { in.Inbox = inboxB }))
		for name, ctx := range map[string]context.Context{
			"nobody": context.Background(), "agent of another inbox": as(anna),
			"agent without anything": access.With(context.Background(), &access.Actor{AgentID: ben}),
		} {
			if _, err := k.Get(ctx, r.Conversation); err == nil {
				t.Errorf("%s reads the conversation", name)
			}
			if _, err := k.Messages(ctx, r.Conversation, 0, false, 10); err == nil {
				t.Errorf("%s reads its messages", name)
			}
		}
	})
}
