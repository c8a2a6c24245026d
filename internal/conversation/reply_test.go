package conversation_test

import (
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestReplyIsStoppedWhenTheThreadChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		seen := r.Message
		newer := k.receive(mail("eva@x.example", "b@x", "Wait", after("a@x")))
		_, err := k.Reply(as(anna), r.Conversation, conversation.NewReply{Text: "Done", LastSeen: &seen}, nil)
		if !errs.Is(err, errs.Conflict) {
			t.Fatalf("err = %v", err)
		}
		if _, err := k.Reply(as(anna), r.Conversation, conversation.NewReply{Text: "Done", LastSeen: &newer.Message}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Reply(as(anna), r.Conversation, conversation.NewReply{Text: "And", LastSeen: &newer.Message}, nil); err != nil {
			t.Fatalf("my own message stopped my reply: %v", err)
		}
		if _, err := k.Reply(as(ben), r.Conversation, conversation.NewReply{Text: "Me too", LastSeen: &newer.Message}, nil); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a colleague's reply was not noticed: %v", err)
		}
		if _, err := k.Reply(as(ben), r.Conversation, conversation.NewReply{Text: "Me too", LastSeen: &newer.Message, Force: true}, nil); err != nil {
			t.Fatal(err)
		}
	})
}

func TestUndoBringsBackTheDraftAndTheConversationAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		file, err := k.Upload(as(anna), conversation.NewAttachment{Name: "label.pdf", ContentType: "application/pdf", Size: 3, BlobKey: "k"})
		if err != nil {
			t.Fatal(err)
		}
		before := k.conversation(r.Conversation)
		m := k.reply(anna, r.Conversation, func(n *conversation.NewReply) {
			n.Undo, n.Attachments = 10*time.Second, []int64{file.ID}
		})
		d, err := k.Undo(as(anna), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d.Text != "It is on its way." || len(d.Attachments) != 1 || d.Attachments[0] != file.ID {
			t.Fatalf("draft = %+v", d)
		}
		c := k.conversation(r.Conversation)
		if c.Status != before.Status || c.Assignee != 0 || !c.WaitingSince.Equal(before.WaitingSince) || c.Preview != before.Preview {
			t.Fatalf("conversation = %+v", c)
		}
		if list, err := k.Messages(as(anna), r.Conversation, 0, false, 100); err != nil || len(list) != 1 || c.LastMessage != r.Message {
			t.Fatalf("%d messages are left, the last is %d, %v", len(list), c.LastMessage, err)
		}
		if _, err := k.Undo(as(anna), m.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("undone twice: %v", err)
		}
		if again, err := k.Draft(as(anna), r.Conversation); err != nil || len(again.Files) != 1 {
			t.Fatalf("draft = %+v, %v", again, err)
		}
		k.balanced()
	})
}

func TestTheLedgerCountsWhatIsAnsweredAndNotWhatWasTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.receive(mail("c@x.example", "1@x", "Hello")).Conversation
		if r := k.receive(mail("c@x.example", "1@x", "Hello")); !r.Repeat {
			t.Fatal("the same mail is no repeat")
		}
		undo := func(n *conversation.NewReply) { n.Undo = 20 * time.Second }
		answered := func(when string, want int64) {
			t.Helper()
			if got := k.balanced().Counts["answered"]; got != want {
				t.Errorf("%s %d are answered, want %d", when, got, want)
			}
		}
		first := k.reply(anna, id, undo)
		answered("behind a reply", 1)
		if _, err := k.Undo(as(anna), first.ID); err != nil {
			t.Fatal(err)
		}
		answered("behind a reply that was taken back", 0)
		second := k.reply(anna, id, undo)
		k.reply(anna, id)
		if _, err := k.Undo(as(anna), second.ID); err != nil {
			t.Fatal(err)
		}
		answered("with another reply behind the one taken back", 1)
	})
}

func TestAReplyTakesOnlyItsAuthorsUploads(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		file, err := k.Upload(as(ben), conversation.NewAttachment{Name: "secret.pdf", BlobKey: "k"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Reply(as(anna), r.Conversation, conversation.NewReply{Text: "x", Attachments: []int64{file.ID}}, nil); !errs.Is(err, errs.Invalid) {
			t.Fatalf("err = %v", err)
		}
	})
}

func TestAMentionLetsReadThisConversationOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		blind := access.With(context.Background(), &access.Actor{AgentID: ben, Permissions: access.From(as(ben)).Permissions, Scope: access.Scope{Agent: ben}})
		if _, err := k.Get(blind, r.Conversation); !errs.Is(err, errs.NotFound) {
			t.Fatalf("err = %v", err)
		}
		if _, err := k.Note(as(anna), r.Conversation, conversation.NewNote{Text: "Look, Ben", Mentions: []int64{ben}}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Get(blind, r.Conversation); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Reply(blind, r.Conversation, conversation.NewReply{Text: "x"}, nil); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("err = %v", err)
		}
	})
}

func TestAnOldDraftDoesNotOverwriteANewerOne(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		d, err := k.SaveDraft(as(anna), r.Conversation, conversation.Draft{Text: "one"}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.SaveDraft(as(anna), r.Conversation, conversation.Draft{Text: "two"}, d.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := k.SaveDraft(as(anna), r.Conversation, conversation.Draft{Text: "late"}, d.Version); !errs.Is(err, errs.Conflict) {
			t.Fatalf("err = %v", err)
		}
		if got, err := k.Draft(as(anna), r.Conversation); err != nil || got.Text != "two" {
			t.Fatalf("draft = %+v, %v", got, err)
		}
	})
}

func TestReadingMarksWhatWasShownForTheFirstTime(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		c := k.conversation(r.Conversation)
		if !c.Unread(0) {
			t.Fatal("a new conversation is not unread")
		}
		for range 2 {
			if err := k.MarkRead(as(anna), c.ID, 0); err != nil {
				t.Fatal(err)
			}
		}
		var shown int64
		if err := k.DB.QueryRow(context.Background(), "SELECT shown_at FROM ledger WHERE message_id = ?", r.Message).Scan(&shown); err != nil || shown == 0 {
			t.Fatalf("shown at %d, %v", shown, err)
		}
		if err := k.MarkUnread(as(anna), c.ID, 0); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTagsAssigneeAndStatusAreWrittenIntoTheConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		closed, me := conversation.Closed, int64(anna)
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Status: &closed, Assignee: &me, AddTags: []string{"damaged", "vip"}, RemoveTags: []string{"none"}}); err != nil {
			t.Fatal(err)
		}
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 100)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range list[1:] {
			names = append(names, m.EventName)
		}
		if len(names) != 3 {
			t.Fatalf("events = %v", names)
		}
		nobody := int64(99)
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Assignee: &nobody}); !errs.Is(err, errs.Invalid) {
			t.Fatalf("err = %v", err)
		}
	})
}

func TestReopeningBringsBackHowLongTheCustomerWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		closed, open := conversation.Closed, conversation.Open
		for _, to := range []*conversation.Status{&closed, &open} {
			if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Status: to}); err != nil {
				t.Fatal(err)
			}
		}
		if c := k.conversation(r.Conversation); !c.WaitingSince.Equal(noon) {
			t.Fatalf("waiting since %v", c.WaitingSince)
		}
		k.reply(anna, r.Conversation, func(n *conversation.NewReply) { n.Then = &conversation.Change{Status: &closed} })
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Status: &open}); err != nil {
			t.Fatal(err)
		}
		if c := k.conversation(r.Conversation); !c.WaitingSince.IsZero() {
			t.Fatalf("an answered customer waits since %v", c.WaitingSince)
		}
	})
}
