package conversation_test

import (
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func blocked(in *conversation.Inbound) {
	in.Spam = &conversation.SpamReason{Reason: conversation.SpamBlocked, Pattern: in.From.Address}
}

func TestMailOfABlockedSenderLiesInSpamAndNobodyWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("bad@x.example", "m1@x", "Buy now", blocked))
		if c := k.conversation(r.Conversation); c.Status != conversation.Spam || !c.WaitingSince.IsZero() || c.Unread(0) {
			t.Errorf("%+v", c)
		}
		server := k.receive(mail("new@x.example", "m2@x", "Win", func(in *conversation.Inbound) { in.Spam = &conversation.SpamReason{Reason: conversation.SpamServer} }))
		if c := k.conversation(server.Conversation); c.Status != conversation.Spam {
			t.Errorf("%+v", c)
		}
		k.balanced()
	})
}

func TestOnlyTheCustomerTakesAConversationToSpam(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		k.receive(mail("bad@x.example", "m2@x", "Buy now", after("m1@x"), blocked))
		k.receive(mail("eva@x.example", "m3@x", "Again", after("m1@x"), func(in *conversation.Inbound) { in.Spam = &conversation.SpamReason{Reason: conversation.SpamServer} }))
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || c.WaitingSince.IsZero() {
			t.Errorf("%+v", c)
		}
		k.receive(mail("eva@x.example", "m4@x", "Once more", after("m1@x"), blocked))
		if c := k.conversation(r.Conversation); c.Status != conversation.Spam {
			t.Errorf("%+v", c)
		}
		k.receive(mail("eva@x.example", "m5@x", "Please", after("m1@x")))
		if c := k.conversation(r.Conversation); c.Status != conversation.Spam {
			t.Errorf("left spam by itself: %+v", c)
		}
		k.receive(mail("eva@x.example", "m6@x", "Please", after("m1@x"), func(in *conversation.Inbound) { in.Allowed = true }))
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || c.WaitingSince.IsZero() {
			t.Errorf("an allowed sender stays in spam: %+v", c)
		}
	})
}

func TestOldSpamIsDeletedAndAnAnswerToItBeginsAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		old := k.receive(mail("bad@x.example", "m1@x", "Buy now", blocked, func(in *conversation.Inbound) {
			in.Attachments = []conversation.NewAttachment{{Name: "a", BlobKey: "k1"}}
			in.Full, in.OriginalText = true, "all"
		}))
		late := k.receive(mail("eva@x.example", "m2@x", "Hello"))
		var told conversation.Purged
		k.Purged = func(_ context.Context, _ *db.Tx, p conversation.Purged) error { told = p; return nil }
		k.now = noon.AddDate(0, 0, 31)
		spam := conversation.Spam
		if _, err := k.Update(as(anna), late.Conversation, conversation.Change{Status: &spam}); err != nil {
			t.Fatal(err)
		}
		n, err := k.PurgeSpam(context.Background(), k.now.AddDate(0, 0, -30), 100)
		if err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		system := access.With(context.Background(), access.System)
		if _, err := k.Get(system, old.Conversation); !errs.Is(err, errs.NotFound) {
			t.Errorf("it is still there: %v", err)
		}
		if _, err := k.Get(system, late.Conversation); err != nil {
			t.Errorf("spam of today is gone: %v", err)
		}
		if told.Conversation != old.Conversation || len(told.Messages) != 1 || len(told.Ledgers) != 1 {
			t.Errorf("%+v", told)
		}
		again := k.receive(mail("bad@x.example", "m3@x", "Did you buy?", after("m1@x")))
		if !again.New || again.Conversation == old.Conversation {
			t.Errorf("%+v", again)
		}
		if more := k.receive(mail("bad@x.example", "m4@x", "Hello?", after("m3@x", "m1@x"))); more.Conversation != again.Conversation {
			t.Errorf("%+v %+v", more, again)
		}
		k.balanced()
	})
}

func TestAHardBounceStaysOnTheAddressUntilSomebodyWritesFromIt(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		ours := k.reply(anna, r.Conversation)
		report := func(recipient string) func(*conversation.Inbound) {
			return func(in *conversation.Inbound) {
				in.Automatic = true
				in.Bounce = &conversation.Bounce{OriginalRFCID: ours.RFCID, Recipient: recipient, Status: "5.1.1", Action: "failed", Reason: "no such user", Hard: true}
			}
		}
		k.receive(mail("mailer-daemon@x.example", "b0@x", "failed", report("somebody@else.example")))
		who, err := k.Recipients(as(anna), r.Conversation)
		if err != nil || len(who.Troubled) != 0 {
			t.Fatalf("a report about somebody else counts: %+v, %v", who, err)
		}
		k.receive(mail("mailer-daemon@x.example", "b1@x", "failed again", report("eva@x.example")))
		if who, err = k.Recipients(as(anna), r.Conversation); err != nil || len(who.Troubled) != 1 || who.Troubled[0].BounceReason != "no such user" || who.Troubled[0].BouncedAt.IsZero() {
			t.Fatalf("%+v, %v", who, err)
		}
		k.receive(mail("eva@x.example", "m2@x", "I am here", after("m1@x")))
		if who, err = k.Recipients(as(anna), r.Conversation); err != nil || len(who.Troubled) != 0 {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

func TestAComplaintIsNotedOnTheMessageAndTheAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "m1@x", "Hello"))
		ours := k.reply(anna, r.Conversation)
		for _, id := range []string{"c1@isp", "c2@isp"} {
			k.receive(mail("fbl@isp.example", id, "complaint "+id, func(in *conversation.Inbound) {
				in.Automatic, in.ThreadIDs = true, []string{ours.RFCID}
				in.Complaint = &conversation.Complaint{OriginalRFCID: ours.RFCID}
			}))
		}
		m, err := k.Message(as(anna), ours.ID)
		if err != nil || m.Facts == nil || len(m.Facts.Complaints) != 1 || m.Facts.Complaints[0].Recipient != "eva@x.example" {
			t.Fatalf("%+v, %v", m.Facts, err)
		}
		who, err := k.Recipients(as(anna), r.Conversation)
		if err != nil || len(who.Troubled) != 1 || who.Troubled[0].ComplainedAt.IsZero() {
			t.Errorf("%+v, %v", who, err)
		}
	})
}

func TestFactsOfAMailComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		at := noon.Add(time.Hour)
		r := k.receive(mail("eva@x.example", "m1@x", "Hello", func(in *conversation.Inbound) {
			in.Facts = conversation.Facts{Trackers: 2, Invitation: &conversation.Invitation{Method: "request", Start: &at}}
		}))
		plain := k.receive(mail("eva@x.example", "m2@x", "More", after("m1@x")))
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 10)
		if err != nil || len(list) != 2 || list[0].Facts == nil || list[0].Facts.Trackers != 2 || !list[0].Facts.Invitation.Start.Equal(at) || list[1].ID != plain.Message || list[1].Facts != nil {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestPitfallForwardedMailGetsItsCustomerFromTheAgent(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("colleague@shop.example", "m1@x", "See below"))
		c := k.conversation(r.Conversation)
		after, err := k.ChooseCustomer(as(anna), r.Conversation, conversation.Person{Name: "Eva", Address: "Eva@x.example"})
		if err != nil || after.Customer == c.Customer || after.Version != c.Version+1 {
			t.Fatalf("%+v, %v", after, err)
		}
		who, err := k.Recipients(as(anna), r.Conversation)
		if err != nil || len(who.To) != 1 || who.To[0].Address != "Eva@x.example" || len(who.Cc) != 0 || len(who.Unverified) != 1 || who.Unverified[0].Address != "colleague@shop.example" {
			t.Errorf("%+v, %v", who, err)
		}
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 10)
		if err != nil || list[len(list)-1].EventName != conversation.EventCustomerChanged {
			t.Errorf("%+v, %v", list, err)
		}
		if back, err := k.ChooseCustomer(as(anna), r.Conversation, conversation.Person{Address: "colleague@shop.example"}); err != nil || back.Customer != c.Customer {
			t.Errorf("%+v, %v", back, err)
		}
		for _, bad := range []string{"", "nobody", "help@shop.example"} {
			if _, err := k.ChooseCustomer(as(anna), r.Conversation, conversation.Person{Address: bad}); !errs.Is(err, errs.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestOnlyPeopleTheShopHasToDoWithAreKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		answered := k.receive(mail("Eva@x.example", "m1@x", "Hello"))
		k.reply(1, answered.Conversation)
		k.receive(mail("proved@x.example", "m2@x", "Hello", func(in *conversation.Inbound) { in.Verified = true }))
		k.receive(mail("stranger@x.example", "m3@x", "Hello"))
		k.receive(mail("bad@x.example", "m4@x", "Buy", blocked, func(in *conversation.Inbound) { in.Verified = true }))
		got, err := k.Known(context.Background(), []string{"eva@X.example", "proved@x.example", "stranger@x.example", "bad@x.example", "new@x.example"})
		if err != nil || len(got) != 2 || !got["eva@x.example"] || !got["proved@x.example"] {
			t.Errorf("known are %v, %v", got, err)
		}
	})
}
