package task_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/task"
)

const anna, ben = 1, 2

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// desk has the inboxes 1, which both agents see, and 2, which only anna sees.
type desk struct {
	*task.Service
	t     *testing.T
	count int
}

func newDesk(t *testing.T, d *db.DB) *desk {
	now := func() time.Time { return noon }
	feed := &event.Feed{Now: now}
	conversations := &conversation.Service{DB: d, Feed: feed, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now},
		Jobs: &job.Queue{DB: d, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example", AfterReply: conversation.Pending}, nil
		}}
	k := &desk{t: t, Service: &task.Service{DB: d, Feed: feed, Conversations: conversations, Now: now}}
	k.write(func(tx *db.Tx) error {
		for _, text := range []string{
			"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (2, 1, 'email', 'B', 'sales@shop.example', 0)",
			"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'anna@shop.example', 'Anna', 1, 0)",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (2, 'ben@shop.example', 'Ben', 1, 0)",
		} {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	return k
}

func (k *desk) write(fn func(tx *db.Tx) error) {
	k.t.Helper()
	if err := k.DB.Write(context.Background(), fn); err != nil {
		k.t.Fatal(err)
	}
}

func as(agent int64) context.Context {
	all := map[access.Permission]bool{}
	for _, p := range access.All {
		all[p] = true
	}
	inboxes := map[int64]access.Level{1: access.Any}
	if agent == anna {
		inboxes[2] = access.Any
	}
	return access.With(context.Background(), &access.Actor{AgentID: agent, Permissions: all, Scope: access.Scope{Agent: agent, Inboxes: inboxes}})
}

func (k *desk) conversation(inbox int64) (id int64) {
	k.t.Helper()
	k.count++
	k.write(func(tx *db.Tx) error {
		r, err := k.Conversations.ReceiveTx(context.Background(), tx, conversation.Inbound{Inbox: inbox, Channel: "email", At: noon,
			From: conversation.Person{Name: "Eva", Address: strings.Repeat("e", k.count) + "@x.example"}, Subject: "Lamp", Text: "Hello"})
		id = r.Conversation
		return err
	})
	return id
}

func (k *desk) add(id int64, list ...task.New) []task.Task {
	k.t.Helper()
	made, err := k.Add(as(anna), id, list, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return made
}

func texts(list []task.Task) (out []string) {
	for _, t := range list {
		out = append(out, t.Text)
	}
	return out
}

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d)) })
}

func TestMyTasksAreThoseDueFirstFirstAndOnlyWhatISee(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		open, secret := k.conversation(1), k.conversation(2)
		k.add(open, task.New{Text: "some day", Assignee: ben}, task.New{Text: "tomorrow", Assignee: ben, DueAt: noon.Add(24 * time.Hour)},
			task.New{Text: "late", Assignee: ben, DueAt: noon.Add(-time.Hour)}, task.New{Text: "anna's", Assignee: anna}, task.New{Text: "nobody's"})
		k.add(secret, task.New{Text: "out of sight", Assignee: ben})
		var all []string
		var behind *task.Place
		for range 4 {
			list, err := k.Mine(as(ben), behind, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range list {
				if one.Subject != "Lamp" || one.AssigneeName != "Ben" {
					t.Fatalf("task = %+v", one)
				}
				due := conversation.Never
				if !one.DueAt.IsZero() {
					due = one.DueAt.UnixMilli()
				}
				behind = &task.Place{DueAt: due, ID: one.ID}
			}
			all = append(all, texts(list)...)
		}
		if want := []string{"late", "tomorrow", "some day"}; !slices.Equal(all, want) {
			t.Fatalf("mine = %q, want %q", all, want)
		}
		if n, err := k.Count(as(ben)); err != nil || n != (task.Counts{Open: 3, Overdue: 1}) {
			t.Fatalf("%+v, %v", n, err)
		}
	})
}

func TestATaskIsDoneAndOpenAgainAndDeleted(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.conversation(1)
		made := k.add(id, task.New{Text: "  Call \n the courier ", Assignee: anna})
		yes, no := true, false
		done, err := k.Update(as(ben), made[0].ID, task.Change{Done: &yes})
		if err != nil || done.Text != "Call the courier" || !done.DoneAt.Equal(noon) || done.DoneBy != ben {
			t.Fatalf("%+v, %v", done, err)
		}
		if n, err := k.Count(as(anna)); err != nil || n.Open != 0 {
			t.Fatalf("%+v, %v", n, err)
		}
		if again, err := k.Update(as(anna), made[0].ID, task.Change{Done: &no}); err != nil || !again.DoneAt.IsZero() {
			t.Fatalf("%+v, %v", again, err)
		}
		if err := k.Delete(as(anna), made[0].ID); err != nil {
			t.Fatal(err)
		}
		if list, err := k.Of(as(anna), id); err != nil || len(list) != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
	})
}

func TestAChecklistIsMadeWholeOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.conversation(1)
		for name, bad := range map[string]task.New{
			"empty": {Text: " \n"}, "long": {Text: strings.Repeat("ж", 501)}, "nobody": {Text: "x", Assignee: 99}, "far": {Text: "x", DueAt: noon.AddDate(6, 0, 0)},
		} {
			var e *errs.Error
			if _, err := k.Add(as(anna), id, []task.New{{Text: "first"}, bad}, nil); !errors.As(err, &e) || len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Location, "tasks[1]") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, err := k.Of(as(anna), id); err != nil || len(list) != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
	})
}

func TestTasksOfWhatIsOutOfSightAreNotThere(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.conversation(2)
		made := k.add(id, task.New{Text: "x"})
		text := "y"
		if _, err := k.Of(as(ben), id); !errs.Is(err, errs.NotFound) {
			t.Errorf("read: %v", err)
		}
		if _, err := k.Update(as(ben), made[0].ID, task.Change{Text: &text}); !errs.Is(err, errs.NotFound) {
			t.Errorf("changed: %v", err)
		}
		if err := k.Delete(as(ben), made[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestTasksAreShownWhereAMergeWent(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		one, two := k.conversation(1), k.conversation(1)
		k.add(one, task.New{Text: "stay"})
		k.add(two, task.New{Text: "come"})
		if _, err := k.Conversations.Merge(as(anna), one, []int64{two}, nil); err != nil {
			t.Fatal(err)
		}
		if list, err := k.Of(as(anna), one); err != nil || !slices.Equal(texts(list), []string{"stay", "come"}) {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := k.Conversations.Unmerge(as(anna), two); err != nil {
			t.Fatal(err)
		}
		if list, err := k.Of(as(anna), two); err != nil || !slices.Equal(texts(list), []string{"come"}) {
			t.Fatalf("%+v, %v", list, err)
		}
	})
}

func TestNoTaskHoldsACardNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		made := k.add(k.conversation(1), task.New{Text: "Refund to 4111 1111 1111 1111"})
		if strings.Contains(made[0].Text, "4111 1111") {
			t.Fatalf("text = %q", made[0].Text)
		}
	})
}
