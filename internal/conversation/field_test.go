package conversation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// withFields lets the desk have a reason that must be chosen and an amount.
func withFields(k *desk) {
	set := field.Set{
		{Key: "reason", Label: "Reason", Kind: field.Choice, Choices: []string{"Damaged", "Late"}, Required: true},
		{Key: "amount", Label: "Amount", Kind: field.Number},
	}
	k.Fields = func(context.Context, db.Queryer) (field.Set, error) { return set, nil }
}

func closing(fields map[string]any) conversation.Change {
	closed := conversation.Closed
	return conversation.Change{Status: &closed, Fields: fields}
}

func TestAPersonClosesOnlyWithTheFieldsThatMustBeFilled(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		withFields(k)
		id := k.receive(mail("c@x.example", "1@x", "Broken")).Conversation
		var refused *errs.Error
		_, err := k.Update(as(anna), id, closing(nil))
		if !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Location != "body.custom_fields.reason" {
			t.Fatalf("closed without a reason: %v", err)
		}
		if c := k.conversation(id); c.Status != conversation.Open {
			t.Fatalf("the refused change left %s", c.Status)
		}
		before := k.conversation(id)
		c, err := k.Update(as(anna), id, closing(map[string]any{"reason": "Late", "amount": 12.5}))
		if err != nil || c.Status != conversation.Closed || c.Version <= before.Version {
			t.Fatalf("%+v, %v", c, err)
		}
		values, err := k.FieldValues(as(anna), k.DB, id)
		if diff := cmp.Diff(map[string]any{"reason": "Late", "amount": 12.5}, values); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		list, err := k.Messages(as(anna), id, 0, false, 100)
		lines := 0
		for _, m := range list {
			if m.EventName == conversation.EventFieldChanged {
				lines++
			}
		}
		if err != nil || lines != 2 {
			t.Errorf("%d lines tell of the fields, %v", lines, err)
		}
	})
}

func TestTheProgramItselfMayCloseWithoutFields(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		withFields(k)
		id := k.receive(mail("c@x.example", "1@x", "Thanks")).Conversation
		if c, err := k.Update(access.With(context.Background(), access.System), id, closing(nil)); err != nil || c.Status != conversation.Closed {
			t.Fatalf("%+v, %v", c, err)
		}
	})
}

func TestAReplyThatClosesAsksForTheFieldsToo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		withFields(k)
		id := k.receive(mail("c@x.example", "1@x", "Broken")).Conversation
		then := closing(nil)
		if _, err := k.Reply(as(anna), id, conversation.NewReply{Text: "Sorry", Then: &then}, nil); !errs.Is(err, errs.Invalid) {
			t.Fatalf("a reply closed without a reason: %v", err)
		}
		if list, _ := k.Messages(as(anna), id, 0, false, 100); len(list) != 1 {
			t.Fatalf("the refused reply left %d messages", len(list))
		}
		then = closing(map[string]any{"reason": "Damaged"})
		k.reply(anna, id, func(n *conversation.NewReply) { n.Then = &then })
		if c := k.conversation(id); c.Status != conversation.Closed {
			t.Errorf("the status is %s", c.Status)
		}
		// What the inbox does by itself must not stop an answer.
		other := k.receive(mail("d@x.example", "2@x", "Hello")).Conversation
		inbox := k.Inbox
		k.Inbox = func(ctx context.Context, q db.Queryer, id int64) (conversation.InboxSettings, error) {
			s, err := inbox(ctx, q, id)
			s.AfterReply = conversation.Closed
			return s, err
		}
		k.reply(anna, other)
		if c := k.conversation(other); c.Status != conversation.Pending {
			t.Errorf("the status is %s", c.Status)
		}
	})
}
