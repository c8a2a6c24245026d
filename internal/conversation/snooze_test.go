package conversation_test

import (
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// put is a change to a status until a moment.
func put(status conversation.Status, until time.Time) conversation.Change {
	ch := conversation.Change{Status: &status}
	if !until.IsZero() {
		ch.SnoozedUntil = &until
	}
	return ch
}

func (k *desk) update(id int64, ch conversation.Change) conversation.Conversation {
	k.t.Helper()
	c, err := k.Update(as(anna), id, ch)
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

func (k *desk) lastEvent(id int64) (name, data string) {
	k.t.Helper()
	list, err := k.Messages(as(anna), id, 0, true, 5)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, m := range list {
		if m.Kind == conversation.KindEvent && name == "" {
			name, data = m.EventName, string(m.EventData)
		}
	}
	return name, data
}

func TestAConversationThatNobodyAnsweredComesBackWhenItWasToldTo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		until := noon.Add(time.Hour)
		silent, answered, replied, without := k.receive(mail("a@x.example", "a@x", "One")), k.receive(mail("b@x.example", "b@x", "Two")),
			k.receive(mail("c@x.example", "c@x", "Three")), k.receive(mail("d@x.example", "d@x", "Four"))
		for _, r := range []conversation.Received{silent, answered, replied, without} {
			k.reply(anna, r.Conversation)
			if c := k.update(r.Conversation, put(conversation.Pending, until)); c.Status != conversation.Pending || !c.SnoozedUntil.Equal(until) {
				t.Fatalf("%+v", c)
			}
		}
		if name, data := k.lastEvent(silent.Conversation); name != conversation.EventSnoozed || data != `{"unanswered":true,"until":"2026-11-20T13:00:00Z"}` {
			t.Errorf("the line says %s %s", name, data)
		}
		k.receive(mail("b@x.example", "b2@x", "Where is it?", after("b@x")))
		k.reply(ben, replied.Conversation)
		k.update(without.Conversation, put(conversation.Pending, time.Time{}))
		k.now = until
		if n, err := k.WakeSnoozed(context.Background(), 10); n != 1 || err != nil {
			t.Fatalf("%d came back, %v", n, err)
		}
		for r, want := range map[conversation.Received]conversation.Status{
			silent: conversation.Open, answered: conversation.Open, replied: conversation.Pending, without: conversation.Pending,
		} {
			if c := k.conversation(r.Conversation); c.Status != want || !c.SnoozedUntil.IsZero() {
				t.Errorf("%d: %s until %v, want %s", r.Conversation, c.Status, c.SnoozedUntil, want)
			}
		}
		if name, data := k.lastEvent(silent.Conversation); name != conversation.EventUnsnoozed || data != `{"unanswered":true}` {
			t.Errorf("the line says %s %s", name, data)
		}
	})
}

func TestAReplyCanBeSentToComeBackIfNobodyAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		until := noon.Add(48 * time.Hour)
		r := k.receive(mail("a@x.example", "a@x", "One"))
		then := put(conversation.Pending, until)
		m := k.reply(anna, r.Conversation, func(n *conversation.NewReply) { n.Then, n.Undo = &then, 10*time.Second })
		if c := k.conversation(r.Conversation); c.Status != conversation.Pending || !c.SnoozedUntil.Equal(until) || !c.WaitingSince.IsZero() {
			t.Errorf("%s until %v", c.Status, c.SnoozedUntil)
		}
		if _, err := k.Undo(as(anna), m.ID); err != nil {
			t.Fatal(err)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || !c.SnoozedUntil.IsZero() {
			t.Errorf("taken back: %s until %v", c.Status, c.SnoozedUntil)
		}
	})
}

func TestWhatAMereThanksWokeIsPutAwayAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		for _, status := range []conversation.Status{conversation.Snoozed, conversation.Pending} {
			until, from := noon.Add(24*time.Hour), string(status)+"@x.example"
			r := k.receive(mail(from, from+"1", "One"))
			k.reply(anna, r.Conversation)
			k.update(r.Conversation, put(status, until))
			k.receive(mail(from, from+"2", "Thank you, Anna!", after(from+"1"), func(in *conversation.Inbound) { in.At = noon.Add(time.Minute) }))
			c := k.conversation(r.Conversation)
			if c.Status != conversation.Open || c.WaitingSince.IsZero() || c.Woken.Status != status || !c.Woken.Until.Equal(until) {
				t.Fatalf("%+v", c)
			}
			again := k.update(r.Conversation, put(c.Woken.Status, c.Woken.Until))
			if again.Status != status || !again.SnoozedUntil.Equal(until) || !again.WaitingSince.IsZero() || !again.Woken.Until.IsZero() {
				t.Errorf("%+v", again)
			}
			// And it is taken back.
			if back := k.update(r.Conversation, put(conversation.Open, time.Time{})); back.WaitingSince.IsZero() {
				t.Error("nobody waits any more, although nobody answered")
			}
		}
	})
}

func TestMoreThanThanksIsNotPutAwayAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		until := noon.Add(24 * time.Hour)
		for name, texts := range map[string][]string{
			"a question": {"Thanks. When does it come?"}, "thanks, then a question": {"Thanks!", "And where is it?"},
		} {
			from := name[:3] + "@x.example"
			r := k.receive(mail(from, name+"0", "One"))
			k.update(r.Conversation, put(conversation.Snoozed, until))
			for i, text := range texts {
				k.receive(mail(from, name+string(rune('1'+i)), text, after(name+"0")))
			}
			if c := k.conversation(r.Conversation); !c.Woken.Until.IsZero() || c.Status != conversation.Open {
				t.Errorf("%s: %+v", name, c)
			}
		}
		// Who waited before goes on waiting, whatever is done about the thanks.
		r := k.receive(mail("w@x.example", "w1", "One"))
		k.update(r.Conversation, put(conversation.Snoozed, until))
		k.receive(mail("w@x.example", "w2", "Thanks!", after("w1"), func(in *conversation.Inbound) { in.At = noon.Add(time.Minute) }))
		if c := k.update(r.Conversation, put(conversation.Snoozed, until)); !c.WaitingSince.Equal(noon) {
			t.Errorf("waiting since %v", c.WaitingSince)
		}
	})
}

func TestAnAnswerIsNotWaitedForInThePast(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("a@x.example", "a@x", "One"))
		if _, err := k.Update(as(anna), r.Conversation, put(conversation.Pending, noon)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v", err)
		}
	})
}
