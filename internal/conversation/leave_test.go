package conversation_test

import (
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func (k *desk) activate(agent int64, active bool) {
	k.t.Helper()
	k.write(func(tx *db.Tx) error {
		if _, err := tx.Exec(k.t.Context(), "UPDATE agent SET active = ? WHERE id = ?", active, agent); err != nil || active {
			return err
		}
		return k.LeaveTx(k.t.Context(), tx, agent)
	})
}

func (k *desk) leave() {
	k.t.Helper()
	if _, err := k.Jobs.RunOnce(k.t.Context(), k.LeaveKind()); err != nil {
		k.t.Fatal(err)
	}
}

func TestTheConversationsOfWhoLeavesGoBackToTheTeam(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		mine, theirs := int64(anna), int64(ben)
		var open []int64
		for i := range 60 { // more than one batch
			r := k.receive(mail("c@x.example", string(rune('a'+i%26))+string(rune('a'+i/26))+"@x", "hello"))
			if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Assignee: &mine}); err != nil {
				t.Fatal(err)
			}
			open = append(open, r.Conversation)
		}
		closed, status := open[0], conversation.Closed
		if _, err := k.Update(as(anna), closed, conversation.Change{Status: &status}); err != nil {
			t.Fatal(err)
		}
		other := open[1]
		if _, err := k.Update(as(anna), other, conversation.Change{Assignee: &theirs}); err != nil {
			t.Fatal(err)
		}
		k.activate(anna, false)
		k.leave()
		for _, id := range open[2:] {
			if c := k.conversation(id); c.Assignee != 0 {
				t.Fatalf("conversation %d is still with %d", id, c.Assignee)
			}
		}
		if k.conversation(closed).Assignee != anna || k.conversation(other).Assignee != ben {
			t.Error("what was done, or somebody else's, changed hands")
		}
		var notes int
		err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM message WHERE event_name = 'assigned' AND event_data LIKE '%\"reason\":\"left\"%'").Scan(&notes)
		if err != nil || notes != 58 {
			t.Errorf("%d lines say why, %v", notes, err)
		}

		k.receive(mail("c@x.example", "again@x", "one more thing", func(in *conversation.Inbound) { in.ThreadIDs = []string{"aa@x"} }))
		if c := k.conversation(closed); c.Status != conversation.Open || c.Assignee != 0 {
			t.Errorf("a conversation that was opened again is %s and with %d", c.Status, c.Assignee)
		}
	})
}

func TestWhoComesBackInTimeKeepsTheirConversations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		mine := int64(anna)
		r := k.receive(mail("c@x.example", "a@x", "hello"))
		if _, err := k.Update(as(anna), r.Conversation, conversation.Change{Assignee: &mine}); err != nil {
			t.Fatal(err)
		}
		k.activate(anna, false)
		k.activate(anna, true)
		k.leave()
		if c := k.conversation(r.Conversation); c.Assignee != anna {
			t.Errorf("it went to %d", c.Assignee)
		}
	})
}
