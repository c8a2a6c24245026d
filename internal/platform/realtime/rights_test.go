package realtime

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// rightsOf makes the node take events of type "rights" for changes of rights;
// the actor is whose they are.
func (n *node) rightsOf() *node {
	n.cfg.Rights = func(e event.Event) (int64, bool) { return e.ActorID, e.Type == "rights" }
	return n
}

// answers signs an agent in about whom the n-th question is answered by say.
// The first one is asked by the connection itself, right after the greeting: a
// doubt that comes before it is answered by it.
func (n *node) answers(id int64, name string, say func(question int64) error) *atomic.Int64 {
	var asked atomic.Int64
	sees := Sight{Visible: func(e event.Event) bool { return e.Type != "rights" }, MaySee: func(context.Context, int64) bool { return true }}
	n.sign(name, Conn{AgentID: id, Name: name, Sight: sees, Recheck: func(context.Context) (Sight, error) { return sees, say(asked.Add(1)) }})
	return &asked
}

var signedOut = errs.New(errs.Unauthorized, "Sign in to do this.")

func TestAHintAboutRightsReachesTheOtherNode(t *testing.T) {
	eachBus(t, func(t *testing.T, busOne, busTwo runner) {
		d := dbtest.SQLite(t)
		one, two := newNode(t, d, busOne).runs(), newNode(t, d, busTwo).runs()
		aboutAnna := two.answers(1, "anna", func(question int64) error {
			if question > 1 {
				return signedOut
			}
			return nil
		})
		two.answers(2, "ben", func(int64) error { return nil })
		anna, _ := two.connect("anna", "")
		ben, _ := two.connect("ben", "")
		two.until("the first question was asked", func() bool { return aboutAnna.Load() == 1 })
		one.Recheck(1)
		if code := anna.closed(); code != StatusSignedOut {
			t.Errorf("closed with %v", code)
		}
		one.Recheck(2)
		one.publish(1, 1)
		if g := ben.next(); g.Data.N != 1 {
			t.Errorf("%+v", g)
		}
	})
}

func TestWithoutHintsTheFeedEndsRightsBeforeAnythingBehindIsSeen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two := newNode(t, d, &Local{}).runs(), newNode(t, d, &Local{}).rightsOf().runs()
		var ended atomic.Bool
		two.answers(1, "anna", func(int64) error {
			if ended.Load() {
				return signedOut
			}
			return nil
		})
		anna, _ := two.connect("anna", "")
		one.publish(1, 1)
		if g := anna.next(); g.Data.N != 1 {
			t.Fatalf("%+v", g)
		}
		ended.Store(true)
		err := d.Write(two.ctx, func(tx *db.Tx) error {
			return one.feed.Publish(two.ctx, tx, event.Event{Type: "rights", ActorType: "agent", ActorID: 1})
		})
		if err != nil {
			t.Fatal(err)
		}
		one.publish(1, 2)
		if g, err := anna.read(); err == nil {
			t.Errorf("seen although the rights had ended: %+v", g)
		}
		if code := anna.closed(); code != StatusSignedOut && code != -1 {
			t.Errorf("closed with %v", code)
		}
	})
}

func TestADoubtThatCannotBeAnsweredIsAskedAgainAtOnceAndThenEndsTheConnection(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	asked := n.answers(1, "anna", func(question int64) error {
		if question > 1 {
			return errors.New("the database is away")
		}
		return nil
	})
	anna, _ := n.connect("anna", "")
	n.until("the first question was asked", func() bool { return asked.Load() == 1 })
	n.Recheck(1)
	if code := anna.closed(); code != errTrouble.code {
		t.Errorf("closed with %v", code)
	}
	if asked.Load() != 4 {
		t.Errorf("asked %d times", asked.Load())
	}
}
