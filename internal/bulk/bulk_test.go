package bulk_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/reply"
)

const anna, ben = 1, 2

type desk struct {
	*bulk.Service
	t     *testing.T
	talks *conversation.Service
	now   time.Time
	// brings is what a saved reply has beside its text.
	brings func(*bulk.Filled)
}

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d)) })
}

func actor(agent int64) *access.Actor {
	may := map[access.Permission]bool{}
	for _, p := range access.All {
		may[p] = true
	}
	return &access.Actor{AgentID: agent, Name: "Anna Linden", Permissions: may, Scope: access.Scope{Agent: agent, Inboxes: map[int64]access.Level{1: access.Any}}}
}

func as(agent int64) context.Context { return access.With(context.Background(), actor(agent)) }

func newDesk(t *testing.T, d *db.DB) *desk {
	k := &desk{t: t, now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return k.now }
	feed := &event.Feed{Now: now}
	people := &customer.Service{DB: d, Feed: feed, Now: now}
	jobs := &job.Queue{DB: d, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	k.talks = &conversation.Service{DB: d, Feed: feed, Now: now, Customers: people, Jobs: jobs,
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example", AfterReply: conversation.Pending}, nil
		}}
	replies := &reply.Service{DB: d, Now: now, Conversations: k.talks, Customers: people,
		Inbox: func(context.Context, int64) (reply.InboxFacts, error) { return reply.InboxFacts{Name: "Support"}, nil }}
	k.Service = &bulk.Service{DB: d, Now: now, Jobs: jobs, Conversations: k.talks,
		Agent: func(_ context.Context, id int64) (*access.Actor, error) { return actor(id), nil },
		Fill: func(ctx context.Context, r bulk.Reply, id int64) (bulk.Filled, error) {
			f, err := replies.Preview(ctx, r.HTML, id, "")
			out := bulk.Filled{HTML: f.HTML, Text: f.Text, Missing: f.Missing}
			if k.brings != nil {
				k.brings(&out)
			}
			return out, err
		}}
	k.write(`INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)`,
		"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
		"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (2, 1, 'email', 'B', 'other@shop.example', 0)",
		"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
		"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'anna@shop.example', 'Anna Linden', 1, 0)",
		"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (2, 'ben@shop.example', 'Ben', 1, 0)")
	return k
}

func (k *desk) write(texts ...string) {
	k.t.Helper()
	k.must(k.DB.Write(context.Background(), func(tx *db.Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) mail(inbox int64, name, address string) int64 {
	k.t.Helper()
	var r conversation.Received
	k.must(k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = k.talks.ReceiveTx(context.Background(), tx, conversation.Inbound{Inbox: inbox, Channel: "email", At: k.now,
			From: conversation.Person{Name: name, Address: address}, Subject: "Parcel", Text: "Where is it?"})
		return err
	}))
	return r.Conversation
}

// run starts a run and works it off.
func (k *desk) run(w bulk.Work, ids ...int64) bulk.Run {
	k.t.Helper()
	r, err := k.Start(as(anna), ids, w, nil)
	k.must(err)
	return k.work(r.ID)
}

func (k *desk) work(id int64) bulk.Run {
	k.t.Helper()
	_, err := k.Jobs.RunOnce(context.Background(), k.Kind())
	k.must(err)
	r, err := k.Get(as(anna), id)
	k.must(err)
	return r
}

func (k *desk) failures(run int64) map[int64]string {
	k.t.Helper()
	list, err := k.Items(as(anna), run, bulk.Failed, 0, 100)
	k.must(err)
	out := map[int64]string{}
	for _, it := range list {
		out[it.Conversation] = it.Error
	}
	return out
}

func (k *desk) at(id int64) conversation.Conversation {
	k.t.Helper()
	c, err := k.talks.Get(access.With(context.Background(), access.System), id)
	k.must(err)
	return c
}

func ptr[T any](v T) *T { return &v }

func TestOneThatFailsStopsNoOther(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, hidden, last := k.mail(1, "A", "a@x.example"), k.mail(2, "B", "b@x.example"), k.mail(1, "C", "c@x.example")
		r := k.run(bulk.Work{Change: &conversation.ChangeBody{Status: ptr("closed"), AddTags: []string{"done"}}}, last, hidden, first, first)
		if r.State != bulk.Done || r.Total != 3 || r.Counts[bulk.Changed] != 2 || r.Counts[bulk.Failed] != 1 || r.FinishedAt.IsZero() {
			t.Errorf("%+v", r)
		}
		if k.at(first).Status != conversation.Closed || k.at(last).Status != conversation.Closed || k.at(hidden).Status != conversation.Open {
			t.Error("the wrong ones were closed")
		}
		if f := k.failures(r.ID); f[hidden] != "There is no such conversation." {
			t.Errorf("why: %v", f)
		}
		if _, err := k.Get(as(ben), r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague read the run: %v", err)
		}
	})
}

func TestUndoPutsBackWhatNobodyHasChangedSince(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, second := k.mail(1, "A", "a@x.example"), k.mail(1, "B", "b@x.example")
		_, err := k.talks.Update(as(anna), first, conversation.Change{AddTags: []string{"vip"}})
		k.must(err)
		r := k.run(bulk.Work{Change: &conversation.ChangeBody{Priority: ptr("high"), AssigneeID: ptr(int64(ben)), AddTags: []string{"vip", "sale"}}}, first, second)
		_, err = k.talks.Update(as(anna), second, conversation.Change{Assignee: ptr(int64(anna))})
		k.must(err)
		if _, err := k.Undo(as(ben), r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague took it back: %v", err)
		}
		_, err = k.Undo(as(anna), r.ID)
		k.must(err)
		if r = k.work(r.ID); r.State != bulk.Undone || r.Counts[bulk.Back] != 2 {
			t.Errorf("%+v", r)
		}
		a, b := k.at(first), k.at(second)
		if a.Priority != conversation.Normal || a.Assignee != 0 || b.Priority != conversation.Normal || b.Assignee != anna {
			t.Errorf("%+v\n%+v", a, b)
		}
		tags, err := k.talks.TagNames(as(anna), first)
		if err != nil || strings.Join(tags, ",") != "vip" {
			t.Errorf("tags %v, %v: the one that was there before must stay", tags, err)
		}
		again, err := k.Undo(as(anna), r.ID)
		if err != nil || again.State != bulk.Undone {
			t.Errorf("undone twice: %+v, %v", again, err)
		}
	})
}

func TestFieldsOfManyAreChangedAndPutBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		set := field.Set{{Key: "reason", Label: "Reason", Kind: field.Choice, Choices: []string{"Late", "Lost"}}, {Key: "amount", Label: "Amount", Kind: field.Number}}
		k.talks.Fields = func(context.Context, db.Queryer) (field.Set, error) { return set, nil }
		first, second, hidden := k.mail(1, "A", "a@x.example"), k.mail(1, "B", "b@x.example"), k.mail(2, "C", "c@x.example")
		_, err := k.talks.Update(as(anna), first, conversation.Change{Fields: map[string]any{"reason": "Lost"}})
		k.must(err)
		r := k.run(bulk.Work{Change: &conversation.ChangeBody{CustomFields: map[string]any{"reason": "Late", "amount": 12.5}}}, first, second, hidden)
		if r.Counts[bulk.Changed] != 2 || k.failures(r.ID)[hidden] == "" {
			t.Fatalf("%+v", r)
		}
		for _, id := range []int64{first, second} {
			if diff := cmp.Diff(map[string]any{"reason": "Late", "amount": 12.5}, k.values(id)); diff != "" {
				t.Errorf("%d: %s", id, diff)
			}
		}
		_, err = k.talks.Update(as(ben), second, conversation.Change{Fields: map[string]any{"amount": 20.0}})
		k.must(err)
		_, err = k.Undo(as(anna), r.ID)
		k.must(err)
		if r = k.work(r.ID); r.Counts[bulk.Back] != 2 {
			t.Fatalf("%+v", r)
		}
		if diff := cmp.Diff(map[string]any{"reason": "Lost"}, k.values(first)); diff != "" {
			t.Errorf("what was there before: %s", diff)
		}
		if diff := cmp.Diff(map[string]any{"amount": 20.0}, k.values(second)); diff != "" {
			t.Errorf("what somebody has changed since: %s", diff)
		}
		r = k.run(bulk.Work{Change: &conversation.ChangeBody{CustomFields: map[string]any{"reason": "Purple"}}}, first)
		if why := k.failures(r.ID)[first]; !strings.Contains(why, "Reason") {
			t.Errorf("why: %q", why)
		}
	})
}

func (k *desk) values(id int64) map[string]any {
	k.t.Helper()
	v, err := k.talks.FieldValues(as(anna), k.DB, id)
	k.must(err)
	return v
}

func TestAReplyIsFilledInForEachAndWhatCannotBeSentIsSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		eva, nameless, drafted, newer := k.mail(1, "Eva Berg", "eva@x.example"), k.mail(1, "", "n@x.example"), k.mail(1, "Dora", "d@x.example"), k.mail(1, "Nia", "nia@x.example")
		_, err := k.talks.SaveDraft(as(anna), drafted, conversation.Draft{Text: "My own words"}, 0)
		k.must(err)
		r, err := k.Start(as(anna), []int64{eva, nameless, drafted, newer}, bulk.Work{Reply: &bulk.Reply{HTML: "<p>Dear {{ customer.first_name }}, it is late.</p>", Undo: 30},
			Change: &conversation.ChangeBody{Status: ptr("closed")}}, nil)
		k.must(err)
		_, err = k.talks.Note(as(ben), newer, conversation.NewNote{Text: "I am on it"}, nil)
		k.must(err)
		r = k.work(r.ID)
		f := k.failures(r.ID)
		if r.Counts[bulk.Changed] != 1 || len(f) != 3 {
			t.Fatalf("%+v, %v", r, f)
		}
		if f[nameless] != "customer.first_name has no value for this customer." || !strings.HasPrefix(f[drafted], "You have a draft") || !strings.HasPrefix(f[newer], "Your reply was stopped") {
			t.Errorf("why: %v", f)
		}
		list, err := k.talks.Messages(as(anna), eva, 0, true, 5)
		k.must(err)
		sent := 0
		for _, m := range list {
			if m.Kind == conversation.KindOutbound {
				sent++
				if m.Text != "Dear Eva, it is late." {
					t.Errorf("she gets %q", m.Text)
				}
			}
		}
		if sent != 1 || k.at(eva).Status != conversation.Closed {
			t.Errorf("%d sent, status %s", sent, k.at(eva).Status)
		}
		if d, err := k.talks.Draft(as(anna), drafted); err != nil || d.Text != "My own words" {
			t.Errorf("the draft is %+v, %v", d, err)
		}
		// What stops in the middle and begins again sends nothing twice.
		k.write("UPDATE bulk_run SET state = 'running'")
		k.must(k.Again(r.ID))
		if again := k.work(r.ID); again.Counts[bulk.Changed] != 1 {
			t.Errorf("%+v", again)
		}
		if list, err = k.talks.Messages(as(anna), eva, 0, true, 5); err != nil || countOut(list) != 1 {
			t.Errorf("%d were sent", countOut(list))
		}
		_, err = k.Undo(as(anna), r.ID)
		k.must(err)
		if r = k.work(r.ID); r.Counts[bulk.Back] != 1 || k.at(eva).Status != conversation.Open {
			t.Errorf("%+v, %s", r, k.at(eva).Status)
		}
		if _, err := k.talks.Draft(as(anna), eva); !errs.Is(err, errs.NotFound) {
			t.Errorf("a draft stayed behind: %v", err)
		}
	})
}

func countOut(list []conversation.Message) (n int) {
	for _, m := range list {
		if m.Kind == conversation.KindOutbound {
			n++
		}
	}
	return n
}

func TestUndoStopsARunThatIsNotThrough(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.mail(1, "A", "a@x.example")
		r, err := k.Start(as(anna), []int64{id}, bulk.Work{Change: &conversation.ChangeBody{Status: ptr("closed")}}, nil)
		k.must(err)
		_, err = k.Undo(as(anna), r.ID)
		k.must(err)
		if r = k.work(r.ID); r.State != bulk.Undone || k.at(id).Status != conversation.Open {
			t.Errorf("%+v, %s", r, k.at(id).Status)
		}
	})
}

func TestWorkThatMakesNoSenseIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		closed := &conversation.ChangeBody{Status: ptr("closed")}
		for name, one := range map[string]struct {
			ids []int64
			w   bulk.Work
		}{
			"nobody": {nil, bulk.Work{Change: closed}}, "nothing": {[]int64{1}, bulk.Work{}}, "too many": {make([]int64, 1), bulk.Work{Reply: &bulk.Reply{}}},
			"a version": {[]int64{1}, bulk.Work{Change: &conversation.ChangeBody{Version: ptr(int64(1))}}},
		} {
			if _, err := k.Start(as(anna), one.ids, one.w, nil); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		light := actor(anna)
		light.Permissions = map[access.Permission]bool{access.ConversationsRead: true}
		if _, err := k.Start(access.With(context.Background(), light), []int64{1}, bulk.Work{Change: closed}, nil); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a light agent: %v", err)
		}
	})
}

func TestOldRunsAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.run(bulk.Work{Change: &conversation.ChangeBody{Status: ptr("closed")}}, k.mail(1, "A", "a@x.example"))
		if n, err := bulk.Prune(context.Background(), k.DB, k.now.AddDate(0, 0, 29), 10); n != 0 || err != nil {
			t.Error(n, err)
		}
		if n, err := bulk.Prune(context.Background(), k.DB, k.now.AddDate(0, 0, 31), 10); n != 1 || err != nil {
			t.Error(n, err)
		}
		if _, err := k.Get(as(anna), r.ID); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
	})
}
