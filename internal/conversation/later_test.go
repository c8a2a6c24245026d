package conversation_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestAReplyForLaterGoesBackWhenTheCustomerWritesFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		high := "high"
		m := k.reply(anna, r.Conversation, func(n *conversation.NewReply) {
			n.SendAt, n.ThenBody = noon.Add(48*time.Hour), &conversation.ChangeBody{Priority: &high}
		})
		k.do(func() error {
			_, err := k.SaveDraft(as(anna), r.Conversation, conversation.Draft{Text: "written since"}, 0)
			return err
		})
		k.receive(mail("eva@x.example", "b@x", "Never mind", after("a@x")))
		if _, err := k.Message(as(anna), m.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("it still waits: %v", err)
		}
		d, err := k.Draft(as(anna), r.Conversation)
		if err != nil || d.Text != "It is on its way.\n\nwritten since" || d.Then == nil || *d.Then.Priority != "high" {
			t.Errorf("the draft is %+v, %v", d, err)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || c.Preview != "Never mind" {
			t.Errorf("the conversation is %+v", c)
		}
		k.balanced()
	})
}

func TestAutomaticMailLeavesAReplyForLaterAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		m := k.reply(anna, r.Conversation, func(n *conversation.NewReply) { n.SendAt = noon.Add(time.Hour) })
		anyway := k.reply(anna, r.Conversation, func(n *conversation.NewReply) { n.SendAt, n.SendAnyway = noon.Add(time.Hour), true })
		k.receive(mail("eva@x.example", "b@x", "I am away", after("a@x"), func(in *conversation.Inbound) { in.Automatic = true }))
		if _, err := k.Message(as(anna), m.ID); err != nil {
			t.Errorf("an automatic mail took it back: %v", err)
		}
		k.receive(mail("eva@x.example", "c@x", "Hello", after("a@x")))
		if _, err := k.Message(as(anna), anyway.ID); err != nil {
			t.Errorf("one that goes anyway was taken back: %v", err)
		}
	})
}

func TestAStoppedReplyIsKeptWhereOthersSeeThatItWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		seen := r.Message
		k.receive(mail("eva@x.example", "b@x", "Wait", after("a@x")))
		if _, err := k.Reply(as(anna), r.Conversation, conversation.NewReply{Text: "Done", LastSeen: &seen}, nil); !errs.Is(err, errs.Conflict) {
			t.Fatal(err)
		}
		d, err := k.Draft(as(anna), r.Conversation)
		if err != nil || !d.Held || d.Text != "Done" {
			t.Errorf("the draft is %+v, %v", d, err)
		}
		d.Text = "Done, and this"
		if d, err = k.SaveDraft(as(anna), r.Conversation, d, d.Version); err != nil || d.Version != 2 {
			t.Errorf("%+v, %v", d, err)
		}
		if _, err := k.Reply(as(anna), r.Conversation, conversation.NewReply{Text: "Done", Force: true}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Draft(as(anna), r.Conversation); !errs.Is(err, errs.NotFound) {
			t.Errorf("it is still held: %v", err)
		}
	})
}
