package email

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestAReplyIsSentOnceAsAThreadedMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		k.queueMessage(t, 1, "carl@example.test")
		k.deliver(t, s)
		k.deliver(t, s)
		got := p.taken()
		if len(got) != 1 || got[0].from != "support@shop.test" || len(got[0].to) != 1 {
			t.Fatalf("server took %+v", got)
		}
		raw := got[0].raw
		for name, want := range map[string]string{
			"From": `Anna from Shop <support@shop.test>`, "To": "<carl@example.test>", "Message-ID": "<db.token1@shop.test>",
			"In-Reply-To": "<q@example.test>", "References": "<first@example.test> <q@example.test>", "Auto-Submitted": "",
		} {
			if v := strings.ReplaceAll(field(raw, name), `"`, ""); v != want {
				t.Errorf("%s is %q, want %q", name, v, want)
			}
		}
		if !strings.Contains(raw, "\r\n> Where is it?") || !strings.Contains(raw, "multipart/alternative") {
			t.Errorf("mail is %s", raw)
		}
		if st := k.talks.state(1); st.State != conversation.Sent || st.MaybeTwice || st.Recipients[0].State != conversation.Sent {
			t.Errorf("state is %+v", st)
		}
	})
}

func TestPitfallAnOutageDelaysAReplyAndLosesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		p.stop()
		k.queueMessage(t, 1, "carl@example.test")
		for range 5 {
			k.deliver(t, s)
			k.clock.Add(10 * time.Minute)
		}
		st := k.talks.state(1)
		if st.State != conversation.Queued || !strings.Contains(st.Error, "refused the connection") {
			t.Fatalf("state during the outage is %+v", st)
		}
		p.start(p.addr)
		k.clock.Add(time.Hour)
		k.deliver(t, s)
		if st := k.talks.state(1); st.State != conversation.Sent || st.MaybeTwice || st.Error != "" || len(p.taken()) != 1 {
			t.Errorf("state after the outage is %+v, %d mails", st, len(p.taken()))
		}
	})
}

func TestAMessageIsGivenUpAfterTwoDaysInWords(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	s := k.sendThrough(t, p, "")
	p.set(func() { p.onMail = func(string) error { return reply(451) } })
	k.queueMessage(t, 1, "carl@example.test")
	for range 40 {
		k.deliver(t, s)
		k.clock.Add(4 * time.Hour)
	}
	if st := k.talks.state(1); st.State != conversation.Failed || !strings.HasPrefix(st.Error, "Given up after two days.") {
		t.Errorf("state is %+v", st)
	}
}

func TestACrashBeforeSendingIsCommittedSendsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		k.queueMessage(t, 1, "carl@example.test")
		crash := errors.New("killed")
		k.talks.failSet = func(d conversation.Delivery) error {
			if d.State == conversation.Sending {
				return crash
			}
			return nil
		}
		k.deliver(t, s)
		if len(p.taken()) != 0 {
			t.Fatal("DATA was sent before sending was committed")
		}
		k.talks.failSet = nil
		k.clock.Add(time.Minute)
		k.deliver(t, s)
		if st := k.talks.state(1); st.State != conversation.Sent || st.MaybeTwice || len(p.taken()) != 1 {
			t.Errorf("state is %+v, %d mails", st, len(p.taken()))
		}
	})
}

func TestACrashBetweenSendingAndSentSendsTheSameBytesAgainAndSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		k.queueMessage(t, 1, "carl@example.test")
		k.talks.failSet = func(d conversation.Delivery) error {
			if d.State == conversation.Sent {
				return errors.New("killed")
			}
			return nil
		}
		k.deliver(t, s)
		if st := k.talks.state(1); st.State != conversation.Sending {
			t.Fatalf("state at the crash is %+v", st)
		}
		k.talks.failSet = nil
		out := k.talks.out[1]
		out.Text = "Changed meanwhile, which must not matter."
		k.talks.out[1] = out
		k.clock.Add(time.Minute)
		k.deliver(t, s)
		got := p.taken()
		if len(got) != 2 || got[0].raw != got[1].raw {
			t.Fatalf("the server took %d mails, the same bytes: %v", len(got), len(got) == 2 && got[0].raw == got[1].raw)
		}
		if st := k.talks.state(1); st.State != conversation.Sent || !st.MaybeTwice {
			t.Errorf("state is %+v", st)
		}
	})
}

// TestANodeThatStoodStillDoesNotSendWhatAnotherHasSent stops a node between RCPT
// and DATA for so long that another does its job.
func TestANodeThatStoodStillDoesNotSendWhatAnotherHasSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p, still := newDesk(t, d), newProvider(t), newProvider(t)
		other := k.sendThrough(t, p, "")
		slow := k.sendThrough(t, still, "")
		k.queueMessage(t, 1, "carl@example.test")
		still.set(func() {
			still.onRcpt = func(string) error {
				k.clock.Add(time.Minute)
				if err := k.queue.Reclaim(context.Background()); err != nil {
					t.Error(err)
				}
				k.point(t, p)
				k.deliver(t, other)
				return nil
			}
		})
		k.deliver(t, slow)
		if len(p.taken()) != 1 || len(still.taken()) != 0 {
			t.Errorf("%d mails by the other node, %d by the one that stood still", len(p.taken()), len(still.taken()))
		}
		if st := k.talks.state(1); st.State != conversation.Sent || st.MaybeTwice {
			t.Errorf("state is %+v", st)
		}
		k.deliver(t, slow)
		if len(still.taken()) != 0 {
			t.Error("sent again later")
		}
	})
}

func TestALostAnswerIsInDoubtAndSentAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		k.queueMessage(t, 1, "carl@example.test")
		p.set(func() { p.hangUp = true })
		k.deliver(t, s)
		if st := k.talks.state(1); st.State != conversation.InDoubt || st.MaybeTwice {
			t.Fatalf("state after a lost answer is %+v", st)
		}
		p.set(func() { p.hangUp = false })
		k.clock.Add(time.Minute)
		k.deliver(t, s)
		if st := k.talks.state(1); st.State != conversation.Sent || !st.MaybeTwice || len(p.taken()) != 2 {
			t.Errorf("state is %+v, %d mails", st, len(p.taken()))
		}
	})
}

func TestEachRecipientHasAStateOfItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		busy := true
		p.set(func() {
			p.onRcpt = func(to string) error {
				switch {
				case strings.HasPrefix(to, "gone"):
					return reply(550)
				case strings.HasPrefix(to, "busy") && busy:
					return reply(450)
				}
				return nil
			}
		})
		k.queueMessage(t, 1, "carl@example.test", "gone@example.test", "busy@example.test")
		k.deliver(t, s)
		st := k.talks.state(1)
		states := []conversation.DeliveryState{st.Recipients[0].State, st.Recipients[1].State, st.Recipients[2].State}
		if st.State != conversation.Queued || states[0] != conversation.Sent || states[1] != conversation.Failed || states[2] != conversation.Queued {
			t.Fatalf("states are %s %v", st.State, states)
		}
		p.set(func() { busy = false })
		k.clock.Add(time.Minute)
		k.deliver(t, s)
		got := p.taken()
		if len(got) != 2 || len(got[1].to) != 1 || got[1].to[0] != "busy@example.test" || got[0].raw != got[1].raw {
			t.Fatalf("the second mail went to %+v", got)
		}
		if st := k.talks.state(1); st.State != conversation.Failed || st.MaybeTwice || st.Recipients[1].Error == "" || st.Recipients[2].State != conversation.Sent {
			t.Errorf("state is %+v", st)
		}
	})
}

func TestAPermanentRefusalOfTheContentIsFinal(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	s := k.sendThrough(t, p, "")
	p.set(func() { p.onData = func(int) error { return reply(554) } })
	k.queueMessage(t, 1, "carl@example.test")
	k.deliver(t, s)
	k.clock.Add(time.Hour)
	if n := k.deliver(t, s); n != 0 {
		t.Error("a refused message was tried again")
	}
	if st := k.talks.state(1); st.State != conversation.Failed || st.Recipients[0].Error == "" {
		t.Errorf("state is %+v", st)
	}
}

func TestAWrongPasswordWaitsForTheAdminAndIsSaidPlainly(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	p.password = "right"
	s := k.sendThrough(t, p, "wrong")
	k.queueMessage(t, 1, "carl@example.test")
	k.deliver(t, s)
	if st := k.talks.state(1); st.State != conversation.Queued || !strings.Contains(st.Error, "did not accept user name and password") || strings.Contains(st.Error, "Authentication failed") {
		t.Errorf("state is %+v", st)
	}
	s = k.sendThrough(t, p, "right")
	k.clock.Add(time.Hour)
	k.deliver(t, s)
	if st := k.talks.state(1); st.State != conversation.Sent {
		t.Errorf("state is %+v", st)
	}
}

func TestRepliesShareOneConnectionAndSurviveItsEnd(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	s := k.sendThrough(t, p, "")
	for id := range int64(3) {
		k.queueMessage(t, id+1, "carl@example.test")
		k.deliver(t, s)
	}
	if p.sessions != 1 {
		t.Errorf("%d connections for three replies", p.sessions)
	}
	p.stop()
	p.start(p.addr)
	k.queueMessage(t, 4, "carl@example.test")
	k.deliver(t, s)
	if st := k.talks.state(4); st.State != conversation.Sent || st.MaybeTwice {
		t.Errorf("a closed connection was not replaced: %+v", st)
	}
}

func TestAMessageThatWasTakenBackIsNotSent(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	s := k.sendThrough(t, p, "")
	k.queueMessage(t, 1, "carl@example.test")
	k.talks.taken = map[int64]bool{1: true}
	k.queueMessage(t, 2, "carl@example.test")
	delete(k.talks.out, 2)
	for range 2 {
		k.deliver(t, s)
	}
	k.clock.Add(time.Hour)
	if n := k.deliver(t, s); n != 0 || len(p.taken()) != 0 {
		t.Errorf("%d jobs are left, %d mails were sent", n, len(p.taken()))
	}
}

func TestAnInboxWithoutASendingServerSaysSo(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	s := k.sendThrough(t, p, "")
	if err := k.inboxes.Archive(t.Context(), 0, k.inbox.ID); err != nil {
		t.Fatal(err)
	}
	k.queueMessage(t, 1, "carl@example.test")
	k.deliver(t, s)
	if st := k.talks.state(1); st.State != conversation.Failed || !strings.Contains(st.Error, "archived") {
		t.Errorf("state is %+v", st)
	}
}

func TestPitfallOurOwnMailThatComesBackIsNoMessageOfACustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		k.queueMessage(t, 1, "carl@example.test", "support@shop.test")
		k.deliver(t, s)
		id := k.keep(t, "Received: from a list\r\n"+p.taken()[0].raw)
		stranger := k.keep(t, strings.Replace(p.taken()[0].raw, "support@shop.test>\r\n", "thief@example.test>\r\n", 1))
		k.ingest(t)
		if row := k.ledgerState(t, id); row.Reason != "own message" || row.Message != 1 || row.Conversation != 1 {
			t.Errorf("ledger row is %+v", row)
		}
		if row := k.ledgerState(t, stranger); row.State != "threaded" {
			t.Errorf("a stranger's mail under our id is %+v", row)
		}
	})
}
