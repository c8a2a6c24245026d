package notification_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// mailbox takes mails for agents.
type mailbox struct {
	off, plus bool
	err       error
	got       []mail.Outgoing
}

func (m *mailbox) Ready(context.Context, db.Queryer) (bool, error) { return !m.off, nil }

func (m *mailbox) Post(_ context.Context, o mail.Outgoing) error {
	if m.err != nil {
		return m.err
	}
	o.From = mail.Address{Address: "desk@shop.example"}
	if _, err := mail.Compose(o); err != nil {
		return err
	}
	m.got = append(m.got, o)
	return nil
}

// later lets time pass and works off what is due by then.
func (k *desk) later(d time.Duration) []mail.Outgoing {
	k.t.Helper()
	k.now = k.now.Add(d)
	k.sent.got = nil
	_, err := k.PlanMails(context.Background(), 50)
	k.must(err)
	for {
		n, err := k.Jobs.RunOnce(context.Background(), k.Kinds()[0])
		k.must(err)
		if n == 0 {
			return k.sent.got
		}
	}
}

func (k *desk) hears(agent int64, kinds ...notification.Kind) {
	k.t.Helper()
	var change []notification.SettingChange
	for _, kind := range notification.Kinds {
		on := slices.Contains(kinds, kind)
		change = append(change, notification.SettingChange{Kind: kind, Mail: &on})
	}
	_, err := k.SetSettings(as(agent), change)
	k.must(err)
}

func (k *desk) note(by, id int64, text string, mentions ...int64) {
	k.t.Helper()
	_, err := k.talks.Note(as(by), id, conversation.NewNote{Text: text, Mentions: mentions}, nil)
	k.must(err)
}

func (k *desk) mailed(o mail.Outgoing) (notification.Mailed, error) {
	return k.Mailed(context.Background(), k.DB, []string{o.MessageID})
}

func TestTenMessagesOfOneConversationMakeOneMail(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, ben)
		k.hears(ben, notification.CustomerReply)
		k.now = k.now.Add(-time.Hour)
		for _, word := range strings.Fields("one two three four five six seven eight nine ten") {
			again(word)
			k.now = k.now.Add(-55 * time.Second)
		}
		if got := k.later(time.Minute); len(got) != 0 {
			t.Errorf("%d mails were too soon", len(got))
		}
		got := k.later(5 * time.Minute)
		if len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		m := got[0]
		for _, want := range []string{"Eva answered.", "one", "ten", "https://desk.shop.example/conversations/1", "Eva gets your words as your reply", "#note"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%q is not in the mail:\n%s", want, m.Text)
			}
		}
		if !strings.Contains(m.HTML, "ten") || m.Automatic != "auto-generated" || m.To[0].Address != "ben@shop.example" ||
			m.ReplyTo[0].Address != "help@shop.example" || m.InReplyTo == "" || !slices.Equal(m.References, []string{m.InReplyTo}) {
			t.Errorf("%+v", m)
		}
		again("eleven")
		if got := k.later(5 * time.Minute); len(got) != 0 {
			t.Error("the next mail about the same unread thing came at once")
		}
		next := k.later(15 * time.Minute)
		if len(next) != 1 || next[0].Subject != m.Subject || next[0].InReplyTo != m.InReplyTo || next[0].MessageID == m.MessageID || strings.Contains(next[0].Text, "ten") {
			t.Errorf("%+v", next)
		}
	})
}

func TestWhatWasSeenIsNotMailed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.note(anna, id, "@Ben look", ben)
		k.must(k.talks.MarkRead(as(ben), id, 0))
		if got := k.later(time.Hour); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		k.note(anna, id, "@Ben look again", ben)
		k.now = k.now.Add(time.Hour)
		if n, err := k.PlanMails(context.Background(), 50); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		k.must(k.talks.MarkRead(as(ben), id, 0)) // while the mail waits to leave
		if got := k.later(time.Hour); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestAMentionIsMailedToWhoHasChosenNothingAndAnAnswerOfTheCustomerIsNot(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, ben)
		again("Hello?")
		k.note(anna, id, "@Cleo can you?", cleo)
		got := k.later(time.Hour)
		if len(got) != 1 || got[0].To[0].Address != "cleo@shop.example" || !strings.Contains(got[0].Text, "become a note") || !strings.Contains(got[0].Text, "#reply") {
			t.Fatalf("%+v", got)
		}
		m, err := k.mailed(got[0])
		if err != nil || !m.Note || m.Agent != cleo || m.Conversation != id || m.Seen == 0 {
			t.Errorf("%+v, %v", m, err)
		}
		k.sent.off = true
		k.note(anna, id, "@Ben and you?", ben)
		if got := k.later(time.Hour); len(got) != 0 {
			t.Error("without a mail sender")
		}
		k.sent.off = false
		if got := k.later(time.Hour); len(got) != 0 {
			t.Error("what could not be mailed in its time is not mailed later")
		}
	})
}

func TestAnAnswerToAMailWithAMentionIsANoteWhateverElseItTells(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, ben)
		k.hears(ben, notification.Mention, notification.CustomerReply)
		again("Hello?")
		k.note(anna, id, "@Ben she is angry", ben)
		got := k.later(time.Hour)
		if len(got) != 1 || !strings.Contains(got[0].Text, "Hello?") || !strings.Contains(got[0].Text, "become a note") {
			t.Fatalf("%+v", got)
		}
		if m, err := k.mailed(got[0]); err != nil || !m.Note {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

func TestWhatIsAnsweredToASideConversationDoesNotReachTheCustomer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, ben)
		_, asked, err := k.talks.StartSide(as(anna), id, conversation.NewSide{Subject: "Parcel 4711", NewReply: conversation.NewReply{Text: "Where is it?",
			To: []conversation.Person{{Address: "courier@x.example"}}}}, nil)
		k.must(err)
		k.hears(ben, notification.SideReply, notification.CustomerReply)
		answer := func(in *conversation.Inbound) {
			in.From, in.ThreadIDs, in.Text = conversation.Person{Name: "Courier", Address: "courier@x.example"}, []string{asked.RFCID}, "It waits in Kyiv."
		}
		k.mail(answer)
		again("And my parcel?") // in the same mail, whose answer is a note all the same
		k.wants(anna, notification.SideReply)
		got := k.later(time.Hour)
		if len(got) != 1 || !strings.Contains(got[0].Text, "Somebody answered in a side conversation.") || !strings.Contains(got[0].Text, "It waits in Kyiv.") ||
			!strings.Contains(got[0].Text, "become a note") {
			t.Fatalf("%+v", got)
		}
		if m, err := k.mailed(got[0]); err != nil || !m.Note {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

func TestWhoWantsOnlyMailHasNothingAtTheBell(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		off := false
		_, err := k.SetSettings(as(ben), []notification.SettingChange{{Kind: notification.Mention, App: &off}})
		k.must(err)
		k.note(anna, id, "@Ben look", ben)
		k.wants(ben)
		if got := k.later(time.Hour); len(got) != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhatAnAgentMayNotSeeAnyMoreIsNotMailed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.hears(cleo, notification.Assigned)
		k.assign(anna, id, cleo)
		k.write("UPDATE conversation SET assignee_id = 1")
		if got := k.later(time.Hour); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		k.write("UPDATE conversation SET assignee_id = 3")
		if got := k.later(time.Hour); len(got) != 0 {
			t.Error("it was forgotten when it was due")
		}
	})
}

func TestQuietHoursHoldMailsForOneSummary(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.must(k.SetRhythm(as(ben), notification.Rhythm{TimeZone: "Europe/Istanbul", Quiet: true, QuietFrom: 14 * 60, QuietUntil: 9 * 60, Mails: notification.Soon}))
		for range 2 { // 12:00 UTC is 15:00 there
			k.note(anna, k.mail(nil).Conversation, "@Ben look", ben)
		}
		if got := k.later(time.Hour); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
		k.now = time.Date(2026, 11, 22, 5, 59, 0, 0, time.UTC)
		if got := k.later(0); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
		got := k.later(time.Minute)
		if len(got) != 1 || got[0].Subject != "2 conversations that concern you" || strings.Count(got[0].Text, "Anna mentioned you.") != 2 || len(got[0].ReplyTo) != 0 {
			t.Fatalf("%+v", got)
		}
		if m, err := k.mailed(got[0]); err != nil || m.Conversation != 0 {
			t.Errorf("%+v, %v: a summary has no conversation to answer in", m, err)
		}
	})
}

func TestADailySummaryTellsWhatWasNotSeenUntilThen(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.must(k.SetRhythm(as(ben), notification.Rhythm{Mails: notification.Daily, DailyAt: 17 * 60}))
		first, second := k.mail(nil).Conversation, k.mail(nil).Conversation
		k.note(anna, first, "@Ben one", ben)
		k.note(anna, second, "@Ben two", ben)
		if got := k.later(time.Hour); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
		k.must(k.talks.MarkRead(as(ben), first, 0))
		k.now = time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)
		got := k.later(0)
		if len(got) != 1 || !strings.Contains(got[0].Text, "@Ben two") || strings.Contains(got[0].Text, "@Ben one") {
			t.Fatalf("%+v", got)
		}
		if err := k.SetRhythm(as(ben), notification.Rhythm{TimeZone: "Moon/Base", Mails: notification.Soon}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a time zone that is not there: %v", err)
		}
	})
}

func TestATokenHoldsForItsMailAloneAndForThirtyDays(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.sent.plus = true
		k.note(anna, id, "@Ben and @Cleo", ben, cleo)
		got := k.later(time.Hour)
		if len(got) != 2 {
			t.Fatalf("%+v", got)
		}
		local, _, _ := strings.Cut(got[0].ReplyTo[0].Address, "@")
		_, tag, _ := strings.Cut(local, "+")
		if len(local) > 64 || tag != got[0].MessageID {
			t.Errorf("%q", local)
		}
		ids := got[0].MessageID[:len("dn.")+13] + got[1].MessageID[len("dn.")+13:] // the number of one with the mark of the other
		for _, forged := range []string{ids, got[0].MessageID[:len(got[0].MessageID)-1], "dn.", "", strings.Repeat("x", 5000)} {
			if _, err := k.Mailed(context.Background(), k.DB, []string{forged}); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q: %v", forged, err)
			}
		}
		m, err := k.Mailed(context.Background(), k.DB, []string{"other@x.example", strings.ToUpper(got[0].MessageID) + "@shop.example"})
		if err != nil || m.Expired {
			t.Errorf("%+v, %v", m, err)
		}
		k.now = k.now.Add(31 * 24 * time.Hour)
		if m, err := k.mailed(got[0]); err != nil || !m.Expired {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

func TestAMailThatCannotLeaveIsTriedAgainUnderItsId(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		k.note(anna, id, "@Ben look", ben)
		k.sent.err = errors.New("the server is away")
		if got := k.later(3 * time.Minute); len(got) != 0 {
			t.Fatal(got)
		}
		k.sent.err = nil
		if got := k.later(time.Minute); len(got) != 1 {
			t.Errorf("%+v", got)
		}
		if got := k.later(time.Hour); len(got) != 0 {
			t.Error("it came twice")
		}
	})
}

func TestTheMailSpeaksTheLanguageOfItsReader(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, _ := k.thread()
		seen := map[string]bool{}
		for _, locale := range []string{"en", "ja", "tr", "uk"} {
			k.Agent = func(_ context.Context, agent int64) (*access.Actor, error) {
				a := actor(agent)
				a.Locale = locale
				return a, nil
			}
			k.note(anna, id, "@Ben <b>look</b>", ben)
			got := k.later(20 * time.Minute)
			if len(got) != 1 || !strings.Contains(got[0].HTML, `lang="`+locale+`"`) || !strings.Contains(got[0].HTML, "&lt;b&gt;look") || !strings.Contains(got[0].Text, "#reply") {
				t.Fatalf("%s: %+v", locale, got)
			}
			_, words, _ := strings.Cut(got[0].Text, "/conversations/")
			seen[words] = true
			k.must(k.MarkAllRead(as(ben), k.now))
		}
		if len(seen) != 4 {
			t.Error("two languages say the same")
		}
	})
}

func TestTheFirstWordOfAnAnswerSaysWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, rest   string
		note, said bool
	}{
		{"Hello", "Hello", false, false},
		{"#note Hello", "Hello", true, true},
		{"  \n#Note:\r\nHello\nyou", "Hello\nyou", true, true},
		{"＃reply　こんにちは", "こんにちは", false, true},
		{"#reply", "", false, true},
		{"#notes on this", "#notes on this", false, false},
		{"Say #note", "Say #note", false, false},
	} {
		rest, note, said := notification.Command(c.in)
		if rest != c.rest || note != c.note || said != c.said {
			t.Errorf("%q: %q %v %v", c.in, rest, note, said)
		}
	}
}
