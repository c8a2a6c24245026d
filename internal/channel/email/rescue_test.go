package email

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/sender"
)

// rescueDesk has a customer who has written once, and both folders of the mailbox opened.
func rescueDesk(t *testing.T, d *db.DB) (*desk, *mailServer, *Watcher, *Watcher) {
	t.Helper()
	k, m := newDesk(t, d), newMailServer(t)
	m.must(m.user.Create("Spam", nil))
	ws := k.fetchFrom(t, m, nil)
	ws.Known, ws.Senders = k.talks.Known, k.ingester.Senders
	in, junk := k.watcher(t, ws, "INBOX"), k.watcher(t, ws, junkMail)
	m.put("Spam", mailText("anna@example.test", "from before", "old@example.test"), k.clock.Now().Add(-time.Hour))
	m.put("INBOX", mailText("anna@example.test", "first", "first@example.test"), k.clock.Now())
	k.look(t, in)
	k.look(t, junk)
	return k, m, in, junk
}

func (k *desk) subjectsAre(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(k.talks.subjects(), ","); got != want {
		t.Fatalf("came in: %s, want %s", got, want)
	}
}

func TestAKnownCustomersMailIsRescuedFromTheSpamFolderAndTheRestStaysThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m, in, junk := rescueDesk(t, d)
		k.subjectsAre(t, "first")
		now := k.clock.Now()
		rescued := mailText("Anna <Anna@Example.test>", "second", "second@example.test", "X-Spam-Flag: YES")
		m.put("Spam", mailText("casino@example.test", "win", "win@example.test"), now)
		m.put("Spam", rescued, now)
		m.put("Spam", mailText("anna@example.test", "away", "away@example.test", "Auto-Submitted: auto-replied"), now)
		m.put("Spam", mailText("Shop <support@shop.test>", "own", "own@example.test"), now)
		m.put("Spam", mailText("lottery@example.test", "again", "again@example.test"), now)
		k.look(t, junk)
		k.subjectsAre(t, "first,second")
		if got := k.talks.received[1]; !got.Facts.Rescued || got.Spam != nil || k.talks.received[0].Facts.Rescued {
			t.Errorf("the message is %+v", got)
		}
		if all, unseen := m.counts("Spam"); all != 6 || unseen != 6 {
			t.Errorf("%d mails, %d unread: the folder was changed", all, unseen)
		}
		m.put("INBOX", strings.Replace(rescued, "X-Spam-Flag: YES", "X-Moved: by hand", 1), now)
		k.look(t, in)
		k.look(t, junk)
		k.subjectsAre(t, "first,second")
		if b, err := k.ledger.Balance(t.Context(), false); err != nil || !b.Balanced || b.PendingIn != 0 {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}

func TestMailThatOnlyClaimsToBeACustomersStaysInTheSpamFolder(t *testing.T) {
	t.Parallel()
	k, m, _, junk := rescueDesk(t, dbtest.SQLite(t))
	if err := k.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE inbox SET trusted_authserv_ids = '["mx.shop.test"]'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	results := "Authentication-Results: mx.shop.test; dmarc="
	m.put("Spam", mailText("anna@example.test", "forged", "forged@example.test", results+"fail header.from=example.test"), k.clock.Now())
	m.put("Spam", mailText("anna@example.test", "real", "real@example.test", results+"pass header.from=example.test"), k.clock.Now())
	k.look(t, junk)
	k.subjectsAre(t, "first,real")
}

func TestTheListsDecideWhoseMailIsRescued(t *testing.T) {
	t.Parallel()
	k, m, _, junk := rescueDesk(t, dbtest.SQLite(t))
	ctx := access.With(t.Context(), &access.Actor{AgentID: 1, Permissions: map[access.Permission]bool{access.SettingsManage: true}})
	for pattern, kind := range map[string]sender.Kind{"anna@example.test": sender.Block, "friend@example.test": sender.Allow} {
		if _, err := k.ingester.Senders.List(ctx, kind, pattern, 0); err != nil {
			t.Fatal(err)
		}
	}
	m.put("Spam", mailText("anna@example.test", "blocked", "blocked@example.test"), k.clock.Now())
	m.put("Spam", mailText("friend@example.test", "allowed", "allowed@example.test"), k.clock.Now())
	k.look(t, junk)
	k.subjectsAre(t, "first,allowed")
}

func TestAMailboxWithoutASpamFolderIsHealthyAndOneThatIsReadAnywayIsReadOnce(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	ws := k.fetchFrom(t, m, nil)
	ws.Known = k.talks.Known
	w := k.watcher(t, ws, junkMail)
	k.look(t, w)
	if w.box.lastError != "" {
		t.Error(w.box.lastError)
	}
	m.must(m.user.Create("Junk", nil))
	k.look(t, w)
	w.conn.IMAP.Folders = []string{"INBOX", "Junk"}
	m.put("Junk", mailText("anna@example.test", "one", "one@example.test"), k.clock.Now())
	k.look(t, w)
	k.subjectsAre(t, "")
	i := *k.inbox
	if i.IMAP.NoRescue = true; len(foldersOf(&i)) != 1 {
		t.Errorf("folders are %v", foldersOf(&i))
	}
}
