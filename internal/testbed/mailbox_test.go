package testbed_test

import (
	"testing"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/testbed"
)

func removeFirst(t *testing.T, d *testbed.Dovecot, who string) {
	t.Helper()
	c := d.Client(who)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := c.Store(imap.SeqSetNum(1), deleted, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Expunge().Close(); err != nil {
		t.Fatal(err)
	}
}

func uids(mails []testbed.Mail) []imap.UID {
	var ids []imap.UID
	for _, m := range mails {
		ids = append(ids, m.UID)
	}
	return ids
}
