package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// agentsMail takes the mails for agents.
type agentsMail struct{ got []mail.Outgoing }

func (m *agentsMail) Ready(context.Context, db.Queryer) (bool, error) { return true, nil }
func (m *agentsMail) Post(_ context.Context, o mail.Outgoing) error {
	o.From = mail.Address{Address: "desk@shop.example"}
	if _, err := mail.Compose(o); err != nil {
		return err
	}
	m.got = append(m.got, o)
	return nil
}

// answering is a desk at which the agent answers from a mailbox.
type answering struct {
	*sight
	t     *testing.T
	sent  *agentsMail
	agent *access.Actor
	boss  *access.Actor
	talk  int64
	n     int
	now   time.Time
}

func newAnswering(t *testing.T, edit ...func(*app.Config)) *answering {
	t.Helper()
	k := &answering{sight: cardDesk(t, edit...), t: t, sent: &agentsMail{}, now: time.Now().UTC()}
	k.app.Notifications.Mail = k.sent
	k.app.Notifications.Now = func() time.Time { return k.now }
	k.receive(t, "From: Eva <eva@x.example>\r\nTo: support@shop.example\r\nSubject: Lamp\r\nMessage-ID: <lamp@x.example>\r\n\r\nIs it dimmable?\r\n")
	k.talk = k.number("SELECT MAX(id) FROM conversation")
	for caller, into := range map[who]**access.Actor{admin: &k.boss, inTeam: &k.agent} {
		a, err := k.app.Access.Agent(context.Background(), k.number("SELECT id FROM agent WHERE email = ?", string(caller)+"@shop.example"))
		k.must(err)
		*into = a
	}
	return k
}

func answeringOnBoth(t *testing.T, fn func(t *testing.T, k *answering)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, newAnswering(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := dbtest.PostgresURL(t)
		fn(t, newAnswering(t, func(c *app.Config) { c.DatabaseURL = url }))
	})
}

func (k *answering) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *answering) number(text string, args ...any) (n int64) {
	k.t.Helper()
	k.must(k.app.DB.QueryRow(context.Background(), text, args...).Scan(&n))
	return n
}

func (k *answering) as(a *access.Actor) context.Context { return access.With(context.Background(), a) }

// work runs every job but those that send to customers.
func (k *answering) work() {
	k.t.Helper()
	for range 3 {
		for _, kind := range k.app.Jobs.Kinds {
			if kind.Name == conversation.DeliverKind {
				continue
			}
			for {
				n, err := k.app.Jobs.RunOnce(context.Background(), kind)
				k.must(err)
				if n == 0 {
					break
				}
			}
		}
	}
}

// told is the one mail that the agent has got since the last time.
func (k *answering) told() mail.Outgoing {
	k.t.Helper()
	k.now = k.now.Add(20 * time.Minute)
	_, err := k.app.Notifications.PlanMails(context.Background(), 10)
	k.must(err)
	k.work()
	if len(k.sent.got) != 1 {
		k.t.Fatalf("%d mails: %+v", len(k.sent.got), k.sent.got)
	}
	out := k.sent.got[0]
	k.sent.got = nil
	return out
}

func (k *answering) mention() mail.Outgoing {
	k.t.Helper()
	_, err := k.app.Conversations.Note(k.as(k.boss), k.talk, conversation.NewNote{Text: "@team can you?", Mentions: []int64{k.agent.AgentID}}, nil)
	k.must(err)
	return k.told()
}

const (
	proved  = "dmarc=pass header.from=shop.example"
	signed  = "dmarc=none header.from=shop.example; dkim=pass header.d=mail.shop.example"
	imposed = "dmarc=fail header.from=shop.example"
)

// answer hands in what the agent's mail program makes of an answer.
func (k *answering) answer(to mail.Outgoing, text, results string, edit ...string) {
	k.t.Helper()
	k.n++
	raw := fmt.Sprintf("Authentication-Results: desk; %s\r\nFrom: Team <team@shop.example>\r\nTo: support@shop.example\r\nSubject: %s\r\nMessage-ID: <a%d@shop.example>\r\nIn-Reply-To: <%s@shop.example>\r\n\r\n%s\r\n\r\nOn Friday, Deskbell wrote:\r\n> quoted\r\n",
		results, to.Subject, k.n, to.MessageID, text)
	for i := 0; i+1 < len(edit); i += 2 {
		raw = strings.Replace(raw, edit[i], edit[i+1], 1)
	}
	_, err := k.app.Email.Receiver.Keep(context.Background(), email.Delivery{Inbox: inbox.ID(k.ids["inboxes"]), Door: email.DoorSMTP, Raw: strings.NewReader(raw)})
	k.must(err)
	k.work()
}

// written are the messages of a kind, oldest first.
func (k *answering) written(kind conversation.Kind) (out []string) {
	k.t.Helper()
	list, err := k.app.Conversations.Messages(k.as(k.boss), k.talk, 0, false, 100)
	k.must(err)
	for _, m := range list {
		if m.Kind == kind && m.AuthorID == k.agent.AgentID {
			out = append(out, strings.TrimSpace(m.Text))
		}
	}
	return out
}

func (k *answering) wants(kind conversation.Kind, want ...string) {
	k.t.Helper()
	if got := k.written(kind); fmt.Sprint(got) != fmt.Sprint(want) {
		k.t.Errorf("%s: %q, want %q", kind, got, want)
	}
}

func (k *answering) refused(with string) {
	k.t.Helper()
	if len(k.sent.got) != 1 || !strings.Contains(k.sent.got[0].Text, with) || k.sent.got[0].To[0].Address != "team@shop.example" || k.sent.got[0].Automatic != "auto-replied" {
		k.t.Errorf("%+v, want it to say %q", k.sent.got, with)
	}
	k.sent.got = nil
	k.wants(conversation.KindOutbound)
	if n := k.number("SELECT COUNT(*) FROM conversation"); n != 1 {
		k.t.Errorf("%d conversations", n)
	}
}

func TestTheAnswerToAMentionBecomesANoteAlsoWhereNobodyChecksSenders(t *testing.T) {
	answeringOnBoth(t, func(t *testing.T, k *answering) {
		told := k.mention()
		k.answer(told, "I have one here, it is.", "none")
		k.wants(conversation.KindNote, "I have one here, it is.")
		if len(k.sent.got) != 0 {
			t.Errorf("%+v", k.sent.got)
		}
		k.answer(told, "I have one here, it is.", "none", "<a2@", "<a1@") // the same mail by another way
		k.wants(conversation.KindNote, "I have one here, it is.")
		k.answer(told, "And a second thing.", "none")
		k.wants(conversation.KindNote, "I have one here, it is.", "And a second thing.")
		if b, err := k.app.Ledger.Balance(context.Background(), false); err != nil || !b.Balanced || b.PendingIn != 0 {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

func TestAReplyByMailGoesToTheCustomerWhenItIsProvedWhoWroteIt(t *testing.T) {
	answeringOnBoth(t, func(t *testing.T, k *answering) {
		told := k.mention()
		k.answer(told, "#reply Yes, with any dimmer.", "none")
		k.refused("begin with #note")
		k.answer(told, "#reply Yes, with any dimmer.", imposed)
		k.refused("DMARC")
		k.answer(told, "#note Only forged.", imposed)
		k.refused("DMARC")
		k.answer(told, "#reply Yes, with any dimmer.", signed)
		k.wants(conversation.KindOutbound, "Yes, with any dimmer.")
		k.answer(told, "#reply With a file.", proved, "MIME", "MIME", "\r\n\r\n#reply", "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n#reply",
			"\r\n\r\nOn Friday", "\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nabc\r\n--b--\r\n\r\nOn Friday")
		k.wants(conversation.KindOutbound, "Yes, with any dimmer.", "With a file.")
		if n := k.number("SELECT COUNT(*) FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.kind = 'outbound' AND a.name = 'a.txt'"); n != 1 {
			t.Errorf("%d files", n)
		}
		if n := k.number("SELECT COUNT(*) FROM job WHERE kind = ?", conversation.DeliverKind); n != 2 {
			t.Errorf("%d replies are to be sent", n)
		}
	})
}

func TestOnlyTheReaderOfAMailMayAnswerIt(t *testing.T) {
	answeringOnBoth(t, func(t *testing.T, k *answering) {
		told := k.mention()
		k.answer(told, "I am somebody else.", "dmarc=pass header.from=evil.example", "Team <team@shop.example>", "Team <team@evil.example>")
		k.refused("team@evil.example")
		k.answer(told, "", proved)
		k.refused("nothing in it")
		k.now = k.now.Add(31 * 24 * time.Hour)
		k.answer(told, "Late.", proved)
		k.refused("30 days")
		k.answer(told, "I am away.", proved, "Subject:", "Auto-Submitted: auto-replied\r\nSubject:")
		if len(k.sent.got) != 0 || len(k.written(conversation.KindNote)) != 0 {
			t.Errorf("a machine: %+v", k.sent.got)
		}
		for range 20 {
			k.answer(told, "I am somebody else.", "none", "Team <team@shop.example>", "Team <team@evil.example>")
		}
		if n := len(k.sent.got); n != 7 {
			t.Errorf("%d refusals, with the three before 10 in an hour", n)
		}
	})
}

func TestAForgedTokenIsAnOrdinaryMail(t *testing.T) {
	answeringOnBoth(t, func(t *testing.T, k *answering) {
		told := k.mention()
		told.MessageID = told.MessageID[:len(told.MessageID)-4] + "aaaa"
		k.answer(told, "Hello", proved)
		k.wants(conversation.KindNote)
		if n := k.number("SELECT COUNT(*) FROM conversation"); n != 2 {
			t.Errorf("%d conversations: what is not ours is a customer's", n)
		}
	})
}

func TestAReplyByMailIsStoppedWhenTheThreadChangedAndNothingIsLost(t *testing.T) {
	answeringOnBoth(t, func(t *testing.T, k *answering) {
		told := k.mention()
		_, err := k.app.Conversations.SaveDraft(k.as(k.agent), k.talk, conversation.Draft{Kind: "reply", Text: "begun in the console"}, 0)
		k.must(err)
		k.receive(t, "From: Eva <eva@x.example>\r\nTo: support@shop.example\r\nSubject: Re: Lamp\r\nMessage-ID: <two@x.example>\r\nIn-Reply-To: <lamp@x.example>\r\n\r\nForget it.\r\n")
		k.answer(told, "#reply Yes, it is.", proved)
		k.wants(conversation.KindOutbound)
		d, err := k.app.Conversations.Draft(k.as(k.agent), k.talk)
		k.must(err)
		if !d.Held || !strings.HasPrefix(d.Text, "Yes, it is.") || !strings.HasSuffix(d.Text, "begun in the console") {
			t.Errorf("%+v", d)
		}
		again := k.told()
		if !strings.Contains(again.Text, "Your reply was stopped") || !strings.Contains(again.Text, "Forget it.") {
			t.Errorf("%s", again.Text)
		}
		k.answer(again, "#note I leave it.", proved)
		k.wants(conversation.KindNote, "I leave it.")
		if d, err := k.app.Conversations.Draft(k.as(k.agent), k.talk); err != nil || !d.Held {
			t.Errorf("%+v, %v: the draft is another text", d, err)
		}
		k.answer(again, "Then good-bye.", proved)
		k.wants(conversation.KindOutbound, "Then good-bye.")
	})
}

func TestOurMailsToAgentsAndReportsAboutThemBeginNoConversation(t *testing.T) {
	answeringOnBoth(t, func(t *testing.T, k *answering) {
		told := k.mention()
		told.From = mail.Address{Address: "desk@shop.example"}
		told.To = []mail.Address{{Address: "support@shop.example"}}
		told.MessageID += "@shop.example"
		raw, err := mail.Compose(told)
		k.must(err)
		for _, text := range []string{string(raw), "From: <mailer-daemon@mx.example>\r\nTo: desk@shop.example\r\nSubject: Undelivered\r\nMessage-ID: <b@mx.example>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <" + told.MessageID + ">\r\n\r\nno\r\n"} {
			_, err := k.app.Email.Receiver.Keep(context.Background(), email.Delivery{Inbox: inbox.ID(k.ids["inboxes"]), Door: email.DoorIMAP, Raw: strings.NewReader(text)})
			k.must(err)
		}
		k.work()
		if n := k.number("SELECT COUNT(*) FROM conversation"); n != 1 {
			t.Errorf("%d conversations", n)
		}
	})
}
