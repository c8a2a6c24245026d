package conversation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

const courier = "parcels@courier.example"

// aside starts a side conversation with the courier.
func (k *desk) aside(agent, id int64, edit ...func(*conversation.NewSide)) (conversation.Side, conversation.Message) {
	k.t.Helper()
	n := conversation.NewSide{Subject: "Parcel 4711", NewReply: conversation.NewReply{Text: "Where is it?", To: []conversation.Person{{Name: "Courier", Address: courier}}}}
	for _, e := range edit {
		e(&n)
	}
	side, m, err := k.StartSide(as(agent), id, n, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return side, m
}

// lines are the names of what happened in a conversation.
func (k *desk) lines(id int64) (out []string) {
	k.t.Helper()
	list, err := k.Messages(as(anna), id, 0, false, 100)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, m := range list {
		if m.Kind == conversation.KindEvent {
			out = append(out, m.EventName)
		}
	}
	return out
}

func (k *desk) sideOf(id int64) conversation.Side {
	k.t.Helper()
	side, err := k.SideConversation(as(anna), id)
	if err != nil {
		k.t.Fatal(err)
	}
	return side
}

func TestAnAnswerInASideConversationStaysAsideAndWakesItsConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		mine := int64(anna)
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Assignee: &mine}); err != nil {
			t.Fatal(err)
		}
		k.reply(anna, r.Conversation) // pending, the customer has the next word
		side, asked := k.aside(anna, r.Conversation)
		if !side.Awaited || asked.Subject != "Parcel 4711" || k.conversation(r.Conversation).Status != conversation.Pending {
			t.Fatalf("%+v %+v", side, asked)
		}
		if err := k.MarkRead(as(anna), r.Conversation, 0); err != nil {
			t.Fatal(err)
		}
		for n, how := range []func(*conversation.Inbound){after(asked.RFCID), func(in *conversation.Inbound) { in.Tokens = []string{conversation.Token(asked.RFCID)} }} {
			id := []string{"c1@courier", "c2@courier"}[n]
			got := k.receive(mail(courier, id, "It is in Kyiv.", how, func(in *conversation.Inbound) { in.Inbox = inboxB }))
			if got.New || got.Conversation != r.Conversation {
				t.Fatalf("the answer went to %+v", got)
			}
		}
		list, err := k.SideMessages(as(anna), side.ID, 0, false, 100)
		if err != nil || len(list) != 3 || list[1].Kind != conversation.KindSideInbound || list[1].Flags.Has(conversation.FlagUnverified) {
			t.Fatalf("%+v, %v", list, err)
		}
		thread, err := k.Messages(as(anna), r.Conversation, 0, false, 100)
		if err != nil || slices.ContainsFunc(thread, func(m conversation.Message) bool { return m.Side != 0 }) {
			t.Fatalf("the thread shows what stands aside: %+v, %v", thread, err)
		}
		c := k.conversation(r.Conversation)
		if c.Status != conversation.Open || !c.WaitingSince.IsZero() || c.LastInbound != r.Message {
			t.Fatalf("conversation = %+v", c)
		}
		if want := []string{"side_started", "side_answered", "status_changed", "side_answered"}; !endsWith(k.lines(r.Conversation), want) {
			t.Fatalf("lines = %v", k.lines(r.Conversation))
		}
		if now := k.sideOf(side.ID); now.Awaited || now.State != conversation.SideOpen || now.Messages != 3 {
			t.Fatalf("side = %+v", now)
		}
		k.balanced()
	})
}

func TestTheMailsOfAConversationAreThoseAsideToo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		_, asked := k.aside(anna, r.Conversation)
		if _, err := k.Note(as(anna), r.Conversation, conversation.NewNote{Text: "I asked."}, nil); err != nil {
			t.Fatal(err)
		}
		k.receive(mail(courier, "c1@courier", "It is in Kyiv.", after(asked.RFCID)))
		k.reply(anna, r.Conversation)
		var kinds []conversation.Kind
		for behind := int64(0); ; {
			list, err := k.Mails(as(anna), r.Conversation, behind, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, m := range list {
				kinds, behind = append(kinds, m.Kind), m.ID
			}
		}
		want := []conversation.Kind{conversation.KindInbound, conversation.KindSideOutbound, conversation.KindSideInbound, conversation.KindOutbound}
		if !slices.Equal(kinds, want) {
			t.Errorf("%v, want %v", kinds, want)
		}
	})
}

func endsWith(list, end []string) bool {
	return len(list) >= len(end) && slices.Equal(list[len(list)-len(end):], end)
}

func TestTheAssigneeHasSomethingUnreadWhenSomebodyAnsweredAside(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		k.reply(anna, r.Conversation)
		_, asked := k.aside(anna, r.Conversation)
		unread := func(agent int64) bool {
			t.Helper()
			var mark int64
			err := k.DB.QueryRow(context.Background(), "SELECT COALESCE(MAX(message_id), 0) FROM conversation_read WHERE conversation_id = ? AND agent_id = ?", r.Conversation, agent).Scan(&mark)
			if err != nil {
				t.Fatal(err)
			}
			c := k.conversation(r.Conversation)
			return c.Unread(mark)
		}
		for _, agent := range []int64{anna, ben} {
			if err := k.MarkRead(as(agent), r.Conversation, 0); err != nil {
				t.Fatal(err)
			}
		}
		k.receive(mail(courier, "auto@courier", "We have got your mail.", after(asked.RFCID), func(in *conversation.Inbound) { in.Automatic = true }))
		if unread(anna) {
			t.Fatal("a machine's answer made it unread")
		}
		k.receive(mail(courier, "c1@courier", "In Kyiv.", after(asked.RFCID)))
		if !unread(anna) || unread(ben) {
			t.Fatalf("unread for the assignee: %v, for others: %v", unread(anna), unread(ben))
		}
	})
}

func TestAMachinesAnswerAsideChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		k.reply(anna, r.Conversation)
		side, asked := k.aside(anna, r.Conversation)
		if _, err := k.SetSideState(as(anna), side.ID, conversation.SideDone); err != nil {
			t.Fatal(err)
		}
		k.receive(mail(courier, "auto@courier", "We have got your mail.", after(asked.RFCID), func(in *conversation.Inbound) { in.Automatic = true }))
		if c := k.conversation(r.Conversation); c.Status != conversation.Pending || slices.Contains(k.lines(r.Conversation), "side_answered") {
			t.Fatalf("conversation = %+v", c)
		}
		if now := k.sideOf(side.ID); now.State != conversation.SideDone || now.Messages != 2 {
			t.Fatalf("side = %+v", now)
		}
		k.balanced()
	})
}

func TestASideConversationIsNeverSentToTheCustomer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		k.reply(anna, r.Conversation)
		to := func(list ...string) (out []conversation.Person) {
			for _, a := range list {
				out = append(out, conversation.Person{Address: a})
			}
			return out
		}
		for name, n := range map[string]conversation.NewReply{
			"to": {To: to(courier, "Eva@X.example")}, "cc": {To: to(courier), Cc: to("eva@x.example")}, "bcc": {To: to(courier), Bcc: to("eva@x.example")},
		} {
			n.Text = "x"
			if _, _, err := k.StartSide(as(anna), r.Conversation, conversation.NewSide{Subject: "s", NewReply: n}, nil); !errs.Is(err, errs.Invalid) {
				t.Errorf("the customer in %s: %v", name, err)
			}
		}
		side, asked := k.aside(anna, r.Conversation)
		// The courier brings the customer in, and answers are suggested to everybody but them.
		k.receive(mail(courier, "c1@courier", "Hello Eva", after(asked.RFCID), func(in *conversation.Inbound) { in.Cc = to("eva@x.example", "depot@courier.example") }))
		_, m, err := k.WriteSide(as(anna), side.ID, conversation.NewSide{NewReply: conversation.NewReply{Text: "Thanks"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		o, err := k.Outgoing(context.Background(), m.ID)
		if err != nil || len(o.To) != 1 || o.To[0].Address != courier || len(o.Cc) != 1 || o.Cc[0].Address != "depot@courier.example" {
			t.Fatalf("%+v, %v", o, err)
		}
		if o.Quote == nil || o.Quote.Text != "Hello Eva" || o.InReplyTo != "c1@courier" || slices.Contains(o.References, "a@x") {
			t.Fatalf("the mail to the courier follows %+v", o)
		}
		// What the customer is sent knows nothing of it.
		last := k.reply(anna, r.Conversation)
		if o, err = k.Outgoing(context.Background(), last.ID); err != nil {
			t.Fatal(err)
		}
		if o.InReplyTo != "a@x" || o.Quote == nil || o.Quote.Text != "Where is my parcel?" || slices.Contains(o.References, asked.RFCID) || len(o.To) != 1 || o.To[0].Address != "eva@x.example" {
			t.Fatalf("the mail to the customer: %+v", o)
		}
	})
}

func TestWhatTheCustomerWritesIntoASideConversationBelongsIntoTheirOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		k.reply(anna, r.Conversation)
		side, asked := k.aside(anna, r.Conversation)
		got := k.receive(mail("eva@x.example", "b@x", "They wrote to me, too", after("c1@courier", asked.RFCID)))
		if got.Conversation != r.Conversation || k.sideOf(side.ID).Messages != 1 {
			t.Fatalf("got = %+v", got)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || c.LastInbound != got.Message || c.WaitingSince.IsZero() {
			t.Fatalf("conversation = %+v", c)
		}
		k.balanced()
	})
}

func TestAStrangerInASideConversationIsShownAndNotWrittenTo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		side, asked := k.aside(anna, r.Conversation)
		k.receive(mail("who@else.example", "s@else", "I am the courier", after(asked.RFCID)))
		list, err := k.SideMessages(as(anna), side.ID, 0, false, 10)
		if err != nil || len(list) != 2 || !list[1].Flags.Has(conversation.FlagUnverified) {
			t.Fatalf("%+v, %v", list, err)
		}
		if now := k.sideOf(side.ID); len(now.Recipients.To) != 1 || now.Recipients.To[0].Address != courier || len(now.Recipients.Cc) != 0 {
			t.Fatalf("the next message goes to %+v", now.Recipients)
		}
	})
}

func TestASideMessageTakenBackLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		later := func(n *conversation.NewSide) { n.Undo = 10 * time.Second }
		side, m := k.aside(anna, r.Conversation, later)
		d, err := k.Undo(as(anna), m.ID)
		if err != nil || d.Text != "Where is it?" || len(d.To) != 1 {
			t.Fatalf("%+v, %v", d, err)
		}
		if _, err := k.SideConversation(as(anna), side.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("the side conversation is still there: %v", err)
		}
		if got := k.lines(r.Conversation); slices.Contains(got, "side_started") {
			t.Fatalf("lines = %v", got)
		}
		side, _ = k.aside(anna, r.Conversation)
		_, second, err := k.WriteSide(as(anna), side.ID, conversation.NewSide{NewReply: conversation.NewReply{Text: "And?", Undo: 10 * time.Second, To: []conversation.Person{{Address: "boss@courier.example"}}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Undo(as(anna), second.ID); err != nil {
			t.Fatal(err)
		}
		if now := k.sideOf(side.ID); now.Messages != 1 || len(now.Recipients.To) != 1 || now.Recipients.To[0].Address != courier {
			t.Fatalf("side = %+v", now)
		}
		k.balanced()
	})
}

func TestABounceAsideIsToldInTheConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		k.reply(anna, r.Conversation)
		side, asked := k.aside(anna, r.Conversation)
		k.receive(mail("mailer-daemon@courier.example", "dsn@courier", "Returned", func(in *conversation.Inbound) {
			in.Automatic, in.Bounce = true, &conversation.Bounce{OriginalRFCID: asked.RFCID, Recipient: courier, Action: "failed", Status: "5.1.1", Reason: "no such user", Hard: true}
		}))
		m, err := k.Message(as(anna), asked.ID)
		if err != nil || m.Delivery.State != conversation.Failed || !strings.Contains(m.Delivery.Error, "no such user") {
			t.Fatalf("%+v, %v", m.Delivery, err)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || !c.WaitingSince.IsZero() || !slices.Contains(k.lines(r.Conversation), "side_failed") {
			t.Fatalf("conversation = %+v", c)
		}
		if _, err := k.Retry(as(anna), asked.ID); err != nil {
			t.Fatalf("it cannot be sent again: %v", err)
		}
		if now := k.sideOf(side.ID); now.Messages != 2 {
			t.Fatalf("side = %+v", now)
		}
	})
}

func TestWhatFailedAsideNeedsNoAttentionOnceSomebodyWroteAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		side, asked := k.aside(anna, r.Conversation)
		fail := func(message int64) {
			k.write(func(tx *db.Tx) error {
				return k.SetDeliveryTx(context.Background(), tx, message, conversation.Delivery{State: conversation.Failed, Error: "No such server.",
					Recipients: []conversation.RecipientDelivery{{Address: courier, State: conversation.Failed}}})
			})
		}
		state := func(message int64) conversation.DeliveryState {
			m, err := k.Message(as(anna), message)
			if err != nil {
				t.Fatal(err)
			}
			return m.Delivery.State
		}
		fail(asked.ID)
		_, again, err := k.WriteSide(as(anna), side.ID, conversation.NewSide{NewReply: conversation.NewReply{Text: "Once more", To: []conversation.Person{{Address: "other@courier.example"}}}}, nil)
		if err != nil || state(asked.ID) != conversation.Cancelled {
			t.Fatalf("the first message is %s, %v", state(asked.ID), err)
		}
		fail(again.ID)
		if _, err := k.SetSideState(as(anna), side.ID, conversation.SideDone); err != nil || state(again.ID) != conversation.Cancelled {
			t.Fatalf("the second message is %s, %v", state(again.ID), err)
		}
		k.balanced()
	})
}

func TestSideConversationsGoWhereAMergeGoesAndBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		one := k.receive(mail("eva@x.example", "a@x", "One")).Conversation
		two := k.receive(mail("eva@x.example", "b@x", "Two")).Conversation
		side, asked := k.aside(anna, two)
		if _, err := k.Merge(as(anna), one, []int64{two}, nil); err != nil {
			t.Fatal(err)
		}
		k.receive(mail(courier, "c1@courier", "In Kyiv.", after(asked.RFCID)))
		if list, err := k.Sides(as(anna), one); err != nil || len(list) != 1 || list[0].Messages != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := k.Unmerge(as(anna), two); err != nil {
			t.Fatal(err)
		}
		if now := k.sideOf(side.ID); now.Conversation != two || now.Messages != 2 {
			t.Fatalf("side = %+v", now)
		}
		list, err := k.SideMessages(as(anna), side.ID, 0, false, 10)
		if err != nil || len(list) != 2 || list[1].Conversation != two {
			t.Fatalf("%+v, %v", list, err)
		}
		k.balanced()
	})
}

func TestAMailOfAColleaguesProgramStaysInTheSideConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "Where is my parcel?"))
		side, asked := k.aside(anna, r.Conversation)
		k.write(func(tx *db.Tx) error {
			in := mail("ben@shop.example", "own@shop", "Any news?", after(asked.RFCID))
			in.To = []conversation.Person{{Address: courier}}
			_, err := k.SentTx(context.Background(), tx, in)
			return err
		})
		list, err := k.SideMessages(as(anna), side.ID, 0, false, 10)
		if err != nil || len(list) != 2 || list[1].Kind != conversation.KindSideOutbound || list[1].AuthorID != ben {
			t.Fatalf("%+v, %v", list, err)
		}
		if c := k.conversation(r.Conversation); c.Status != conversation.Open || c.WaitingSince.IsZero() {
			t.Fatalf("it counted as an answer to the customer: %+v", c)
		}
	})
}

func TestFilesOfTheConversationGoAlongAsCopies(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.CopyBlob = func(_ context.Context, key string) (string, error) { return key + "-copy", nil }
		withFile := func(in *conversation.Inbound) {
			in.Attachments = []conversation.NewAttachment{{Name: "label.pdf", ContentType: "application/pdf", Size: 3, BlobKey: "k1"}}
		}
		r := k.receive(mail("eva@x.example", "a@x", "One", withFile))
		other := k.receive(mail("mia@x.example", "b@x", "Two", withFile))
		file := func(message int64) int64 {
			m, err := k.Message(as(anna), message)
			if err != nil || len(m.Attachments) != 1 {
				t.Fatalf("%+v, %v", m, err)
			}
			return m.Attachments[0].ID
		}
		_, m := k.aside(anna, r.Conversation, func(n *conversation.NewSide) { n.Carry = []int64{file(r.Message)} })
		if len(m.Attachments) != 1 || m.Attachments[0].BlobKey != "k1-copy" || m.Attachments[0].ID == file(r.Message) {
			t.Fatalf("files = %+v", m.Attachments)
		}
		n := conversation.NewSide{Subject: "s", NewReply: conversation.NewReply{Text: "x", To: []conversation.Person{{Address: courier}}}, Carry: []int64{file(other.Message)}}
		if _, _, err := k.StartSide(as(anna), r.Conversation, n, nil); !errs.Is(err, errs.Invalid) {
			t.Fatalf("a file of another conversation: %v", err)
		}
	})
}

func TestWhatHappenedAsideNamesItsSideConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		side, _ := k.aside(anna, r.Conversation)
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 10)
		if err != nil {
			t.Fatal(err)
		}
		var data struct {
			ID      int64  `json:"side_conversation_id"`
			Subject string `json:"subject"`
			To      string `json:"to"`
		}
		if err := json.Unmarshal(list[len(list)-1].EventData, &data); err != nil || data.ID != side.ID || data.Subject != "Parcel 4711" || data.To != "Courier" {
			t.Fatalf("%+v, %v", data, err)
		}
	})
}

func TestASideConversationOverTheAPIIsStartedOnceForOneKey(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.receive(mail("eva@x.example", "a@x", "One")).Conversation
		h := k.router()
		start := func() answer {
			return call(t, h, anna, "POST", fmt.Sprintf("/conversations/%d/side-conversations", id),
				`{"subject":"Parcel 4711","html":"<p>Where <b>is</b> it?</p>","to":["Courier <parcels@courier.example>"]}`, "Idempotency-Key", "k1")
		}
		first, again := start(), start()
		if first.code != 202 || first.raw != again.raw {
			t.Fatalf("%d %s, then %d %s", first.code, first.raw, again.code, again.raw)
		}
		list := call(t, h, anna, "GET", fmt.Sprintf("/conversations/%d/side-conversations", id), "")
		if items, _ := list.body["items"].([]any); len(items) != 1 || !strings.Contains(list.raw, `"preview":"Where is it?"`) {
			t.Fatalf("%d %s", list.code, list.raw)
		}
		side := int64(first.body["side_conversation"].(map[string]any)["id"].(float64))
		more := call(t, h, anna, "POST", fmt.Sprintf("/side-conversations/%d/messages", side), `{"text":"And now?","cc":[{"address":"eva@x.example"}]}`)
		if more.code != 422 || !strings.Contains(more.raw, "body.cc[0]") {
			t.Fatalf("the customer in Cc: %d %s", more.code, more.raw)
		}
		messages := call(t, h, anna, "GET", fmt.Sprintf("/side-conversations/%d/messages", side), "")
		if items, _ := messages.body["items"].([]any); len(items) != 1 || !strings.Contains(messages.raw, `"kind":"side_outbound"`) {
			t.Fatalf("%d %s", messages.code, messages.raw)
		}
	})
}
