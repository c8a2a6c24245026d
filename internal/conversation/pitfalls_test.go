package conversation_test

import (
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
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
