package email

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// robot queues an automatic message.
func (k *desk) robot(t *testing.T, id int64, to ...string) {
	t.Helper()
	k.queueMessage(t, id, to...)
	k.talks.mu.Lock()
	defer k.talks.mu.Unlock()
	o := k.talks.out[id]
	o.AgentID, o.AgentName = 0, ""
	k.talks.out[id] = o
}

func TestPitfallTwoMachinesStopAnsweringEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		for n := int64(1); n <= 10; n++ {
			k.robot(t, n, "Robot@desk.example.test")
			k.deliver(t, s)
		}
		if got := len(p.taken()); got != automaticPerHour {
			t.Fatalf("%d automatic mails went out", got)
		}
		if st := k.talks.state(10); st.State != conversation.Cancelled || !strings.Contains(st.Error, "too many automatic mails") {
			t.Errorf("%+v", st)
		}
		k.queueMessage(t, 11, "robot@desk.example.test")
		k.robot(t, 12, "somebody@else.example.test")
		k.deliver(t, s)
		k.deliver(t, s)
		if got := len(p.taken()); got != automaticPerHour+2 {
			t.Errorf("%d mails: what an agent writes, and other people, are not concerned", got)
		}
		for n := int64(13); n < 40; n++ {
			k.clock.Add(time.Hour)
			k.robot(t, n, "robot@desk.example.test")
			k.deliver(t, s)
			if n == 22 {
				if got := len(p.taken()); got != automaticPerDay+2 {
					t.Errorf("%d mails in a day", got)
				}
			}
		}
	})
}

func TestPitfallABounceAndARobotGetNoAcknowledgement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		k.write(t, func(tx *db.Tx) error {
			for _, text := range []string{"INSERT INTO customer (id, created_at) VALUES (77, 1)",
				"INSERT INTO customer_identity (customer_id, kind, value, shown, created_at, bounced_at) VALUES (77, 'email', 'gone@example.test', 'gone@example.test', 1, 5)"} {
				if _, err := tx.Exec(context.Background(), text); err != nil {
					return err
				}
			}
			return nil
		})
		for n, address := range []string{"help@shop.test", "No-Reply@example.test", "gone@example.test"} {
			id := int64(n) + 1
			k.robot(t, id, address)
			k.deliver(t, s)
			if st := k.talks.state(id); st.State != conversation.Cancelled || !strings.HasPrefix(st.Error, "Not sent: ") {
				t.Errorf("%s: %+v", address, st)
			}
		}
		k.robot(t, 5, "away@example.test")
		o := k.talks.out[5]
		o.ToAutomatic = true
		k.talks.out[5] = o
		k.deliver(t, s)
		if st := k.talks.state(5); st.State != conversation.Cancelled || len(p.taken()) != 0 {
			t.Errorf("%+v", st)
		}
		k.robot(t, 6, "help@shop.test", "eva@example.test")
		k.deliver(t, s)
		if st := k.talks.state(6); st.State != conversation.Sent || len(p.taken()) != 1 || len(p.taken()[0].to) != 1 {
			t.Errorf("%+v", st)
		}
	})
}
