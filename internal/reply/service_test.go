package reply_test

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
	"github.com/deskbell/deskbell/internal/reply"
)

const anna, ben = 1, 2

type shelf struct {
	*reply.Service
	t     *testing.T
	now   time.Time
	bytes map[string]string // by the key of the blob that was copied first
}

type file struct{ *strings.Reader }

func (file) Close() error { return nil }

func onBoth(t *testing.T, fn func(t *testing.T, k *shelf)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newShelf(t, d)) })
}

func newShelf(t *testing.T, d *db.DB) *shelf {
	k := &shelf{t: t, now: noon, bytes: map[string]string{}}
	now := func() time.Time { return k.now }
	feed := &event.Feed{Now: now}
	people := &customer.Service{DB: d, Feed: feed, Now: now}
	talks := &conversation.Service{DB: d, Feed: feed, Now: now, Customers: people, Jobs: &job.Queue{DB: d, Now: now, Log: slog.New(slog.DiscardHandler)},
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example"}, nil
		}}
	k.Service = &reply.Service{DB: d, Now: now, Conversations: talks, Customers: people,
		Inbox: func(context.Context, int64) (reply.InboxFacts, error) {
			return reply.InboxFacts{Name: "Support", Address: "help@shop.example"}, nil
		},
		Copy: func(_ context.Context, key string) (string, error) { return key + "+", nil },
		Open: func(_ context.Context, key string) (io.ReadSeekCloser, int64, error) {
			return file{strings.NewReader(k.bytes[strings.TrimRight(key, "+")])}, int64(len(k.bytes[key])), nil
		}}
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, text := range []string{
			"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
			"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'anna@shop.example', 'Anna Linden', 1, 0)",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (2, 'ben@shop.example', 'Ben', 1, 0)",
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

// as is a context in which anna may share and ben may not.
func as(agent int64) context.Context {
	may := map[access.Permission]bool{access.ConversationsRead: true, access.ConversationsReply: true, access.RepliesManage: agent == anna}
	name := map[int64]string{anna: "Anna Linden", ben: "Ben"}[agent]
	return access.With(context.Background(), &access.Actor{AgentID: agent, Name: name, Locale: "tr", Permissions: may,
		Scope: access.Scope{Agent: agent, Inboxes: map[int64]access.Level{1: access.Any}}})
}

func (k *shelf) mail(name, text string) int64 {
	k.t.Helper()
	var r conversation.Received
	err := k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = k.Conversations.ReceiveTx(context.Background(), tx, conversation.Inbound{Inbox: 1, Channel: "email", At: k.now,
			From: conversation.Person{Name: name, Address: "eva@x.example"}, Subject: "Parcel", Text: text})
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return r.Conversation
}

func (k *shelf) make(agent int64, r reply.Reply) reply.Reply {
	k.t.Helper()
	if r.Kind == "" {
		r.Kind = reply.Text
	}
	if r.DefaultLocale == "" {
		r.DefaultLocale = "en"
	}
	made, err := k.Create(as(agent), r, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return made
}

func names(list []reply.Reply) (out []string) {
	for _, r := range list {
		out = append(out, r.Name)
	}
	return out
}

func TestASavedReplyIsFilledInInTheCustomersLanguage(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		r := k.make(anna, reply.Reply{Name: "Hello", Shared: true, Texts: map[string]string{
			"en": "<p>Hello {{ customer.first_name }}</p>", "uk": "<p>Вітаємо, {{ customer.first_name }}</p>"}})
		for text, want := range map[string]string{
			"Доброго дня, коли надійде моя посилка? Чекаю вже тиждень.": "Вітаємо, Eva", "Where is my parcel? I have been waiting for a week.": "Hello Eva"} {
			f, err := k.Fill(as(ben), reply.Text, r.ID, k.mail("Eva Kovač", text), "", false)
			if err != nil || f.Text != want {
				t.Errorf("%q, %v, want %q", f.Text, err, want)
			}
		}
		f, err := k.Fill(as(ben), reply.Text, r.ID, k.mail("Eva", "x"), "ja-JP", false)
		if err != nil || f.Locale != "en" {
			t.Errorf("without a Japanese text it is %s, %v", f.Locale, err)
		}
	})
}

func TestWhatIsMissingIsNamedAndStopsTheReply(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		r := k.make(anna, reply.Reply{Name: "Call", Texts: map[string]string{"en": "<p>We call {{ customer.phone }}.</p>"}})
		id := k.mail("Eva", "Please call me back as soon as you can.")
		f, err := k.Fill(as(anna), reply.Text, r.ID, id, "", true)
		if err != nil || !slices.Equal(f.Missing, []string{"customer.phone"}) || !strings.Contains(f.Text, "{{customer.phone}}") {
			t.Fatalf("%+v, %v", f, err)
		}
		_, err = k.Conversations.Reply(as(anna), id, conversation.NewReply{Text: f.Text, HTML: f.HTML}, nil)
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), "customer.phone") {
			t.Errorf("it was sent: %v", err)
		}
	})
}

func TestWhatWasUsedLastComesFirstAndWordsFindIt(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		text := map[string]string{"en": "<p>Text about İade</p>"}
		k.make(anna, reply.Reply{Name: "B often", Folder: "Orders/Returns", Shared: true, Texts: text})
		last := k.make(anna, reply.Reply{Name: "C last", Shared: true, Texts: map[string]string{"en": "<p>x</p>"}})
		k.make(anna, reply.Reply{Name: "A never", Folder: "Orders", Shared: true, Texts: text})
		id := k.mail("Eva", "x")
		if _, err := k.Fill(as(ben), reply.Text, last.ID, id, "", true); err != nil {
			t.Fatal(err)
		}
		all, err := k.List(as(ben), reply.Text, "", "")
		if err != nil || !slices.Equal(names(all), []string{"C last", "A never", "B often"}) || all[0].Uses != 1 || all[0].MyUses != 1 {
			t.Errorf("%v, %v", names(all), err)
		}
		for words, want := range map[string]int{"iade": 2, "İADE never": 1, "often text": 1, "nothing": 0} {
			if found, err := k.List(as(ben), reply.Text, words, ""); err != nil || len(found) != want {
				t.Errorf("%q finds %v, %v", words, names(found), err)
			}
		}
		if found, err := k.List(as(ben), reply.Text, "", "Orders"); err != nil || len(found) != 2 {
			t.Errorf("the folder holds %v, %v", names(found), err)
		}
	})
}

func TestOnesOwnAreOnesOwnAndSharedOnesNeedAPermission(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		text := map[string]string{"en": "<p>x</p>"}
		own := k.make(ben, reply.Reply{Name: "Mine", Texts: text})
		shared := k.make(anna, reply.Reply{Name: "Ours", Shared: true, Texts: text})
		if _, err := k.Get(as(anna), reply.Text, own.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague's own was read: %v", err)
		}
		if _, err := k.Get(as(anna), reply.Macro, shared.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a saved reply is a macro: %v", err)
		}
		name, on := "Changed", true
		if _, err := k.Update(as(ben), reply.Text, shared.ID, reply.Change{Name: &name}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("err = %v", err)
		}
		if _, err := k.Update(as(ben), reply.Text, own.ID, reply.Change{Shared: &on}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("shared without permission: %v", err)
		}
		if err := k.Delete(as(ben), reply.Text, shared.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("err = %v", err)
		}
		stale := int64(0)
		if _, err := k.Update(as(ben), reply.Text, own.ID, reply.Change{Name: &name, Version: &stale}); !errs.Is(err, errs.Conflict) {
			t.Errorf("err = %v", err)
		}
		if out, err := k.Update(as(ben), reply.Text, own.ID, reply.Change{Name: &name, Version: &own.Version}); err != nil || out.Name != "Changed" || out.Version != 2 {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func TestAMacroSaysWhatItChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		m := k.make(anna, reply.Reply{Kind: reply.Macro, Name: "Lost", Actions: reply.Actions{AssignMe: true, AddTags: []string{"lost"}, SnoozeHours: 48, Note: "Ask {{ customer.email }}"}})
		f, err := k.Fill(as(anna), reply.Macro, m.ID, k.mail("Eva", "x"), "", true)
		if err != nil || f.Actions.AssigneeID == nil || *f.Actions.AssigneeID != anna || !f.Until.Equal(noon.Add(48*time.Hour)) || f.Actions.Note != "Ask eva@x.example" {
			t.Errorf("%+v, %v", f, err)
		}
		for field, r := range map[string]reply.Reply{
			"body.actions": {Kind: reply.Macro, Name: "Nothing"}, "body.name": {Kind: reply.Text, Texts: map[string]string{"en": "x"}},
			"body.texts.en": {Kind: reply.Text, Name: "No text"}, "body.texts.de": {Kind: reply.Text, Name: "x", Texts: map[string]string{"en": "x", "de": "x"}},
			"body.actions.note": {Kind: reply.Macro, Name: "x", Actions: reply.Actions{Note: "{% include 'x' %}"}},
		} {
			r.DefaultLocale = "en"
			_, err := k.Create(as(anna), r, nil)
			var e *errs.Error
			if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Location != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestFilesAreCopiedForEachUse(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		up, err := k.Conversations.Upload(as(anna), conversation.NewAttachment{Name: "label.pdf", ContentType: "application/pdf", Size: 3, BlobKey: "k"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := k.Create(as(anna), reply.Reply{Kind: reply.Text, Name: "Label", Shared: true, DefaultLocale: "en", Texts: map[string]string{"en": "<p>x</p>"}}, []int64{up.ID})
		if err != nil || len(r.Files) != 1 || r.Files[0].BlobKey != "k+" {
			t.Fatalf("%+v, %v", r, err)
		}
		f, err := k.Fill(as(ben), reply.Text, r.ID, k.mail("Eva", "x"), "", true)
		if err != nil || len(f.Files) != 1 || f.Files[0].Agent != ben || f.Files[0].BlobKey != "k++" {
			t.Fatalf("%+v, %v", f, err)
		}
		none := []int64{}
		if r, err = k.Update(as(anna), reply.Text, r.ID, reply.Change{Files: &none}); err != nil || len(r.Files) != 0 {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := k.Create(as(ben), reply.Reply{Kind: reply.Text, Name: "x", DefaultLocale: "en", Texts: map[string]string{"en": "x"}}, []int64{up.ID}); !errs.Is(err, errs.Invalid) {
			t.Errorf("somebody else's upload was taken: %v", err)
		}
	})
}

func TestTheStarterPackIsWholeInFourLanguagesAndAddedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		missing := func(want int) {
			t.Helper()
			if n, err := k.MissingStarters(as(anna)); err != nil || n != want {
				t.Errorf("%d are missing, not %d: %v", n, want, err)
			}
		}
		missing(8)
		n, err := k.AddStarters(as(anna))
		if err != nil || n != 8 {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err = k.AddStarters(as(anna)); err != nil || n != 0 {
			t.Errorf("again %d, %v", n, err)
		}
		missing(0)
		all, err := k.List(as(ben), reply.Text, "", "")
		if err != nil || len(all) != 8 {
			t.Fatal(err)
		}
		id := k.mail("山田 太郎", "x")
		for _, r := range all {
			if len(r.Texts) != 4 || r.DefaultLocale != "tr" {
				t.Errorf("%s has %d languages", r.Name, len(r.Texts))
			}
			for _, l := range reply.Locales {
				if f, err := k.Fill(as(anna), reply.Text, r.ID, id, l, false); err != nil || f.Locale != l || len(f.Missing) > 0 {
					t.Errorf("%s in %s: %v, %v", r.Name, l, f.Missing, err)
				}
			}
		}
	})
}
