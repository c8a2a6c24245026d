package notification_test

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

const anna, ben, cleo, gone = 1, 2, 3, 4

type desk struct {
	*notification.Service
	t     *testing.T
	talks *conversation.Service
	now   time.Time
	rung  []int64
	sent  *mailbox
}

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d)) })
}

// actor sees inbox 1; Cleo sees only what is hers.
func actor(agent int64) *access.Actor {
	may := map[access.Permission]bool{}
	for _, p := range access.All {
		may[p] = true
	}
	level := access.Any
	if agent == cleo {
		level = access.Own
	}
	return &access.Actor{AgentID: agent, SessionID: agent, Name: map[int64]string{anna: "Anna", ben: "Ben", cleo: "Cleo"}[agent], Locale: "en",
		Email: map[int64]string{anna: "anna@shop.example", ben: "ben@shop.example", cleo: "cleo@shop.example"}[agent], Permissions: may,
		Scope: access.Scope{Agent: agent, Inboxes: map[int64]access.Level{1: level}}}
}

func as(agent int64) context.Context { return access.With(context.Background(), actor(agent)) }

func newDesk(t *testing.T, d *db.DB) *desk {
	k := &desk{t: t, now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return k.now }
	k.Service = &notification.Service{DB: d, Now: now, Changed: func(agent int64) { k.rung = append(k.rung, agent) }}
	feed := &event.Feed{Now: now, Reactions: k.Reactions()}
	k.sent = &mailbox{}
	k.MailDelay = 2 * time.Minute
	keys, err := secret.Parse(secret.NewKey())
	k.must(err)
	k.Log, k.Secrets = slog.New(slog.DiscardHandler), keys
	k.Agent, k.Mail, k.Marks, k.PublicURL = func(_ context.Context, id int64) (*access.Actor, error) {
		if id == gone {
			return nil, errs.New(errs.NotFound, "gone")
		}
		return actor(id), nil
	}, k.sent, keys, "https://desk.shop.example"
	k.Inbox = func(context.Context, db.Queryer, int64) (notification.Door, bool, error) {
		return notification.Door{Address: "help@shop.example", Name: "Shop", Plus: k.sent.plus}, true, nil
	}
	jobs := &job.Queue{DB: d, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	k.Jobs = jobs
	k.talks = &conversation.Service{DB: d, Feed: feed, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now}, Jobs: jobs,
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example", AfterReply: conversation.Pending}, nil
		}}
	k.write(`INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)`,
		"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
		"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
		"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'anna@shop.example', 'Anna', 1, 0), (2, 'ben@shop.example', 'Ben', 1, 0), (3, 'cleo@shop.example', 'Cleo', 1, 0)",
		"INSERT INTO agent (id, email, name, role_id, active, created_at) VALUES (4, 'gone@shop.example', 'Gone', 1, FALSE, 0)",
		"INSERT INTO team (id, name, created_at) VALUES (1, 'Orders', 0)",
		"INSERT INTO team_member (team_id, agent_id) VALUES (1, 1), (1, 2), (1, 3), (1, 4)")
	return k
}

func (k *desk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
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

func (k *desk) mail(change func(in *conversation.Inbound)) conversation.Received {
	k.t.Helper()
	k.now = k.now.Add(time.Minute)
	in := conversation.Inbound{Inbox: 1, Channel: "email", At: k.now, From: conversation.Person{Name: "Eva", Address: "eva@x.example"}, Subject: "Parcel", Text: "Where is it?"}
	if change != nil {
		change(&in)
	}
	var r conversation.Received
	k.must(k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = k.talks.ReceiveTx(context.Background(), tx, in)
		return err
	}))
	return r
}

// thread is a conversation, and how its customer writes into it again.
func (k *desk) thread() (id int64, again func(text string) conversation.Received) {
	k.t.Helper()
	first := k.mail(func(in *conversation.Inbound) { in.RFCID, in.ThreadIDs = "one@x.example", []string{"one@x.example"} })
	return first.Conversation, func(text string) conversation.Received {
		k.t.Helper()
		r := k.mail(func(in *conversation.Inbound) { in.Text, in.ThreadIDs = text, []string{"one@x.example"} })
		if r.Conversation != first.Conversation {
			k.t.Fatalf("it went to %d", r.Conversation)
		}
		return r
	}
}

func (k *desk) assign(by, id, to int64) {
	k.t.Helper()
	_, err := k.talks.Update(as(by), id, conversation.Change{Assignee: &to})
	k.must(err)
}

func (k *desk) reply(by, id int64) conversation.Message {
	k.t.Helper()
	m, err := k.talks.Reply(as(by), id, conversation.NewReply{Text: "On its way"}, nil)
	k.must(err)
	return m
}

// unread are the kinds that an agent has not read, newest first.
func (k *desk) unread(agent int64) (kinds []notification.Kind) {
	k.t.Helper()
	all, err := k.List(as(agent), true, nil, 50)
	k.must(err)
	for _, n := range all {
		kinds = append(kinds, n.Kind)
	}
	if n, err := k.Unread(as(agent)); err != nil || n != int64(len(all)) {
		k.t.Errorf("%d are counted, %v, and %d listed", n, err, len(all))
	}
	return kinds
}

func (k *desk) wants(agent int64, kinds ...notification.Kind) {
	k.t.Helper()
	if got := k.unread(agent); !slices.Equal(got, kinds) {
		k.t.Errorf("agent %d has %v, not %v", agent, got, kinds)
	}
}

func TestWhoIsMentionedHearsOfItAlsoInATeamButNeverTheAuthor(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		_, err := k.talks.Note(as(anna), id, conversation.NewNote{Text: "@Cleo please look", Mentions: []int64{anna, cleo}}, nil)
		k.must(err)
		k.wants(anna)
		k.wants(ben)
		k.wants(cleo, notification.Mention)
		_, err = k.talks.Note(as(anna), id, conversation.NewNote{Text: "@Orders too", Mentions: []int64{cleo}, Teams: []int64{1}}, nil)
		k.must(err)
		k.wants(anna)
		k.wants(ben, notification.Mention)
		list, err := k.List(as(cleo), false, nil, 50)
		k.must(err)
		if n := list[0]; len(list) != 1 || n.Times != 2 || n.ActorName != "Anna" || n.Subject != "Parcel" || n.Text != "@Orders too" || n.Conversation != id {
			t.Errorf("%+v", list)
		}
		if _, err := k.talks.Note(as(anna), id, conversation.NewNote{Text: "x", Teams: []int64{9}}, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("a team that is not there: %v", err)
		}
	})
}

func TestAnAssignmentBySomebodyElseIsToldUntilItIsTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.assign(anna, id, anna)
		k.wants(anna)
		k.assign(anna, id, ben)
		k.wants(ben, notification.Assigned)
		k.assign(anna, id, cleo)
		k.wants(ben)
		k.wants(cleo, notification.Assigned)
		to := int64(ben)
		_, err := k.talks.Reply(as(anna), id, conversation.NewReply{Text: "Ben helps you", Then: &conversation.Change{Assignee: &to}}, nil)
		k.must(err)
		k.wants(cleo)
		k.wants(ben, notification.Assigned)
	})
}

func TestTheCustomersAnswerIsToldToAssigneeAndFollowersOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, anna)
		k.must(k.talks.Follow(as(ben), id, true))
		k.rung = nil
		again("Hello?")
		again("Is anybody there?")
		k.wants(anna, notification.CustomerReply)
		k.wants(ben, notification.CustomerReply)
		k.wants(cleo)
		if !slices.Equal(k.rung, []int64{anna, ben, anna, ben}) {
			t.Errorf("%v were rung", k.rung)
		}
		list, err := k.List(as(anna), true, nil, 50)
		k.must(err)
		if n := list[0]; n.Times != 2 || n.ActorType != "customer" || n.ActorName != "Eva" || n.Text != "Is anybody there?" || !n.At.Equal(k.now) {
			t.Errorf("%+v", n)
		}
		k.must(k.MarkRead(as(ben), []int64{list[0].ID}))
		k.wants(anna, notification.CustomerReply) // it is not Ben's
		k.must(k.MarkRead(as(anna), []int64{list[0].ID}))
		k.wants(anna)
		again("Once more")
		k.wants(anna, notification.CustomerReply)
	})
}

func TestMachinesHistoryAndSpamAreNoAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.assign(anna, id, anna)
		in := func(change func(in *conversation.Inbound)) {
			k.mail(func(in *conversation.Inbound) { in.ThreadIDs = []string{"one@x.example"}; change(in) })
		}
		in(func(in *conversation.Inbound) { in.Automatic = true })
		in(func(in *conversation.Inbound) { in.History = true })
		spam := "spam"
		_, err := k.talks.Update(as(anna), id, conversation.Change{Status: (*conversation.Status)(&spam)})
		k.must(err)
		in(func(*conversation.Inbound) {})
		k.wants(anna)
	})
}

func TestAReplyThatFailsOrIsStoppedIsToldToItsAuthor(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		m := k.reply(ben, id)
		fail := func() {
			k.must(k.DB.Write(context.Background(), func(tx *db.Tx) error {
				return k.talks.SetDeliveryTx(context.Background(), tx, m.ID, conversation.Delivery{State: conversation.Failed, Error: "no such address"})
			}))
		}
		fail()
		k.wants(ben, notification.ReplyFailed)
		_, err := k.talks.Retry(as(anna), m.ID)
		k.must(err)
		k.wants(ben)
		seen := m.ID
		again("Wait")
		k.must(k.MarkAllRead(as(ben), k.now))
		_, err = k.talks.Reply(as(ben), id, conversation.NewReply{Text: "It is late", LastSeen: &seen}, nil)
		if !errs.Is(err, errs.Conflict) {
			t.Fatalf("it was not stopped: %v", err)
		}
		k.wants(ben, notification.ReplyHeld)
		k.wants(anna)
	})
}

func TestAReplyForLaterThatTheCustomerWasFasterThanIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		_, err := k.talks.Reply(as(ben), id, conversation.NewReply{Text: "Tomorrow", SendAt: k.now.Add(24 * time.Hour)}, nil)
		k.must(err)
		again("Forget it")
		if got := k.unread(ben); !slices.Contains(got, notification.ReplyHeld) {
			t.Errorf("%v", got)
		}
	})
}

func TestWhoReadsTheConversationHasReadWhatItTold(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, ben)
		first := again("One")
		k.wants(ben, notification.CustomerReply, notification.Assigned)
		k.must(k.talks.MarkRead(as(anna), id, 0))
		k.wants(ben, notification.CustomerReply, notification.Assigned)
		k.must(k.talks.MarkRead(as(ben), id, first.Message-1))
		k.wants(ben, notification.CustomerReply)
		k.must(k.talks.MarkRead(as(ben), id, 0))
		k.wants(ben)
		again("Two")
		k.wants(ben, notification.CustomerReply)
		k.reply(ben, id)
		k.wants(ben)
		if list, err := k.List(as(ben), false, nil, 50); err != nil || len(list) != 3 || list[0].ReadAt.IsZero() {
			t.Errorf("%+v, %v: what was read stays in the list", list, err)
		}
	})
}

func TestWhatCannotBeSeenAnyMoreIsNeitherListedNorCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, cleo)
		again("Hello?")
		k.wants(cleo, notification.CustomerReply, notification.Assigned)
		k.assign(anna, id, anna)
		k.wants(cleo)
		if list, err := k.List(as(cleo), false, nil, 50); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := k.List(access.With(context.Background(), access.System), false, nil, 50); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the program itself: %v", err)
		}
	})
}

func TestWhatAnAgentDoesNotWantToHearIsNotTold(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		off, on := false, true
		list, err := k.SetSettings(as(ben), []notification.SettingChange{{Kind: notification.Assigned, App: &off}})
		k.must(err)
		if len(list) != len(notification.Kinds) || slices.ContainsFunc(list, func(s notification.Setting) bool { return s.App == (s.Kind == notification.Assigned) }) {
			t.Errorf("%+v", list)
		}
		k.assign(anna, id, ben)
		k.wants(ben)
		again("Hello?")
		k.wants(ben, notification.CustomerReply)
		_, err = k.SetSettings(as(ben), []notification.SettingChange{{Kind: notification.Assigned, App: &on}})
		k.must(err)
		k.assign(anna, id, anna)
		k.assign(anna, id, ben)
		k.wants(ben, notification.Assigned, notification.CustomerReply)
		if _, err := k.SetSettings(as(ben), []notification.SettingChange{{Kind: "weather"}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown kind: %v", err)
		}
		key := actor(ben)
		key.SessionID = 0
		if _, err := k.SetSettings(access.With(context.Background(), key), nil); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a key: %v", err)
		}
	})
}

func TestAMergeTakesWhatIsUnreadAlong(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		into, other := k.mail(nil).Conversation, k.mail(nil).Conversation
		k.assign(anna, other, ben)
		_, err := k.talks.Note(as(anna), other, conversation.NewNote{Text: "@Cleo", Mentions: []int64{cleo}}, nil)
		k.must(err)
		_, err = k.talks.Merge(as(anna), into, []int64{other}, nil)
		k.must(err)
		for _, agent := range []int64{ben, cleo} {
			list, err := k.List(as(agent), true, nil, 50)
			k.must(err)
			if len(list) != 1 || list[0].Conversation != into {
				t.Errorf("%+v", list)
			}
		}
	})
}

func TestTheListGoesOnWhereThePageEndedAndAllIsReadUpToAMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		for range 5 {
			k.assign(anna, k.mail(nil).Conversation, ben)
		}
		var got []int64
		var behind *notification.Place
		for {
			page, err := k.List(as(ben), false, behind, 2)
			k.must(err)
			if len(page) == 0 {
				break
			}
			for _, n := range page {
				got = append(got, n.ID)
				behind = &notification.Place{At: n.At, ID: n.ID}
			}
		}
		if len(got) != 5 || !slices.IsSortedFunc(got, func(a, b int64) int { return int(b - a) }) {
			t.Errorf("%v", got)
		}
		k.must(k.MarkAllRead(as(ben), k.now.Add(-time.Minute)))
		k.wants(ben, notification.Assigned)
		k.must(k.MarkAllRead(as(ben), k.now))
		k.wants(ben)
	})
}

func TestOldNotificationsAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.assign(anna, id, ben)
		if n, err := notification.Prune(context.Background(), k.DB, k.now.Add(notification.Kept), 10); n != 0 || err != nil {
			t.Error(n, err)
		}
		if n, err := notification.Prune(context.Background(), k.DB, k.now.Add(notification.Kept+time.Second), 10); n != 1 || err != nil {
			t.Error(n, err)
		}
		k.wants(ben)
	})
}

func TestTheAuthorOfASharedDraftHearsWhoTookItOver(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.must(k.talks.MarkRead(as(anna), id, 0))
		_, err := k.talks.SaveDraft(as(anna), id, conversation.Draft{Text: "We have begun", Shared: true}, 0)
		k.must(err)
		k.wants(anna)
		k.wants(ben)
		_, err = k.talks.TakeDraft(as(ben), id, anna)
		k.must(err)
		k.wants(ben)
		k.wants(anna, notification.DraftTaken)
		list, err := k.List(as(anna), true, nil, 50)
		k.must(err)
		if n := list[0]; n.ActorName != "Ben" || n.Conversation != id || n.Subject != "Parcel" {
			t.Errorf("%+v", n)
		}
		off := false
		_, err = k.SetSettings(as(anna), []notification.SettingChange{{Kind: notification.DraftTaken, App: &off}})
		k.must(err)
		k.must(k.MarkAllRead(as(anna), k.now))
		_, err = k.talks.SaveDraft(as(anna), id, conversation.Draft{Text: "Another", Shared: true}, 0)
		k.must(err)
		_, err = k.talks.TakeDraft(as(ben), id, anna)
		k.must(err)
		k.wants(anna)
	})
}

func TestWhatIsToldOfOneConversationIsReadTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		one, _ := k.thread()
		k.assign(anna, one, ben)
		k.note(anna, one, "Ben, look", ben)
		other := k.mail(func(in *conversation.Inbound) { in.RFCID = "two@x.example" }).Conversation
		k.note(anna, other, "Ben and Cleo, look", ben, cleo)
		unread := func(agent int64) int64 {
			n, err := k.Unread(as(agent))
			k.must(err)
			return n
		}
		before := unread(ben)
		if before < 3 {
			t.Fatalf("%d are unread", before)
		}
		k.rung = nil
		k.must(k.MarkConversationRead(as(ben), one))
		if n := unread(ben); n != 1 {
			t.Errorf("%d are unread", n)
		}
		if !slices.Equal(k.rung, []int64{ben}) {
			t.Errorf("told %v", k.rung)
		}
		k.rung = nil
		k.must(k.MarkConversationRead(as(ben), one))
		k.must(k.MarkConversationRead(as(anna), other))
		if n := unread(ben); n != 1 || len(k.rung) != 0 {
			t.Errorf("%d are unread, told %v", n, k.rung)
		}
	})
}
