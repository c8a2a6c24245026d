package realtime

import (
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func at(conversation int64, s State) string {
	return fmt.Sprintf(`{"type":"presence","data":{"conversation_id":%d,"state":%q}}`, conversation, s)
}

func (c *client) sees(conversation int64, want ...Someone) {
	c.t.Helper()
	g := c.next()
	if g.Type != "presence" || g.Data.Conversation != conversation || len(g.Data.Agents) != len(want) {
		c.t.Fatalf("got %+v, want %v at %d", g, want, conversation)
	}
	for i := range want {
		if g.Data.Agents[i] != want[i] {
			c.t.Fatalf("got %+v, want %v at %d", g, want, conversation)
		}
	}
}

func TestPresenceIsSeenByThoseWhoWatchAndMaySee(t *testing.T) {
	t.Parallel()
	bus := &Local{} // two nodes on one bus
	d := dbtest.SQLite(t)
	one, two := newNode(t, d, bus).runs(), newNode(t, d, bus).runs()
	one.agent(1, "anna", nil)
	two.agent(2, "ben", nil)
	two.agent(3, "stranger", func(inbox int64) bool { return inbox == 2 })
	anna, _ := one.connect("anna", "")
	ben, _ := two.connect("ben", "")
	stranger, _ := two.connect("stranger", "")
	ben.say(`{"type":"watch","data":{"conversation_ids":[300,200]}}`)
	stranger.say(`{"type":"watch","data":{"conversation_ids":[300,200]}}`)
	two.until("both watch", func() bool { return len(two.present.watching(200)) == 2 })

	anna.say(at(300, Viewing))
	ben.sees(300, Someone{1, "anna", Viewing})
	anna.say(at(300, Typing))
	ben.sees(300, Someone{1, "anna", Typing})
	stranger.say(at(300, Typing)) // may not see it, so may not be seen there
	ben.say(at(300, Background))
	anna.sees(300, Someone{2, "ben", Background})
	anna.say(at(200, Viewing))
	ben.sees(200, Someone{1, "anna", Viewing})
	stranger.sees(200, Someone{1, "anna", Viewing}) // the first that it hears
	anna.say(at(300, Left))
	ben.sees(300)
	anna.ws.CloseNow() //nolint:errcheck // on purpose
	ben.sees(200)
	stranger.sees(200)
}

func TestPresenceDecaysWithoutAHeartbeat(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	n.agent(2, "ben", nil)
	anna, _ := n.connect("anna", "")
	ben, _ := n.connect("ben", "")
	ben.say(`{"type":"watch","data":{"conversation_ids":[300]}}`)
	n.until("ben watches", func() bool { return len(n.present.watching(300)) == 1 })
	anna.say(at(300, Typing))
	ben.sees(300, Someone{1, "anna", Typing})
	n.passes(Decay - 1)
	anna.say(at(300, Typing)) // the heartbeat; seen below when it kept the presence
	n.until("the heartbeat is heard", func() bool {
		n.present.mu.Lock()
		defer n.present.mu.Unlock()
		for _, v := range n.present.at[300] {
			return v.seen.Equal(n.clock.Now())
		}
		return false
	})
	n.passes(1)
	if list := n.present.list(300, 2); len(list) != 1 {
		t.Fatal("presence decayed in spite of the heartbeat")
	}
	n.passes(Decay)
	ben.sees(300)
}

func TestTheStrongestOfSeveralWindowsCounts(t *testing.T) {
	t.Parallel()
	p := newPresent()
	c := &clock{}
	p.put("a", 1, Someone{7, "anna", Background}, c.Now())
	p.put("b", 1, Someone{7, "anna", Typing}, c.Now())
	p.put("c", 1, Someone{7, "anna", Viewing}, c.Now())
	p.put("d", 1, Someone{8, "ben", Viewing}, c.Now())
	if got := fmt.Sprint(p.list(1, 0)); got != "[{7 anna typing} {8 ben viewing}]" {
		t.Error(got)
	}
	if got := fmt.Sprint(p.list(1, 7)); got != "[{8 ben viewing}]" {
		t.Error(got)
	}
}

func TestAClientIsAtFewConversationsAtOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	n.agent(2, "ben", nil)
	anna, _ := n.connect("anna", "")
	ben, _ := n.connect("ben", "")
	ben.say(`{"type":"watch","data":{"conversation_ids":[100]}}`)
	n.until("ben watches", func() bool { return len(n.present.watching(100)) == 1 })
	for i := range int64(maxAt + 1) {
		n.clock.pass(time.Second / 10) // not too many frames a second
		anna.say(at(100+i, Viewing))
		n.until("she is there", func() bool { return len(n.present.list(100+i, 2)) == 1 })
	}
	ben.sees(100, Someone{1, "anna", Viewing})
	ben.sees(100)
	if list := n.present.list(101, 2); len(list) != 1 {
		t.Error("more than the oldest was left")
	}
}
