package conversation_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// deliver notes how far the message has come.
func (k *desk) deliver(id int64, states map[string]conversation.DeliveryState, overall conversation.DeliveryState) {
	k.t.Helper()
	d := conversation.Delivery{State: overall, Error: "The recipient's address does not exist."}
	for _, a := range []string{"c@x.example", "d@x.example"} {
		if s, ok := states[a]; ok {
			d.Recipients = append(d.Recipients, conversation.RecipientDelivery{Address: a, State: s})
		}
	}
	k.write(func(tx *db.Tx) error { return k.SetDeliveryTx(context.Background(), tx, id, d) })
}

func TestAFailedMessageIsEditedAndSentInItsPlaceToWhomItDidNotReach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.CopyBlob = func(_ context.Context, key string) (string, error) { return key + "-copy", nil }
		id := k.receive(mail("c@x.example", "q1@x.example", "Where is it?")).Conversation
		file, err := k.Upload(as(anna), conversation.NewAttachment{Name: "invoice.pdf", ContentType: "application/pdf", Size: 3, BlobKey: "one"})
		if err != nil {
			t.Fatal(err)
		}
		m := k.reply(anna, id, func(n *conversation.NewReply) {
			n.To = []conversation.Person{{Address: "c@x.example"}, {Address: "d@x.example"}}
			n.Attachments = []int64{file.ID}
		})
		if _, err := k.Edit(as(anna), m.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a message that has not failed was edited: %v", err)
		}
		k.deliver(m.ID, map[string]conversation.DeliveryState{"c@x.example": conversation.Sent, "d@x.example": conversation.Failed}, conversation.Failed)
		draft, err := k.Edit(as(anna), m.ID)
		if err != nil || draft.Replaces != m.ID || len(draft.To) != 1 || draft.To[0].Address != "d@x.example" || len(draft.Files) != 1 || draft.Files[0].BlobKey != "one-copy" {
			t.Fatalf("the draft is %+v, %v", draft, err)
		}
		next := k.reply(anna, id, func(n *conversation.NewReply) {
			n.To, n.Attachments, n.Replaces = []conversation.Person{{Address: "right@x.example"}}, draft.Attachments, draft.Replaces
		})
		old, err := k.Message(as(anna), m.ID)
		if err != nil || old.Delivery.State != conversation.Sent || old.Delivery.ReplacedBy != next.ID || old.Delivery.Recipients[1].State != conversation.Cancelled {
			t.Errorf("the failed message is %+v, %v", old.Delivery, err)
		}
		if _, err := k.Retry(as(anna), m.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a replaced message was sent again: %v", err)
		}
		if b := k.balanced(); b.Counts["failed"] != 0 {
			t.Errorf("counts are %v", b.Counts)
		}
	})
}

func TestAReplyLeavesOnlyFromAnAddressOfItsInbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.OwnAddresses = func(context.Context, db.Queryer, int64) (conversation.Addresses, error) {
			return conversation.Addresses{List: []string{"help@shop.example", "orders@shop.example"}, CatchAll: "shop.example"}, nil
		}
		id := k.receive(mail("c@x.example", "q1@x.example", "Where is it?", func(in *conversation.Inbound) { in.ReplyTo = "orders@shop.example" })).Conversation
		choices, err := k.FromChoices(as(anna), id)
		if err != nil || len(choices.List) != 2 || choices.List[0] != "orders@shop.example" || choices.CatchAll != "shop.example" {
			t.Errorf("choices are %v, %v", choices, err)
		}
		for from, allowed := range map[string]bool{"": true, "help@shop.example": true, "anything@shop.example": true, "boss@other.example": false,
			"@shop.example": false, "x\r\nBcc: y@shop.example": false, "Boss <boss@shop.example>": false, "a b@shop.example": false} {
			m, err := k.Reply(as(anna), id, conversation.NewReply{Text: "t", From: from}, nil)
			if (err == nil) != allowed {
				t.Errorf("from %q: %v", from, err)
			}
			if err != nil {
				continue
			}
			want := from
			if want == "" {
				want = "orders@shop.example"
			}
			if o, err := k.Outgoing(context.Background(), m.ID); err != nil || o.FromAddress != want {
				t.Errorf("from %q it leaves as %q, %v", from, o.FromAddress, err)
			}
		}
	})
}
