package conversation_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// pair are two conversations of different customers, the second with a tag, a
// file, a follower and a draft.
func (k *desk) pair() (first, second conversation.Received) {
	k.t.Helper()
	first = k.receive(mail("eva@x.example", "a@x", "Where is it?"))
	k.now = k.now.Add(time.Minute)
	second = k.receive(mail("eva@work.example", "b@x", "Writing again", func(in *conversation.Inbound) {
		in.At = k.now
		in.Attachments = []conversation.NewAttachment{{Name: "label.png", ContentType: "image/png", Size: 3, BlobKey: "k"}}
	}))
	k.do(func() error {
		_, err := k.Update(as(anna), second.Conversation, conversation.Change{AddTags: []string{"vip"}})
		return errors.Join(err, k.Follow(as(ben), second.Conversation, true))
	})
	k.do(func() error {
		_, err := k.SaveDraft(as(anna), second.Conversation, conversation.Draft{Text: "half a"}, 0)
		return err
	})
	return first, second
}

func (k *desk) do(fn func() error) {
	k.t.Helper()
	if err := fn(); err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) merge(into int64, others ...int64) conversation.Conversation {
	k.t.Helper()
	c, err := k.Merge(as(anna), into, others, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

// texts are what people wrote in a conversation, in order.
func (k *desk) texts(id int64) string {
	k.t.Helper()
	list, err := k.Messages(access.With(context.Background(), access.System), id, 0, false, 100)
	if err != nil {
		k.t.Fatal(err)
	}
	var out []string
	for _, m := range list {
		if m.Kind != conversation.KindEvent {
			out = append(out, m.Text)
		}
	}
	return strings.Join(out, " | ")
}

func TestMergeKeepsEverythingAndShowsItInTheOrderOfTime(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		third := k.receive(mail("eva@x.example", "c@x", "Hello?", after("a@x")))
		c := k.merge(first.Conversation, second.Conversation)
		if got := k.texts(c.ID); got != "Where is it? | Writing again | Hello?" || third.Conversation != c.ID {
			t.Errorf("the messages are %q", got)
		}
		if m, err := k.Message(as(anna), second.Message); err != nil || m.Conversation != c.ID || m.Origin != second.Conversation || len(m.Attachments) != 1 {
			t.Errorf("the moved message is %+v, %v", m, err)
		}
		d, err := k.Draft(as(anna), c.ID)
		if err != nil || d.Text != "half a" {
			t.Errorf("the draft is %+v, %v", d, err)
		}
		if again, err := k.Draft(as(anna), second.Conversation); err != nil || again.Text != "half a" {
			t.Errorf("asked by its old number the draft is %+v, %v", again, err)
		}
		r, err := k.Recipients(as(anna), c.ID)
		if err != nil || len(r.To) != 1 || len(r.Cc) != 1 || r.Cc[0].Address != "eva@work.example" {
			t.Errorf("a reply would go to %+v, %v", r, err)
		}
		old := k.conversation(second.Conversation)
		if old.MergedInto != c.ID || old.Shown() != conversation.Closed || c.Status != conversation.Open {
			t.Errorf("the old one is %+v", old)
		}
		if !c.WaitingSince.Equal(noon) {
			t.Errorf("waiting since %v", c.WaitingSince)
		}
	})
}

func TestAnswersToAMergedConversationLandInTheSurvivorAndGoBackWithIt(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		third := k.receive(mail("zoe@x.example", "z@x", "Third"))
		k.merge(second.Conversation, third.Conversation)
		k.merge(first.Conversation, second.Conversation)
		for from, id := range map[string]string{"b@x": "d@x", "z@x": "e@x"} {
			if r := k.receive(mail("eva@work.example", id, "later to "+from, after(from))); r.Conversation != first.Conversation || r.New {
				t.Fatalf("an answer to %s went to %+v", from, r)
			}
		}
		numbered := k.receive(mail("eva@work.example", "f@x", "by number", func(in *conversation.Inbound) { in.SubjectNumber = second.Conversation }))
		if numbered.Conversation != first.Conversation {
			t.Errorf("by number it went to %d", numbered.Conversation)
		}
		m := k.reply(anna, second.Conversation)
		if m.Conversation != first.Conversation {
			t.Errorf("the agent's reply to the old number went to %d", m.Conversation)
		}

		o, err := k.Unmerge(as(anna), second.Conversation)
		if err != nil {
			t.Fatal(err)
		}
		if got := k.texts(first.Conversation); got != "Where is it? | It is on its way." {
			t.Errorf("the survivor has %q", got)
		}
		if got := k.texts(o.ID); !strings.Contains(got, "Writing again | Third") || !strings.Contains(got, "later to b@x") || !strings.Contains(got, "by number") {
			t.Errorf("the other has %q", got)
		}
		if o.Status != conversation.Open || o.MergedInto != 0 || k.conversation(third.Conversation).MergedInto != o.ID {
			t.Errorf("the other is %+v", o)
		}
		if r := k.receive(mail("zoe@x.example", "g@x", "to the third", after("z@x"))); r.Conversation != o.ID {
			t.Errorf("an answer to the third went to %d", r.Conversation)
		}
		k.balanced()
	})
}

func TestUnmergeGivesBackWhatTheMergeBrought(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		k.do(func() error {
			closed := conversation.Closed
			_, err := k.Update(as(anna), first.Conversation, conversation.Change{Status: &closed})
			return err
		})
		before := k.conversation(second.Conversation)
		if c := k.merge(first.Conversation, second.Conversation); c.Status != conversation.Open {
			t.Fatalf("closed and open make %s", c.Status)
		}
		o, err := k.Unmerge(as(ben), second.Conversation)
		if err != nil {
			t.Fatal(err)
		}
		c := k.conversation(first.Conversation)
		if c.Status != conversation.Closed || o.Status != before.Status || !o.WaitingSince.Equal(before.WaitingSince) || o.LastInbound != before.LastInbound || o.Preview != before.Preview {
			t.Errorf("they are %+v and %+v", c, o)
		}
		if r, err := k.Recipients(as(anna), c.ID); err != nil || len(r.Cc) != 0 {
			t.Errorf("a reply would go to %+v, %v", r, err)
		}
		if _, err := k.Unmerge(as(ben), second.Conversation); !errs.Is(err, errs.Conflict) {
			t.Errorf("taken back twice: %v", err)
		}
	})
}

func TestAMergeCanBeTakenBackFor30Days(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		k.merge(first.Conversation, second.Conversation)
		k.now = k.now.Add(conversation.UnmergeWithin + time.Minute)
		if _, err := k.Unmerge(as(anna), second.Conversation); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err), "30 days") {
			t.Errorf("err = %v", err)
		}
	})
}

func TestOfTwoMergesInOppositeDirectionsOneWins(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		var wg sync.WaitGroup
		var failed [2]error
		for i, into := range []int64{first.Conversation, second.Conversation} {
			wg.Go(func() {
				_, failed[i] = k.Merge(as(int64(i+1)), into, []int64{first.Conversation + second.Conversation - into}, nil)
			})
		}
		wg.Wait()
		if (failed[0] == nil) == (failed[1] == nil) {
			t.Fatalf("they ended with %v and %v", failed[0], failed[1])
		}
		if loser := errors.Join(failed[0], failed[1]); !errs.Is(loser, errs.Conflict) {
			t.Errorf("the slower one heard %v", loser)
		}
		a, b := k.conversation(first.Conversation), k.conversation(second.Conversation)
		if (a.MergedInto == b.ID) == (b.MergedInto == a.ID) {
			t.Errorf("%d is in %d and %d in %d", a.ID, a.MergedInto, b.ID, b.MergedInto)
		}
		if got := k.texts(a.MergedInto + b.MergedInto); got != "Where is it? | Writing again" {
			t.Errorf("the survivor has %q", got)
		}
	})
}

func TestMailThatArrivesDuringAMergeIsInTheSurvivor(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		var wg sync.WaitGroup
		var got conversation.Received
		wg.Go(func() { got = k.receive(mail("eva@work.example", "m@x", "meanwhile", after("b@x"))) })
		wg.Go(func() { k.merge(first.Conversation, second.Conversation) })
		wg.Wait()
		if m, err := k.Message(as(anna), got.Message); err != nil || m.Conversation != first.Conversation || m.Origin != second.Conversation {
			t.Errorf("the mail is in %d, %v", m.Conversation, err)
		}
	})
}

func TestWhoMergesSeesBothSides(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		mine := k.receive(mail("eva@x.example", "a@x", "One"))
		other := k.receive(mail("eva@x.example", "b@x", "Two", func(in *conversation.Inbound) { in.Inbox = inboxB }))
		for _, pair := range [][2]int64{{mine.Conversation, other.Conversation}, {other.Conversation, mine.Conversation}} {
			if _, err := k.Merge(as(anna), pair[0], []int64{pair[1]}, nil); !errs.Is(err, errs.NotFound) {
				t.Errorf("%v: %v", pair, err)
			}
		}
		all := access.With(context.Background(), access.System)
		if _, err := k.Merge(all, other.Conversation, []int64{mine.Conversation}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Unmerge(as(anna), mine.Conversation); !errs.Is(err, errs.NotFound) {
			t.Errorf("who does not see the survivor took the merge back: %v", err)
		}
		if _, err := k.Reply(as(anna), mine.Conversation, conversation.NewReply{Text: "x"}, nil); !errs.Is(err, errs.NotFound) {
			t.Errorf("replied into a conversation that they cannot see: %v", err)
		}
		if _, err := k.Update(as(anna), mine.Conversation, conversation.Change{AddTags: []string{"x"}}); !errs.Is(err, errs.Conflict) || strings.Contains(errs.Sentence(err), "#") {
			t.Errorf("changed a merged one: %v", err)
		}
	})
}

func TestDraftsInBothStandOneBelowTheOtherAndANoteStaysInternal(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.pair()
		k.do(func() error {
			_, err := k.SaveDraft(as(anna), first.Conversation, conversation.Draft{Text: "upper <", HTML: ""}, 0)
			return err
		})
		k.do(func() error {
			_, err := k.SaveDraft(as(anna), second.Conversation, conversation.Draft{Kind: "note", Text: "lower", HTML: "<p>lower</p>"}, 1)
			return err
		})
		k.merge(first.Conversation, second.Conversation)
		d, err := k.Draft(as(anna), first.Conversation)
		if err != nil || d.Text != "upper <\n\nlower" || d.HTML != "<p>upper &lt;</p><p>lower</p>" || d.Kind != "note" || d.Version != 2 {
			t.Errorf("the draft is %+v, %v", d, err)
		}
	})
}

func TestSplitTakesMessagesAndTheirAnswersElsewhere(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		two := k.receive(mail("eva@x.example", "b@x", "Two", after("a@x")))
		k.receive(mail("eva@x.example", "c@x", "Three", after("b@x")))
		n, err := k.Split(as(anna), r.Conversation, conversation.Split{Message: two.Message, Later: true, Subject: "Another matter"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if k.texts(r.Conversation) != "One" || k.texts(n.ID) != "Two | Three" || n.Subject != "Another matter" || n.Status != conversation.Open {
			t.Errorf("%q and %q, %+v", k.texts(r.Conversation), k.texts(n.ID), n)
		}
		if later := k.receive(mail("eva@x.example", "d@x", "Four", after("c@x"))); later.Conversation != n.ID {
			t.Errorf("the answer went to %d", later.Conversation)
		}
		if c := k.conversation(r.Conversation); c.LastInbound != r.Message || c.Preview != "One" {
			t.Errorf("the old one is %+v", c)
		}
		if _, err := k.Split(as(anna), r.Conversation, conversation.Split{Message: r.Message}, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("the last message left: %v", err)
		}
		if _, err := k.Split(as(anna), r.Conversation, conversation.Split{Message: two.Message}, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("a message of another conversation left: %v", err)
		}
		if back := k.merge(r.Conversation, n.ID); k.texts(back.ID) != "One | Two | Three | Four" {
			t.Errorf("together again they are %q", k.texts(back.ID))
		}
	})
}

func TestAConversationMovesOnlyToAnInboxThatTheAgentSees(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One", func(in *conversation.Inbound) { in.ReplyTo = "alias@shop.example" }))
		to := int64(inboxB)
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Inbox: &to}); !errs.Is(err, errs.Invalid) {
			t.Errorf("err = %v", err)
		}
		c, err := k.Update(access.With(context.Background(), access.System), r.Conversation, conversation.Change{Inbox: &to})
		if err != nil || c.Inbox != inboxB || c.ReplyAddress != "" {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := k.Get(as(anna), r.Conversation); !errs.Is(err, errs.NotFound) {
			t.Errorf("it is still seen: %v", err)
		}
		if later := k.receive(mail("eva@x.example", "b@x", "Two", after("a@x"))); later.Conversation != r.Conversation {
			t.Errorf("an answer to the old inbox went to %d", later.Conversation)
		}
	})
}
