package reply_test

import (
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/reply"
)

func TestWhatHasExpiredIsShownAndNotUsed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		r := k.make(anna, reply.Reply{Name: "Christmas", Shared: true, ExpiresAt: noon.Add(time.Hour), Texts: map[string]string{"en": "<p>x</p>"}})
		id := k.mail("Eva", "x")
		if _, err := k.Fill(as(ben), reply.Text, r.ID, id, "", true); err != nil {
			t.Errorf("before: %v", err)
		}
		k.now = noon.Add(time.Hour)
		if _, err := k.Fill(as(ben), reply.Text, r.ID, id, "", false); err != nil {
			t.Errorf("to look at: %v", err)
		}
		if _, err := k.Fill(as(ben), reply.Text, r.ID, id, "", true); !errs.Is(err, errs.Conflict) {
			t.Errorf("it was used: %v", err)
		}
		r, err := k.Update(as(anna), reply.Text, r.ID, reply.Change{ExpiresAt: &time.Time{}})
		if err != nil || !r.ExpiresAt.IsZero() || r.Expired(k.now) {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := k.Fill(as(ben), reply.Text, r.ID, id, "", true); err != nil {
			t.Errorf("renewed: %v", err)
		}
	})
}

func TestATextIsLookedAtAgainAfterHalfAYear(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		r := k.make(anna, reply.Reply{Name: "Old", Shared: true, Texts: map[string]string{"en": "<p>x</p>"}})
		k.now = noon.Add(reply.ReviewAfter)
		if !r.ReviewDue(k.now) || r.ReviewDue(k.now.Add(-time.Second)) {
			t.Error("half a year is not kept")
		}
		r, err := k.Update(as(anna), reply.Text, r.ID, reply.Change{Reviewed: true})
		if err != nil || r.ReviewDue(k.now) {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestWhatEverybodyUsesGetsAnotherOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		text := map[string]string{"en": "<p>x</p>"}
		r := k.make(anna, reply.Reply{Name: "Ours", Shared: true, Texts: text})
		to := int64(ben)
		if _, err := k.Update(as(ben), reply.Text, r.ID, reply.Change{Owner: &to}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("taken: %v", err)
		}
		if r, err := k.Update(as(anna), reply.Text, r.ID, reply.Change{Owner: &to}); err != nil || r.OwnerName != "Ben" || r.OwnerLeft {
			t.Errorf("%+v, %v", r, err)
		}
		nobody := int64(99)
		if _, err := k.Update(as(anna), reply.Text, r.ID, reply.Change{Owner: &nobody}); !errs.Is(err, errs.Invalid) {
			t.Errorf("given to nobody: %v", err)
		}
		own := k.make(anna, reply.Reply{Name: "Mine", Texts: text})
		if _, err := k.Update(as(anna), reply.Text, own.ID, reply.Change{Owner: &to}); !errs.Is(err, errs.Invalid) {
			t.Errorf("one's own was given away: %v", err)
		}
	})
}

func TestAChecklistIsFilledInForWhoeverUsesIt(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		three := 3
		m := k.make(anna, reply.Reply{Kind: reply.Macro, Name: "Lost parcel", Shared: true, Actions: reply.Actions{Tasks: []reply.GivenTask{
			{Text: "Ask the courier about #{{ conversation.number }}", AssignMe: true}, {Text: "Still fine, {{ customer.phone }}?", DueDays: &three}}}})
		f, err := k.Fill(as(ben), reply.Macro, m.ID, k.mail("Eva", "x"), "", false)
		if err != nil || len(f.Actions.Tasks) != 2 {
			t.Fatalf("%+v, %v", f, err)
		}
		one, two := f.Actions.Tasks[0], f.Actions.Tasks[1]
		if one.Text == m.Actions.Tasks[0].Text || one.AssigneeID != ben || one.AssignMe || two.DueDays == nil || *two.DueDays != 3 {
			t.Errorf("%+v", f.Actions.Tasks)
		}
		if !slices.Equal(f.Missing, []string{"customer.phone"}) {
			t.Errorf("missing: %v", f.Missing)
		}
		again, err := k.Get(as(ben), reply.Macro, m.ID)
		if err != nil || !again.Actions.Tasks[0].AssignMe {
			t.Errorf("%+v, %v", again, err)
		}
		far := 367
		for _, bad := range []reply.GivenTask{{Text: " "}, {Text: "{% include 'x' %}"}, {Text: "x", DueDays: &far}, {Text: "x", AssignMe: true, AssigneeID: ben}} {
			_, err := k.Create(as(anna), reply.Reply{Kind: reply.Macro, Name: "x", DefaultLocale: "en", Actions: reply.Actions{Tasks: []reply.GivenTask{bad}}}, nil)
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func TestAMissingValueInALinkStopsTheReplyToo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		r := k.make(anna, reply.Reply{Name: "Button", Texts: map[string]string{"en": `<p><a href="https://shop.example/call?to={{ customer.phone }}">Call</a></p>`}})
		id := k.mail("Eva", "x")
		f, err := k.Fill(as(anna), reply.Text, r.ID, id, "", true)
		if err != nil || !slices.Equal(f.Missing, []string{"customer.phone"}) {
			t.Fatalf("%+v, %v", f, err)
		}
		if _, err = k.Conversations.Reply(as(anna), id, conversation.NewReply{Text: "Call", HTML: f.HTML}, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("it was sent: %v", err)
		}
	})
}
