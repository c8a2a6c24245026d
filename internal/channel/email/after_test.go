package email

import (
	"errors"
	"testing"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func (m *mailServer) counts(folder string) (all, unseen uint32) {
	m.t.Helper()
	s, err := m.user.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true})
	m.must(err)
	return *s.NumMessages, *s.NumUnseen
}

func TestFetchedMailIsMarkedAsRead(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	w := k.watcher(t, k.fetchFrom(t, m, func(i *inbox.IMAP) { i.AfterFetch = inbox.MarkSeen }), "INBOX")
	m.put("INBOX", numbered(0), k.clock.Now().AddDate(-1, 0, 0))
	k.look(t, w)
	for n := range 3 {
		m.put("INBOX", numbered(n+1), k.clock.Now())
	}
	k.look(t, w)
	if all, unseen := m.counts("INBOX"); all != 4 || unseen != 1 || len(k.talks.subjects()) != 3 {
		t.Errorf("%d mails, %d unread, %d messages: only the old one stays unread", all, unseen, len(k.talks.subjects()))
	}
}

func TestFetchedMailIsMovedOnceItIsKeptAndAFailureLosesNone(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	ws := k.fetchFrom(t, m, func(i *inbox.IMAP) { i.AfterFetch, i.MoveTo = inbox.Move, "Processed" })
	w := k.watcher(t, ws, "INBOX")
	k.look(t, w)
	m.put("INBOX", numbered(1), k.clock.Now())
	k.look(t, w)
	if all, _ := m.counts("INBOX"); all != 0 {
		t.Errorf("%d mails were not moved", all)
	}
	m.put("INBOX", numbered(2), k.clock.Now())
	w.conn.IMAP.AfterFetch = inbox.Leave // killed between keeping and moving
	k.look(t, w)
	for range maxTries + 2 {
		m.noMove, w.conn.IMAP.AfterFetch = true, inbox.Move
		if err := w.runOnce(t.Context()); err == nil {
			t.Fatal("a mail was moved into a folder that cannot be")
		}
	}
	m.put("INBOX", numbered(3), k.clock.Now())
	if err := w.runOnce(t.Context()); err == nil || errors.Is(err, errWithheld) {
		t.Errorf("the failure was %v", err)
	}
	m.noMove = false
	k.look(t, w)
	all, _ := m.counts("INBOX")
	moved, _ := m.counts("Processed")
	if all != 0 || moved != 3 || len(k.talks.subjects()) != 3 {
		t.Errorf("%d left, %d moved, messages are %v", all, moved, k.talks.subjects())
	}
}
