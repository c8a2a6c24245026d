package conversation_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

var long = noon.AddDate(0, -2, 0)

// lastYear is a conversation of four messages with a note and an event between them.
func lastYear(edit ...func(*conversation.History)) conversation.History {
	h := conversation.History{
		Inbox: inboxA, Customer: conversation.Person{Name: "Grace", Address: "grace@post.example"}, Subject: "Paid twice",
		Assignee: anna, Tags: []string{"refund", "vip"},
		Messages: []conversation.HistoryMessage{
			{Kind: conversation.KindInbound, At: long, Text: "I paid twice.", RFCID: "one@post.example",
				Cc: []conversation.Person{{Name: "Bo", Address: "bo@post.example"}}},
			{Kind: conversation.KindNote, At: long.Add(time.Minute), Agent: anna, Text: "Ben, can you look?", Mentions: []int64{ben}},
			{Kind: conversation.KindOutbound, At: long.Add(time.Hour), Agent: ben, Text: "We sent it back.", RFCID: "db.token@shop.example"},
			{Kind: conversation.KindInbound, At: long.Add(2 * time.Hour), Text: "Thank you!", RFCID: "two@post.example"},
			{Kind: conversation.KindEvent, At: long.Add(3 * time.Hour), Agent: ben, EventName: conversation.EventStatusChanged,
				EventData: map[string]string{"from": "open", "to": "closed"}},
		},
	}
	for _, e := range edit {
		e(&h)
	}
	return h
}

func (k *desk) bringIn(h conversation.History) (id int64) {
	k.t.Helper()
	k.write(func(tx *db.Tx) (err error) {
		id, err = k.ImportTx(context.Background(), tx, h)
		return err
	})
	return id
}

func TestImportedConversationKeepsItsTimesAndAuthors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		id := k.bringIn(lastYear())
		c := k.conversation(id)
		if c.Status != conversation.Closed || !c.ClosedAt.Equal(long.Add(3*time.Hour)) || !c.WaitingSince.IsZero() {
			t.Errorf("it should be closed since the last event, and nobody waits: %+v", c)
		}
		if !c.CreatedAt.Equal(long) || !c.LastActivityAt.Equal(long.Add(2*time.Hour)) || c.Preview != "Thank you!" {
			t.Errorf("times and preview are not those of its messages: %+v", c)
		}
		if c.Unread(0) || c.ReadFloor != c.LastMessage {
			t.Error("history counts as read")
		}
		list, err := k.Messages(as(anna), id, 0, false, 10)
		if err != nil || len(list) != 5 {
			t.Fatalf("%d messages, %v", len(list), err)
		}
		if m := list[2]; m.AuthorName != "Ben" || m.Delivery.State != conversation.Sent || m.Recipients.To[0].Address != "grace@post.example" {
			t.Errorf("the answer is %+v", m)
		}
		who, err := k.Customers.Get(context.Background(), c.Customer)
		if err != nil || !who.CreatedAt.Equal(long) {
			t.Errorf("the customer is known since %v, %v", who.CreatedAt, err)
		}
	})
}

func TestImportIsNeutralToTheLedgerAndCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.bringIn(lastYear())
		id := k.bringIn(lastYear(func(h *conversation.History) { h.Status, h.Unread = conversation.Open, true }))
		if b := k.balanced(); b.Counts["received"] != 0 || b.PendingOut != 0 {
			t.Errorf("the ledger counts what never passed: %+v", b)
		}
		sums, err := counter.Sums(context.Background(), d, conversation.CellPrefix)
		if err != nil || sums[conversation.CellPrefix+"closed/1/0/1"] != 1 || sums[conversation.CellPrefix+"open/1/0/1"] != 1 {
			t.Errorf("the counters are %v, %v", sums, err)
		}
		c := k.conversation(id)
		if !c.Unread(0) || !c.WaitingSince.Equal(long.Add(2*time.Hour)) {
			t.Errorf("an open one waits unread since the last message: %+v", c)
		}
	})
}

func TestAnswersToImportedMessagesFindTheirConversation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		id := k.bringIn(lastYear(func(h *conversation.History) { h.ClosedAt = noon.Add(-time.Hour) }))
		for i, ref := range []string{"two@post.example", "db.token@shop.example"} {
			r := k.receive(mail("grace@post.example", string(rune('x'+i))+"@post.example", "One more thing", func(in *conversation.Inbound) {
				in.ThreadIDs = []string{ref}
			}))
			if r.Conversation != id || r.New {
				t.Errorf("the answer to %s went to %+v, not to %d", ref, r, id)
			}
		}
		k.reply(anna, id)
		k.balanced()
		r, err := k.Recipients(as(anna), id)
		if err != nil || len(r.Cc) != 1 || r.Cc[0].Address != "bo@post.example" {
			t.Errorf("who was in copy is %+v, %v", r.Cc, err)
		}
	})
}

func TestImportTellsSearchAndPublishesOneEvent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		var told []conversation.Message
		k.Imported = func(_ context.Context, _ *db.Tx, c conversation.Conversation, list []conversation.Message) error {
			told = append(told, list...)
			if c.LastMessage != list[len(list)-1].ID {
				t.Error("the conversation is not finished when search is told")
			}
			return nil
		}
		id := k.bringIn(lastYear())
		if len(told) != 5 || told[0].ID == 0 || told[0].Text != "I paid twice." {
			t.Errorf("search was told %+v", told)
		}
		// Asked directly: the feed waits for transactions of other databases of the server.
		var events int
		var kind, data string
		err := d.QueryRow(context.Background(), "SELECT COUNT(*), MAX(type), MAX(data) FROM event WHERE conversation_id = ?", id).Scan(&events, &kind, &data)
		if err != nil || events != 1 || kind != string(conversation.Created) {
			t.Fatalf("%d events, the last is %s, %v", events, kind, err)
		}
		var f conversation.Fact
		if err := json.Unmarshal([]byte(data), &f); err != nil || !f.Imported {
			t.Errorf("the event does not say that it was imported: %s", data)
		}
	})
}

func TestMentionedAgentSeesImportedConversation(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		id := k.bringIn(lastYear(func(h *conversation.History) { h.Inbox = inboxB }))
		ctx := access.With(context.Background(), &access.Actor{AgentID: ben, Scope: access.Scope{Agent: ben}})
		if !k.MaySee(ctx, id) {
			t.Error("ben was mentioned and does not see it")
		}
	})
}

func TestImportRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	for name, edit := range map[string]func(*conversation.History){
		"no message":    func(h *conversation.History) { h.Messages = nil },
		"no customer":   func(h *conversation.History) { h.Customer.Address = "" },
		"a status":      func(h *conversation.History) { h.Status = "gone" },
		"a priority":    func(h *conversation.History) { h.Priority = "now" },
		"snooze":        func(h *conversation.History) { h.Status = conversation.Snoozed },
		"a kind":        func(h *conversation.History) { h.Messages[0].Kind = "fax" },
		"no time":       func(h *conversation.History) { h.Messages[0].At = time.Time{} },
		"a queued one":  func(h *conversation.History) { h.Messages[2].Delivery = conversation.Queued },
		"a comma's tag": func(h *conversation.History) { h.Tags = []string{"a,b"} },
	} {
		err := k.DB.Write(context.Background(), func(tx *db.Tx) error {
			_, err := k.ImportTx(context.Background(), tx, lastYear(edit))
			return err
		})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
