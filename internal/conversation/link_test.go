package conversation_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func (k *desk) linkOf(id, other int64) (reason string) {
	k.t.Helper()
	err := k.DB.QueryRow(context.Background(), "SELECT COALESCE(MAX(reason), '') FROM conversation_link WHERE conversation_id = ? AND other_id = ?", id, other).Scan(&reason)
	if err != nil {
		k.t.Fatal(err)
	}
	return reason
}

func TestALinkIsShownInBothConversationsUntilItIsTakenAway(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		one := k.receive(mail("eva@x.example", "a@x", "The courier is on strike")).Conversation
		two := k.receive(mail("mia@x.example", "b@x", "Where is it?")).Conversation
		if err := k.Link(as(anna), two, one, conversation.PartOf); err != nil {
			t.Fatal(err)
		}
		if a, b := k.linkOf(two, one), k.linkOf(one, two); a != "part_of" || b != "has_part" {
			t.Fatalf("the part says %q, the whole %q", a, b)
		}
		if err := k.Link(as(anna), one, two, conversation.HasPart); err != nil || len(k.lines(one)) != 1 || len(k.lines(two)) != 1 {
			t.Fatalf("lines = %v and %v, %v", k.lines(one), k.lines(two), err)
		}
		if err := k.Link(as(anna), one, two, conversation.Duplicate); err != nil || k.linkOf(two, one) != "duplicate" {
			t.Fatalf("the kind did not change: %v", err)
		}
		if err := k.Unlink(as(anna), one, two); err != nil || k.linkOf(one, two)+k.linkOf(two, one) != "" {
			t.Fatalf("the link is still there: %v", err)
		}
		if err := k.Unlink(as(anna), one, two); err != nil || k.lines(one)[len(k.lines(one))-1] != "unlinked" {
			t.Fatalf("lines = %v, %v", k.lines(one), err)
		}
	})
}

func TestALinkOfAMergeIsNotForPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		one := k.receive(mail("eva@x.example", "a@x", "One")).Conversation
		two := k.receive(mail("eva@x.example", "b@x", "Two")).Conversation
		if _, err := k.Merge(as(anna), one, []int64{two}, nil); err != nil {
			t.Fatal(err)
		}
		if err := k.Link(as(anna), one, two, conversation.Related); !errs.Is(err, errs.Conflict) {
			t.Fatalf("linked: %v", err)
		}
		if err := k.Unlink(as(anna), one, two); !errs.Is(err, errs.Conflict) || k.linkOf(one, two) != "merged" {
			t.Fatalf("unlinked: %v", err)
		}
	})
}

func TestOnlyWhatIsVisibleCanBeLinked(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		one := k.receive(mail("eva@x.example", "a@x", "One")).Conversation
		hidden := k.receive(mail("mia@x.example", "b@x", "Two", func(in *conversation.Inbound) { in.Inbox = inboxB })).Conversation
		if err := k.Link(as(anna), one, hidden, conversation.Related); !errs.Is(err, errs.Invalid) {
			t.Errorf("linked with what is out of sight: %v", err)
		}
		if err := k.Link(as(anna), hidden, one, conversation.Related); !errs.Is(err, errs.NotFound) {
			t.Errorf("linked from what is out of sight: %v", err)
		}
		if err := k.Link(as(anna), one, one, conversation.Related); !errs.Is(err, errs.Invalid) {
			t.Errorf("linked with itself: %v", err)
		}
		if err := k.Link(as(anna), one, 99999, "cousin"); !errs.Is(err, errs.Invalid) {
			t.Errorf("linked as a cousin: %v", err)
		}
	})
}
