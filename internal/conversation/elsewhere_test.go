package conversation_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// sent lets a mail in that was found among the sent mail.
func (k *desk) sent(in conversation.Inbound) (r conversation.Received, err error) {
	k.t.Helper()
	err = k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		ctx := context.Background()
		if in.LedgerID, err = k.ledger.OpenTx(ctx, tx, ledger.In{Inbox: in.Inbox, At: k.now}); err != nil {
			return err
		}
		if r, err = k.SentTx(ctx, tx, in); err != nil || !r.Repeat {
			return err
		}
		return k.ledger.DropTx(ctx, tx, in.LedgerID, "repeat", r.Conversation, r.Message)
	})
	return r, err
}

func answerOf(from conversation.Person, to, id, answers string, at time.Time) conversation.Inbound {
	return mail(from.Address, id, "It left this morning.", func(in *conversation.Inbound) {
		in.From, in.At, in.ThreadIDs, in.To = from, at, []string{answers}, []conversation.Person{{Address: to}}
	})
}

func TestAnAnswerFromAMailProgramIsAnAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		id := k.receive(mail("c@x.example", "q1@x.example", "Where is it?")).Conversation
		at := noon.Add(time.Hour)
		r, err := k.sent(answerOf(conversation.Person{Name: "Ben", Address: "help@shop.example"}, "c@x.example", "a1@shop.example", "q1@x.example", at))
		if err != nil || r.Conversation != id {
			t.Fatalf("%+v, %v", r, err)
		}
		m, err := k.Message(as(anna), r.Message)
		if err != nil || m.Kind != conversation.KindOutbound || m.AuthorID != ben || m.AuthorName != "Ben" || m.Delivery.State != conversation.Sent || !m.CreatedAt.Equal(at) {
			t.Errorf("the message is %+v, %v", m, err)
		}
		c := k.conversation(id)
		if c.Status != conversation.Pending || !c.WaitingSince.IsZero() || c.Assignee != ben {
			t.Errorf("the conversation is %+v", c)
		}
		again, err := k.sent(answerOf(conversation.Person{Name: "Ben", Address: "help@shop.example"}, "c@x.example", "a1@shop.example", "q1@x.example", at))
		if err != nil || !again.Repeat || again.Message != r.Message {
			t.Errorf("the same once more: %+v, %v", again, err)
		}
		if next := k.receive(mail("c@x.example", "q2@x.example", "Thank you.", func(in *conversation.Inbound) { in.ThreadIDs = []string{"a1@shop.example"} })); next.Conversation != id {
			t.Errorf("the customer's answer to it began conversation %d", next.Conversation)
		}
		if b := k.balanced(); b.Counts["answered"] != 1 || b.Counts["threaded"] != 3 {
			t.Errorf("counts are %v", b.Counts)
		}
	})
}

func TestAnAnswerOlderThanTheCustomersLastWordEndsNoWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		id := k.receive(mail("c@x.example", "q1@x.example", "Where is it?")).Conversation
		late := noon.Add(2 * time.Hour)
		k.receive(mail("c@x.example", "q2@x.example", "Hello?", func(in *conversation.Inbound) { in.ThreadIDs, in.At = []string{"q1@x.example"}, late }))
		if _, err := k.sent(answerOf(conversation.Person{Address: "help@shop.example"}, "c@x.example", "a1@shop.example", "q1@x.example", noon.Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		c := k.conversation(id)
		if c.Status != conversation.Open || !c.WaitingSince.Equal(late) || c.Assignee != 0 || c.Preview != "Hello?" {
			t.Errorf("the conversation is %+v", c)
		}
	})
}

func TestASentMailThatAnswersNothingHereLeavesNothingBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		in := answerOf(conversation.Person{Address: "help@shop.example"}, "c@x.example", "a1@shop.example", "q1@x.example", noon)
		if _, err := k.sent(in); !errors.Is(err, conversation.ErrNoThread) {
			t.Fatal(err)
		}
		id := k.receive(mail("c@x.example", "q1@x.example", "Where is it?")).Conversation
		if r, err := k.sent(in); err != nil || r.Conversation != id || r.Repeat {
			t.Errorf("after the mail that it answers: %+v, %v", r, err)
		}
	})
}

func TestAnAnswerFromElsewhereLeavesSpamWhereItIs(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	id := k.receive(mail("c@x.example", "q1@x.example", "Win now")).Conversation
	spam := conversation.Spam
	if _, err := k.Update(as(anna), id, conversation.Change{Status: &spam}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.sent(answerOf(conversation.Person{Address: "help@shop.example"}, "c@x.example", "a1@shop.example", "q1@x.example", noon.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if c := k.conversation(id); c.Status != conversation.Spam {
		t.Errorf("status is %s", c.Status)
	}
}
