package conversation_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// iCloud replaces References, others In-Reply-To: one that is left is enough.
func TestPitfallOneKnownIDOfManyIsEnough(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		ours := k.reply(anna, r.Conversation)
		for id, ids := range map[string][]string{
			"r1@x": {"rewritten@icloud.example", ours.RFCID},
			"r2@x": {ours.RFCID, "unknown1@y", "unknown2@y"},
			"r3@x": {"unknown3@y", "m1@x"},
		} {
			if got := k.receive(mail("eva@x.example", id, "Answer "+id, after(ids...))); got.Conversation != r.Conversation {
				t.Errorf("%v leads to %d, want %d", ids, got.Conversation, r.Conversation)
			}
		}
	})
}

func TestPitfallAChangedSubjectStaysInItsThread(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		got := k.receive(mail("eva@x.example", "m2@x", "By the way", after("m1@x"), func(in *conversation.Inbound) { in.Subject = "Something else" }))
		if c := k.conversation(r.Conversation); got.Conversation != r.Conversation || c.Subject != "Where is my parcel?" {
			t.Errorf("%+v %+v", got, c)
		}
	})
}

func TestPitfallTheSameSubjectAloneJoinsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		a, b := k.receive(mail("eva@x.example", "m1@x", "Hello")), k.receive(mail("ben@x.example", "m2@x", "Hello too"))
		if a.Conversation == b.Conversation {
			t.Error("two people share a conversation because of their subject")
		}
	})
}

func TestPitfallSomebodyInCcNeverBecomesTheCustomer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello", func(in *conversation.Inbound) {
			in.Cc = []conversation.Person{{Name: "Bob", Address: "bob@x.example"}}
		}))
		before := k.conversation(r.Conversation)
		got := k.receive(mail("bob@x.example", "m2@x", "I am in copy", after("m1@x")))
		if c := k.conversation(got.Conversation); c.ID != r.Conversation || c.Customer != before.Customer {
			t.Errorf("%+v", c)
		}
	})
}

// Amazon SES sends a reply on under a Message-ID of its own, which answers and
// bounces name from then on.
func TestPitfallAnswersAndBouncesNameTheIDThatTheProviderMade(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		ours := k.reply(anna, r.Conversation)
		other := k.reply(anna, r.Conversation)
		ids := []string{"0102@eu-west-1.amazonses.com", "0102@email.amazonses.com"}
		for range 2 { // some servers take the recipients one after the other
			k.write(func(tx *db.Tx) error {
				return k.SetDeliveryTx(context.Background(), tx, ours.ID, conversation.Delivery{State: conversation.Sent, SentAs: ids,
					Recipients: []conversation.RecipientDelivery{{Address: "eva@x.example", State: conversation.Sent}}})
			})
		}
		if got := k.receive(mail("eva@x.example", "m2@x", "Thank you", after(ids[1]))); got.Conversation != r.Conversation {
			t.Errorf("the answer went to %d", got.Conversation)
		}
		k.receive(mail("mailer-daemon@mx.example", "m3@x", "Undelivered", func(in *conversation.Inbound) {
			in.Automatic, in.ThreadIDs = true, ids[:1]
			in.Bounce = &conversation.Bounce{OriginalRFCID: ids[0], Recipient: "eva@x.example", Status: "5.1.1", Action: "failed", Reason: "No such user", Hard: true}
		}))
		for id, want := range map[int64]conversation.DeliveryState{ours.ID: conversation.Failed, other.ID: conversation.Queued} {
			if m, err := k.Message(as(anna), id); err != nil || m.Delivery.State != want {
				t.Errorf("message %d: %+v, %v", id, m.Delivery, err)
			}
		}
	})
}
