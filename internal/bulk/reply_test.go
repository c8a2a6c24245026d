package bulk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/task"
)

// savedReply lets the replies of the desk bring a change, a note and tasks.
func (k *desk) savedReply(tasks *task.Service, texts ...string) {
	var wanted []task.New
	for _, text := range texts {
		wanted = append(wanted, task.New{Text: text})
	}
	k.brings = func(f *bulk.Filled) {
		f.Change = &conversation.ChangeBody{Priority: ptr("high"), AddTags: []string{"late", "vip"}, RemoveTags: []string{"new"}, Status: ptr("closed")}
		f.Note = "Told about the delay."
		f.Give = func(ctx context.Context, tx *db.Tx, id int64) (ids []int64, err error) {
			made, err := tasks.GiveTx(ctx, tx, id, wanted)
			for _, one := range made {
				ids = append(ids, one.ID)
			}
			return ids, err
		}
	}
	k.TakeBack = tasks.TakeBack
}

func (k *desk) tasks() *task.Service {
	return &task.Service{DB: k.DB, Feed: k.talks.Feed, Conversations: k.talks, Now: func() time.Time { return k.now }}
}

// has counts the messages of a kind, and the open tasks by their words.
func (k *desk) has(id int64, kind conversation.Kind) (n int, open []string) {
	k.t.Helper()
	list, err := k.talks.Messages(as(anna), id, 0, true, 50)
	k.must(err)
	for _, m := range list {
		if m.Kind == kind {
			n++
		}
	}
	all, err := k.tasks().Of(as(anna), id)
	k.must(err)
	for _, one := range all {
		open = append(open, one.Text)
	}
	return n, open
}

func (k *desk) tagNames(id int64) string {
	k.t.Helper()
	names, err := k.talks.TagNames(as(anna), id)
	k.must(err)
	slices.Sort(names)
	return strings.Join(names, ",")
}

func TestWhatASavedReplyBringsIsGivenToEachOnceAndTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		tasks := k.tasks()
		k.savedReply(tasks, "Ask the courier", "Call back")
		first, second := k.mail(1, "Eva", "eva@x.example"), k.mail(1, "Joe", "joe@x.example")
		_, err := k.talks.Update(as(anna), first, conversation.Change{AddTags: []string{"new", "vip"}})
		k.must(err)
		_, err = tasks.Add(as(anna), second, []task.New{{Text: "Call back"}}, nil)
		k.must(err)
		r := k.run(bulk.Work{Reply: &bulk.Reply{HTML: "<p>It is late.</p>", Undo: 30}, Change: &conversation.ChangeBody{Status: ptr("pending")}}, first, second)
		if r.Counts[bulk.Changed] != 2 {
			t.Fatalf("%+v, %v", r, k.failures(r.ID))
		}
		for id, want := range map[int64][]string{first: {"Ask the courier", "Call back"}, second: {"Call back", "Ask the courier"}} {
			notes, open := k.has(id, conversation.KindNote)
			c := k.at(id)
			if notes != 1 || !slices.Equal(open, want) || c.Priority != conversation.High || c.Status != conversation.Pending || k.tagNames(id) != "late,vip" {
				t.Errorf("%d: %d notes, %q, %s, %s, %s", id, notes, open, c.Priority, c.Status, k.tagNames(id))
			}
		}
		// What stops behind the last one and begins again gives nothing twice.
		k.write("UPDATE bulk_run SET state = 'running'")
		k.must(k.Again(r.ID))
		k.work(r.ID)
		if notes, open := k.has(first, conversation.KindNote); notes != 1 || len(open) != 2 {
			t.Errorf("a second time: %d notes, %q", notes, open)
		}
		if n, _ := k.has(first, conversation.KindOutbound); n != 1 {
			t.Errorf("%d were sent", n)
		}

		done := true
		all, err := tasks.Of(as(anna), first)
		k.must(err)
		_, err = tasks.Update(as(anna), all[0].ID, task.Change{Done: &done})
		k.must(err)
		_, err = k.Undo(as(anna), r.ID)
		k.must(err)
		if r = k.work(r.ID); r.Counts[bulk.Back] != 2 {
			t.Fatalf("%+v", r)
		}
		for id, want := range map[int64][]string{first: {"Ask the courier"}, second: {"Call back"}} {
			_, left := k.has(id, conversation.KindNote)
			c := k.at(id)
			if !slices.Equal(left, want) || c.Priority != conversation.Normal || c.Status != conversation.Open {
				t.Errorf("%d after undo: %q, %s, %s", id, left, c.Priority, c.Status)
			}
		}
		if got := k.tagNames(first) + " " + k.tagNames(second); got != "new,vip " {
			t.Errorf("tags after undo: %q", got)
		}
	})
}

func TestWhereTheTasksDoNotFitNothingIsSent(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.savedReply(k.tasks(), strings.Repeat("x", 501))
		id := k.mail(1, "Eva", "eva@x.example")
		r := k.run(bulk.Work{Reply: &bulk.Reply{HTML: "<p>It is late.</p>"}}, id)
		if f := k.failures(r.ID); f[id] != "A task has at most 500 characters." {
			t.Errorf("why: %v", f)
		}
		notes, open := k.has(id, conversation.KindNote)
		if n, _ := k.has(id, conversation.KindOutbound); n+notes+len(open) != 0 || k.at(id).Status != conversation.Open {
			t.Errorf("%d sent, %d notes, %q", n, notes, open)
		}
	})
}

func TestAnItemThatCouldNotBeGivenItsTasksIsTriedAgainWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id := k.mail(1, "Eva", "eva@x.example")
		away := true
		k.brings = func(f *bulk.Filled) {
			f.Note = "Told."
			f.Give = func(context.Context, *db.Tx, int64) ([]int64, error) {
				if away {
					return nil, errors.New("the database is away")
				}
				return nil, nil
			}
		}
		r := k.run(bulk.Work{Reply: &bulk.Reply{HTML: "<p>It is late.</p>"}}, id)
		if n, _ := k.has(id, conversation.KindOutbound); n != 0 || r.State != bulk.Running {
			t.Fatalf("%d sent, the run is %s", n, r.State)
		}
		away, k.now = false, k.now.Add(time.Hour)
		if r = k.work(r.ID); r.Counts[bulk.Changed] != 1 {
			t.Errorf("%+v", r)
		}
		notes, _ := k.has(id, conversation.KindNote)
		if n, _ := k.has(id, conversation.KindOutbound); n != 1 || notes != 1 {
			t.Errorf("%d sent, %d notes", n, notes)
		}
	})
}

func TestAReplyThatWasTakenBackByHandKeepsItsDraft(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.savedReply(k.tasks(), "Call back")
		id := k.mail(1, "Eva", "eva@x.example")
		r := k.run(bulk.Work{Reply: &bulk.Reply{HTML: "<p>It is late.</p>", Undo: 30}}, id)
		list, err := k.Items(as(anna), r.ID, "", 0, 10)
		k.must(err)
		_, err = k.talks.Undo(as(anna), list[0].Message)
		k.must(err)
		_, err = k.Undo(as(anna), r.ID)
		k.must(err)
		if r = k.work(r.ID); r.Counts[bulk.Back] != 1 {
			t.Errorf("%+v", r)
		}
		if _, open := k.has(id, conversation.KindNote); len(open) != 0 {
			t.Errorf("its tasks stayed: %q", open)
		}
		if d, err := k.talks.Draft(as(anna), id); err != nil || d.Text != "It is late." {
			t.Errorf("the draft is %q, %v", d.Text, err)
		}
	})
}
