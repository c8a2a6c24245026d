package tone_test

import (
	"context"
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
	texttone "github.com/deskbell/deskbell/internal/text/tone"
	"github.com/deskbell/deskbell/internal/tone"
)

type desk struct {
	*tone.Service
	t   *testing.T
	now time.Time
}

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d)) })
}

func newDesk(t *testing.T, d *db.DB) *desk {
	k := &desk{t: t, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return k.now }
	feed := &event.Feed{Now: now}
	talks := &conversation.Service{DB: d, Feed: feed, Now: now, Customers: &customer.Service{DB: d, Feed: feed, Now: now},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example"}, nil
		}}
	k.Service = &tone.Service{DB: d, Now: now, Conversations: talks}
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, text := range []string{
			"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (2, 1, 'email', 'B', 'sales@shop.example', 0)",
			"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'anna@shop.example', 'Anna', 1, 0)",
		} {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// anna sees inbox 1 alone.
func anna() context.Context {
	return access.With(context.Background(), &access.Actor{AgentID: 1, Name: "Anna", Locale: "uk",
		Permissions: map[access.Permission]bool{access.ConversationsRead: true, access.ConversationsReply: true, access.RepliesManage: true},
		Scope:       access.Scope{Agent: 1, Inboxes: map[int64]access.Level{1: access.Any}}})
}

func (k *desk) mail(inbox int64, text string) int64 {
	k.t.Helper()
	var r conversation.Received
	err := k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = k.Conversations.ReceiveTx(context.Background(), tx, conversation.Inbound{Inbox: inbox, Channel: "email", At: k.now,
			From: conversation.Person{Name: "Eva", Address: "eva@x.example"}, Subject: text, Text: text})
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return r.Conversation
}

func avoid(word string) tone.Rule {
	return tone.Rule{Name: "No " + word, Strictness: tone.Hint, Enabled: true,
		Rule: texttone.Rule{Kind: texttone.Avoid, Terms: []texttone.Term{{Words: []string{word}}}}}
}

func (k *desk) make(r tone.Rule) tone.Rule {
	k.t.Helper()
	made, err := k.Create(anna(), r, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return made
}

func (k *desk) check(conversation int64, text string) (names []string) {
	k.t.Helper()
	found, err := k.Check(anna(), conversation, nil, text, "")
	if err != nil {
		k.t.Fatal(err)
	}
	for _, f := range found.Findings {
		names = append(names, f.Rule.Name)
	}
	return names
}

func (k *desk) names() (out []string) {
	k.t.Helper()
	all, err := k.Rules(anna())
	if err != nil {
		k.t.Fatal(err)
	}
	for _, r := range all {
		out = append(out, r.Name)
	}
	return out
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAReplyIsCheckedByTheRulesAsTheyAreNow(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		talk := k.mail(1, "Where is my parcel? I have waited for a week.")
		same(t, k.check(talk, "Cheap and problem"))
		first, second := k.make(avoid("cheap")), k.make(avoid("problem"))
		same(t, k.check(talk, "Cheap problems"), "No cheap", "No problem")
		off := false
		if _, err := k.Change(anna(), first.ID, 0, func(r *tone.Rule) { r.Enabled = off }); err != nil {
			t.Fatal(err)
		}
		same(t, k.check(talk, "Cheap problems"), "No problem")
		if err := k.Delete(anna(), second.ID); err != nil {
			t.Fatal(err)
		}
		same(t, k.check(talk, "Cheap problems"))
	})
}

func TestARuleOfAnInboxSaysNothingInAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		here, there := avoid("cheap"), avoid("problem")
		here.Inboxes, there.Inboxes = []int64{1, 1}, []int64{2}
		k.make(here)
		k.make(there)
		same(t, k.check(k.mail(1, "Hello"), "A cheap problem"), "No cheap")
		unknown := avoid("x")
		unknown.Inboxes = []int64{9}
		if _, err := k.Create(anna(), unknown, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("a rule for an inbox that is not there: %v", err)
		}
	})
}

func TestAnAngryCustomersMessageAsksForAnApology(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		if n, err := k.AddStarters(anna()); err != nil || n != 5 {
			t.Fatalf("%d rules: %v", n, err)
		}
		angry, calm := k.mail(1, "This is unacceptable! I want my money back!!"), k.mail(1, "When does it come?")
		same(t, k.check(angry, "Your parcel arrives tomorrow."), "Вибачення, коли покупець сердиться")
		same(t, k.check(angry, "We are sorry. Your parcel arrives tomorrow."))
		same(t, k.check(calm, "Your parcel arrives tomorrow."))
		found, err := k.Check(anna(), k.mail(1, "Bu tam bir rezalet!"), nil, "Kargonuz yarın size ulaşacak.", "")
		if err != nil || len(found.Findings) != 1 || !strings.HasPrefix(found.Findings[0].Instead, "Yaşadığınız") || found.Findings[0].Rule.Strictness != tone.Must {
			t.Errorf("the apology is offered in the language of the reply: %+v, %v", found, err)
		}
	})
}

func TestTheStarterSetIsAddedOnceAndNamedInTheReadersLanguage(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		for _, want := range []int{5, 0} {
			if n, err := k.AddStarters(anna()); err != nil || n != want {
				t.Errorf("%d rules, want %d: %v", n, want, err)
			}
		}
		all, err := k.Rules(anna())
		if err != nil || all[0].Name != "Звертання на «ви»" || all[0].Reason == "" {
			t.Errorf("%+v, %v", all[0], err)
		}
		if err := k.Delete(anna(), all[0].ID); err != nil {
			t.Fatal(err)
		}
		if n, err := k.MissingStarters(anna()); err != nil || n != 1 {
			t.Errorf("%d are missing when one was deleted: %v", n, err)
		}
		if n, err := k.AddStarters(anna()); err != nil || n != 1 {
			t.Errorf("a deleted one is added again: %d, %v", n, err)
		}
		if n, err := k.MissingStarters(anna()); err != nil || n != 0 {
			t.Errorf("%d are missing of all: %v", n, err)
		}
	})
}

func TestADeletedRuleCanBeRestoredForADay(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.make(avoid("cheap"))
		if err := k.Delete(anna(), r.ID); err != nil {
			t.Fatal(err)
		}
		same(t, k.names())
		if err := k.Delete(anna(), r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
		if _, err := k.Change(anna(), r.ID, 0, func(*tone.Rule) {}); !errs.Is(err, errs.NotFound) {
			t.Errorf("changed while deleted: %v", err)
		}
		for range 2 {
			if _, err := k.Restore(anna(), r.ID); err != nil {
				t.Fatal(err)
			}
		}
		same(t, k.names(), "No cheap")
		if err := k.Delete(anna(), r.ID); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.Add(25 * time.Hour)
		other := k.make(avoid("problem"))
		if err := k.Delete(anna(), other.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Restore(anna(), r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("restored after a day: %v", err)
		}
	})
}

func TestAChangeOfAnOldVersionIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.make(avoid("cheap"))
		rename := func(name string) func(*tone.Rule) { return func(r *tone.Rule) { r.Name = name } }
		if _, err := k.Change(anna(), r.ID, r.Version, rename("A")); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Change(anna(), r.ID, r.Version, rename("B")); !errs.Is(err, errs.Conflict) {
			t.Errorf("%v", err)
		}
		same(t, k.names(), "A")
	})
}

func TestSendingAgainstARuleIsCountedForThirtyDays(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r, talk := k.make(avoid("cheap")), k.mail(1, "Hello")
		count := func() int64 {
			all, err := k.Rules(anna())
			if err != nil {
				t.Fatal(err)
			}
			return all[0].Ignored
		}
		for range 2 {
			if err := k.Ignored(anna(), talk, []int64{r.ID, r.ID, 999}); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(); n != 2 {
			t.Errorf("%d", n)
		}
		k.now = k.now.Add(32 * 24 * time.Hour)
		if n := count(); n != 0 {
			t.Errorf("%d a month later", n)
		}
		if err := k.Ignored(anna(), k.mail(2, "Not hers"), []int64{r.ID}); !errs.Is(err, errs.NotFound) {
			t.Errorf("in a conversation that she cannot see: %v", err)
		}
	})
}

func TestNobodyChecksAgainstAConversationThatTheyCannotSee(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.make(avoid("cheap"))
		if _, err := k.Check(anna(), k.mail(2, "This is unacceptable!"), nil, "Hello", ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestATextForManyIsCheckedForEachOfThem(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		if _, err := k.AddStarters(anna()); err != nil {
			t.Fatal(err)
		}
		hidden := k.mail(2, "Unacceptable! I want my money back!!")
		calm, angry := k.mail(1, "When does it come?"), k.mail(1, "This is unacceptable! I want my money back!!")
		check := func(also ...int64) (names []string) {
			found, err := k.Check(anna(), calm, also, "Your parcel arrives tomorrow.", "")
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found.Findings {
				names = append(names, f.Rule.Name)
			}
			return names
		}
		same(t, check())
		same(t, check(calm, angry), "Вибачення, коли покупець сердиться")
		same(t, check(hidden, 999))

		there := avoid("parcel")
		there.Inboxes = []int64{2}
		k.make(there)
		same(t, check(hidden))
	})
}

func TestATextIsTriedAgainstTheGuideOrAgainstOneRuleAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.make(avoid("cheap"))
		try := func(rule *tone.Rule) (names []string) {
			found, err := k.Try(anna(), tone.Sample{Text: "A cheap problem", Language: "en", Rule: rule})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found.Findings {
				names = append(names, f.Rule.Name)
			}
			return names
		}
		same(t, try(nil), "No cheap")
		draft := avoid("problem")
		draft.Enabled, draft.Inboxes = false, []int64{2}
		same(t, try(&draft), "No problem")
		same(t, k.names(), "No cheap")
	})
}
