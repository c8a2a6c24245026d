package conversation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

const (
	card     = "5555 5555 5555 4444"
	cardHTML = "<p>Card <b>5555</b> 5555 5555 4444</p>"
	masked   = "•••• •••• •••• 4444"
)

func TestWhatAgentsWriteHasNoCardNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		c := k.receive(mail("eva@x.example", "1@x.example", "Where is my parcel?")).Conversation
		draft, err := k.SaveDraft(as(anna), c, conversation.Draft{Text: "Card " + card, HTML: cardHTML}, 0)
		if err != nil || draft.Text != "Card "+masked {
			t.Errorf("the draft is %q, %v", draft.Text, err)
		}
		if draft, err = k.Draft(as(anna), c); err != nil || draft.Text != "Card "+masked || draft.HTML != "<p>Card <b>••••</b> •••• •••• 4444</p>" {
			t.Errorf("the kept draft is %q %q, %v", draft.Text, draft.HTML, err)
		}
		note, err := k.Note(as(anna), c, conversation.NewNote{Text: "Card " + card, HTML: cardHTML}, nil)
		if err != nil || note.Text != "Card "+masked || note.Facts == nil || !note.Facts.CardMasked {
			t.Errorf("the note is %+v, %v", note, err)
		}
		reply, err := k.Reply(as(anna), c, conversation.NewReply{Text: "Card " + card, HTML: cardHTML, Undo: 30 * time.Second}, nil)
		if err != nil || strings.Contains(reply.HTML+reply.Text, "5555") || reply.Facts == nil || !reply.Facts.CardMasked {
			t.Errorf("the reply is %+v, %v", reply, err)
		}
		out, err := k.Outgoing(context.Background(), reply.ID)
		if err != nil || strings.Contains(out.HTML+out.Text, "5555") {
			t.Errorf("what is sent is %q, %v", out.Text, err)
		}
		list, err := k.Messages(as(ben), c, 0, false, 10)
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, m := range list {
			if m.Facts != nil && m.Facts.CardMasked {
				told++
			}
		}
		if told != 2 {
			t.Errorf("%d messages say that a number was masked, want 2", told)
		}
		if c := k.conversation(c); c.Preview != "Card "+masked {
			t.Errorf("the preview is %q", c.Preview)
		}
	})
}

func TestAStoppedReplyIsKeptWithoutACardNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		first := k.receive(mail("eva@x.example", "1@x.example", "Where is my parcel?"))
		if _, err := k.Note(as(ben), first.Conversation, conversation.NewNote{Text: "I look after it"}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Reply(as(anna), first.Conversation, conversation.NewReply{Text: card, LastSeen: &first.Message}, nil); err == nil {
			t.Fatal("the reply was not stopped")
		}
		if draft, err := k.Draft(as(anna), first.Conversation); err != nil || draft.Text != masked {
			t.Errorf("the held draft is %q, %v", draft.Text, err)
		}
	})
}

func TestAnInboxCanKeepCardNumbers(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	ask := k.Inbox
	k.Inbox = func(ctx context.Context, q db.Queryer, id int64) (conversation.InboxSettings, error) {
		s, err := ask(ctx, q, id)
		s.KeepCards = true
		return s, err
	}
	in := mail("eva@x.example", "1@x.example", card)
	r := k.receive(in)
	if m, err := k.Message(as(anna), r.Message); err != nil || m.Text != card || m.Facts != nil || r.Masked {
		t.Errorf("%+v, %v", m, err)
	}
	if n, err := k.Note(as(anna), r.Conversation, conversation.NewNote{Text: card}, nil); err != nil || n.Text != card {
		t.Errorf("the note is %q, %v", n.Text, err)
	}
}

func TestImportedConversationsHaveNoCardNumbers(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	h := conversation.History{Inbox: inboxA, Customer: conversation.Person{Address: "eva@x.example"}, Messages: []conversation.HistoryMessage{
		{Kind: conversation.KindInbound, At: noon, Text: "Card " + card, HTML: cardHTML},
	}}
	var id int64
	k.write(func(tx *db.Tx) (err error) {
		id, err = k.ImportTx(context.Background(), tx, h)
		return err
	})
	list, err := k.Messages(as(anna), id, 0, false, 10)
	if err != nil || len(list) != 1 || list[0].Text != "Card "+masked || list[0].Facts == nil || h.Messages[0].Text != "Card "+card {
		t.Errorf("%+v, %v", list, err)
	}
	if c := k.conversation(id); c.Subject != "Card "+masked || c.Preview != "Card "+masked {
		t.Errorf("%q, %q", c.Subject, c.Preview)
	}
}
