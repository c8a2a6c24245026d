package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

var at = time.Date(2025, 11, 28, 9, 0, 0, 0, time.UTC)

func now() time.Time { return at }

// turned is a toy cipher that is bound to its place, as the real one is.
type turned struct{}

func (turned) Seal(table, column string, row int64, plain []byte) []byte {
	return append(fmt.Appendf(nil, "%s.%s.%d|", table, column, row), turn(plain)...)
}

func (turned) Open(table, column string, row int64, sealed []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(sealed, fmt.Appendf(nil, "%s.%s.%d|", table, column, row))
	if !ok {
		return nil, errors.New("sealed for another place")
	}
	return turn(rest), nil
}

func turn(b []byte) []byte {
	out := bytes.Clone(b)
	for i := range out {
		out[i] ^= 0x5a
	}
	return out
}

func newService(t *testing.T, d *db.DB) *inbox.Service {
	t.Helper()
	exec(t, d, "INSERT INTO brand (name, created_at) VALUES ('Shop', 1)")
	return &inbox.Service{DB: d, Feed: &event.Feed{Now: now}, Secrets: turned{}, Now: now}
}

func exec(t *testing.T, d *db.DB, text string, args ...any) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), text, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func shop() inbox.Inbox {
	return inbox.Inbox{
		Channel: inbox.Email, Name: "Support", Address: "Support@Shop.test", Aliases: []string{"help@shop.test"}, ReopenDays: -1,
		IMAP: inbox.IMAP{Server: inbox.Server{Host: "mail.shop.test", Username: "support"}},
		SMTP: inbox.Server{Host: "mail.shop.test", Username: "support"},
	}
}

func secret(s string) *string { return &s }

func create(t *testing.T, s *inbox.Service, i inbox.Inbox) *inbox.Inbox {
	t.Helper()
	out, err := s.Create(context.Background(), 0, i, inbox.Passwords{IMAP: secret("pw-in"), SMTP: secret("pw-out")})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnInboxIsMadeWithItsUsualSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		i := create(t, s, shop())
		if i.IMAP.Port != 993 || i.SMTP.Port != 465 || i.SMTP.TLS != inbox.TLSDirect || i.IMAP.Folders[0] != "INBOX" {
			t.Errorf("servers are %+v and %+v", i.IMAP, i.SMTP)
		}
		if i.ReopenDays != 60 || i.AfterReply != "pending" || i.FromStyle != inbox.AgentAndShop || i.DefaultAccess != access.Any {
			t.Errorf("defaults are %+v", i)
		}
		if !i.IMAPPasswordSet || !i.SMTPPasswordSet || len(i.Aliases) != 1 || i.Brand == 0 {
			t.Errorf("parts are missing in %+v", i)
		}
	})
}

func TestPasswordsAreSealedAndOpenOnlyForTheChannel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		i := create(t, s, shop())
		var stored []byte
		if err := d.QueryRow(context.Background(), "SELECT imap_secret FROM inbox WHERE id = ?", int64(i.ID)).Scan(&stored); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(stored, []byte("pw-in")) {
			t.Error("the password stands in the database")
		}
		c, err := s.Connection(context.Background(), i.ID)
		if err != nil || c.IMAPPassword != "pw-in" || c.SMTPPassword != "pw-out" {
			t.Errorf("connection has %q, %q, %v", c.IMAPPassword, c.SMTPPassword, err)
		}
	})
}

func TestAStoredPasswordDoesNotGoToAnotherServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := newService(t, d), context.Background()
		i := create(t, s, shop())
		steal := func(i *inbox.Inbox) error { i.SMTP.Host = "evil.test"; return nil }
		if _, err := s.Update(ctx, 0, i.ID, 0, inbox.Passwords{}, steal); !errs.Is(err, errs.Invalid) {
			t.Fatalf("another server got the password: %v", err)
		}
		if _, err := s.Update(ctx, 0, i.ID, 0, inbox.Passwords{SMTP: secret("new")}, steal); err != nil {
			t.Fatal(err)
		}
		gone := func(i *inbox.Inbox) error { i.IMAP = inbox.IMAP{}; return nil }
		out, err := s.Update(ctx, 0, i.ID, 0, inbox.Passwords{}, gone)
		if err != nil || out.IMAPPasswordSet || !out.SMTPPasswordSet {
			t.Fatalf("a removed server keeps its password: %+v, %v", out, err)
		}
	})
}

func TestTheHistoryIsChosenBeforeTheFirstConnection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := newService(t, d), context.Background()
		i := create(t, s, shop())
		days := func(n int) error {
			_, err := s.Update(ctx, 0, i.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error { i.IMAP.HistoryDays = n; return nil })
			return err
		}
		exec(t, d, "INSERT INTO mailbox (inbox_id, folder) VALUES (?, 'INBOX')", int64(i.ID))
		if err := days(30); err != nil {
			t.Fatalf("nothing was read yet: %v", err)
		}
		exec(t, d, "UPDATE mailbox SET next_uid = 7")
		var e *errs.Error
		if err := days(90); !errors.As(err, &e) || e.Fields[0].Location != "body.imap.history_days" {
			t.Errorf("90 days were taken and would do nothing: %v", err)
		}
		if err := days(30); err != nil {
			t.Errorf("the same as before: %v", err)
		}
	})
}

func TestAStaleVersionIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := newService(t, d), context.Background()
		i := create(t, s, shop())
		rename := func(i *inbox.Inbox) error { i.Name = "Service"; return nil }
		if _, err := s.Update(ctx, 0, i.ID, i.Version, inbox.Passwords{}, rename); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Update(ctx, 0, i.ID, i.Version, inbox.Passwords{}, rename); !errs.Is(err, errs.Conflict) {
			t.Fatalf("got %v, want a conflict", err)
		}
	})
}

func TestAnAddressBelongsToOneInboxUntilItIsArchived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := newService(t, d), context.Background()
		first := create(t, s, shop())
		if _, err := s.Create(ctx, 0, shop(), inbox.Passwords{}); !errs.Is(err, errs.Invalid) {
			t.Fatalf("two inboxes answer to one address: %v", err)
		}
		for _, a := range []string{"support@shop.test", "HELP@shop.test", "support+order7@shop.test"} {
			if id, err := s.ByAddress(ctx, a); err != nil || id != first.ID {
				t.Errorf("%s leads to %d, %v", a, id, err)
			}
		}
		if err := s.Archive(ctx, 0, first.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.ByAddress(ctx, "support@shop.test"); !errs.Is(err, errs.NotFound) {
			t.Errorf("an archived inbox still gets mail: %v", err)
		}
		second := create(t, s, shop())
		all, err := s.List(ctx, false)
		if err != nil || len(all) != 1 || all[0].ID != second.ID {
			t.Errorf("list has %v, %v", all, err)
		}
	})
}

func TestWrongInputNamesEveryField(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	_, err := s.Create(context.Background(), 0, inbox.Inbox{
		Channel: "email", Address: "nobody", FromStyle: "loud", DefaultAccess: "some",
		IMAP: inbox.IMAP{Server: inbox.Server{Host: "mail.test:993", TLS: "ssl", Port: 99999}, HistoryDays: 5},
	}, inbox.Passwords{})
	var e *errs.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	have := map[string]bool{}
	for _, f := range e.Fields {
		have[f.Location] = true
	}
	for _, want := range []string{"body.name", "body.address", "body.from_style", "body.default_access", "body.imap.host", "body.imap.tls", "body.imap.port", "body.imap.history_days"} {
		if !have[want] {
			t.Errorf("%s is not named in %v", want, e.Fields)
		}
	}
}

func TestHostsToBelieveAreNamesOfHosts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		i := inbox.Inbox{Channel: inbox.Email, Name: "Shop", Address: "a@shop.test", TrustedAuthservIDs: []string{" MX.shop.test", "mx.shop.test", "*.shop.test"}}
		made, err := s.Create(t.Context(), 0, i, inbox.Passwords{})
		if err != nil || fmt.Sprint(made.TrustedAuthservIDs) != "[mx.shop.test *.shop.test]" {
			t.Fatalf("%+v, %v", made, err)
		}
		for _, bad := range []string{"", "*", "*.", "mx.*", "two words", "(none)"} {
			_, err := s.Update(t.Context(), 0, made.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
				i.TrustedAuthservIDs = []string{bad}
				return nil
			})
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%q is taken: %v", bad, err)
			}
		}
	})
}

func TestMembersSeeWhatTheirRowSaysAndOthersTheDefault(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := newService(t, d), context.Background()
		exec(t, d, "INSERT INTO role (role_key, name, permissions) VALUES ('agent', 'Agent', '[]')")
		exec(t, d, "INSERT INTO agent (email, name, role_id, created_at) VALUES ('a@shop.test', 'Anna', 1, 1), ('b@shop.test', 'Ben', 1, 1)")
		i := shop()
		i.DefaultAccess, i.Members = access.None, []inbox.Member{{AgentID: 1, Access: access.Team}}
		made := create(t, s, i)
		for agent, want := range map[int64]access.Level{1: access.Team, 2: access.None} {
			levels, err := s.Levels(ctx, agent)
			if err != nil || levels[int64(made.ID)] != want {
				t.Errorf("agent %d sees %v, %v", agent, levels, err)
			}
		}
		_, err := s.Update(ctx, 0, made.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
			i.Members = []inbox.Member{{AgentID: 77, Access: access.Own}}
			return nil
		})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("an unknown agent became a member: %v", err)
		}
	})
}

func TestAChangeIsPublishedAndTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, told := newService(t, d), 0
		s.Changed = func() { told++ }
		i := create(t, s, shop())
		if err := s.Archive(context.Background(), 5, i.ID); err != nil {
			t.Fatal(err)
		}
		var made, archived int
		err := d.QueryRow(context.Background(), `SELECT COUNT(*), COUNT(CASE WHEN actor_type = 'agent' AND actor_id = 5 THEN 1 END)
			FROM event WHERE type = ? AND inbox_id = ?`, string(inbox.Updated), int64(i.ID)).Scan(&made, &archived)
		if err != nil || made != 2 || archived != 1 || told != 2 {
			t.Errorf("%d events, %d by the agent, told %d, %v", made, archived, told, err)
		}
	})
}
