package notice_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// server is an SMTP server that keeps what it is sent, or refuses it.
type server struct {
	mu     sync.Mutex
	refuse error
	got    [][]byte
	port   int
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = on.Addr().(*net.TCPAddr).Port
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{s}, nil }))
	srv.Domain = "mx.example"
	go func() { _ = srv.Serve(on) }()
	t.Cleanup(func() { _ = srv.Close() })
	return s
}

func (s *server) take() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.got
	s.got = nil
	return out
}

func (s *server) refuseWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = err
}

type session struct{ s *server }

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	return s.s.refuse
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.s.mu.Lock()
	defer s.s.mu.Unlock()
	s.s.got = append(s.s.got, raw)
	return err
}

type desk struct {
	*notice.Service
	t   *testing.T
	srv *server
	now time.Time
}

func newDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	keys, err := secret.Parse(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	out := &desk{t: t, srv: newServer(t), now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return out.now }
	log := slog.New(slog.DiscardHandler)
	out.Service = &notice.Service{DB: d, Queue: &job.Queue{DB: d, Now: now, Log: log}, Inboxes: &inbox.Service{DB: d, Secrets: keys, Now: now},
		Dialer: &email.Dialer{}, Secrets: keys, PublicURL: "https://desk.shop.example", Now: now, Log: log}
	return out
}

func (d *desk) settings() notice.Settings {
	return notice.Settings{Address: "desk@shop.example", Name: "Linden & Loom", SMTP: inbox.Server{Host: "127.0.0.1", Port: d.srv.port, TLS: inbox.TLSNone}}
}

func (d *desk) save() {
	d.t.Helper()
	if _, err := d.Save(d.t.Context(), d.settings(), new("")); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) queue(n access.Notice) {
	d.t.Helper()
	if err := d.DB.Write(d.t.Context(), func(tx *db.Tx) error { return d.SendTx(d.t.Context(), tx, n) }); err != nil {
		d.t.Fatal(err)
	}
}

// work runs the job once and says what it left of the mail.
func (d *desk) work() access.MailState {
	d.t.Helper()
	if _, err := d.Queue.RunOnce(d.t.Context(), d.Kind()); err != nil {
		d.t.Fatal(err)
	}
	states, err := d.InvitationMails(d.t.Context(), d.DB, []int64{7})
	if err != nil {
		d.t.Fatal(err)
	}
	return states[7]
}

const link = "https://desk.shop.example/invitation?token=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

func (d *desk) invitation(locale string) access.Notice {
	return access.Notice{Kind: access.NoticeInvitation, To: "ann@shop.example", Name: "Ann", Locale: locale, By: "Olga", Link: link,
		ExpiresAt: d.now.Add(72 * time.Hour), Invitation: 7}
}

func TestEveryMailIsWellWrittenInEveryLanguage(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	d.save()
	subjects := map[string]bool{}
	for _, locale := range []string{"en", "ja", "tr", "uk"} {
		for _, kind := range []string{access.NoticeInvitation, access.NoticeReset, access.NoticePasswordChanged, access.NoticeStepRemoved} {
			n := access.Notice{Kind: kind, To: "ann@shop.example", Name: "Ann <b>", Locale: locale, By: "Olga & Co"}
			if kind == access.NoticeInvitation || kind == access.NoticeReset {
				n.Link, n.ExpiresAt = link, d.now.Add(time.Minute)
			}
			d.queue(n)
			d.work()
			got := d.srv.take()
			if len(got) != 1 {
				t.Fatalf("%s %s: %d mails", kind, locale, len(got))
			}
			m, err := mail.Parse(bytes.NewReader(got[0]), mail.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if m.From.Address != "desk@shop.example" || m.From.Name != "Linden & Loom" || m.Subject == "" || subjects[m.Subject] ||
				!bytes.Contains(got[0], []byte("Auto-Submitted: auto-generated")) {
				t.Errorf("%s %s: %+v %q", kind, locale, m.From, m.Subject)
			}
			subjects[m.Subject] = true
			for name, text := range map[string]string{"text": m.Text, "html": m.HTML} {
				if strings.ContainsAny(text, "{}") || !strings.Contains(text, "desk.shop.example") || n.Link != "" && !strings.Contains(text, "token=abc") {
					t.Errorf("%s %s %s: %s", kind, locale, name, text)
				}
			}
			if strings.Contains(m.HTML, "<b>") {
				t.Errorf("%s %s: a name is read as HTML", kind, locale)
			}
		}
	}
}

func TestAMailIsTriedAgainAndItsLinkIsForgottenAfterwards(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.save()
		d.srv.refuseWith(&smtp.SMTPError{Code: 451, Message: "later"})
		d.queue(d.invitation("en"))
		if state := d.work(); state.State != "queued" {
			t.Errorf("%+v", state)
		}
		if s, err := d.Get(t.Context()); err != nil || s.LastError == "" {
			t.Errorf("%+v, %v", s, err)
		}
		d.srv.refuseWith(nil)
		d.now = d.now.Add(time.Minute)
		if state := d.work(); state.State != "sent" {
			t.Errorf("%+v", state)
		}
		if got := d.srv.take(); len(got) != 1 {
			t.Errorf("%d mails", len(got))
		}
		if s, err := d.Get(t.Context()); err != nil || s.LastError != "" || !s.LastSuccessAt.Equal(d.now) {
			t.Errorf("%+v, %v", s, err)
		}
		var left int
		if err := database.QueryRow(t.Context(), "SELECT COUNT(*) FROM notice WHERE link_secret IS NOT NULL").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d links are kept, %v", left, err)
		}
	})
}

func TestARefusedAddressAndAnExpiredLinkAreGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.save()
		d.srv.refuseWith(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody"})
		d.queue(d.invitation("en"))
		if state := d.work(); state.State != "failed" || state.Error != "The recipient's address does not exist." {
			t.Errorf("%+v", state)
		}
		d.srv.refuseWith(nil)
		d.queue(d.invitation("en"))
		d.now = d.now.Add(73 * time.Hour)
		if state := d.work(); state.State != "failed" || len(d.srv.take()) != 0 {
			t.Errorf("%+v", state)
		}
	})
}

func TestTheTestMailSaysInWordsWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	ok, steps, err := d.Test(t.Context(), d.settings(), nil, "olga@shop.example", "uk")
	if err != nil || !ok || len(steps) != 3 || steps[2].Code != "test_sent" || len(d.srv.take()) != 1 {
		t.Errorf("%v %+v %v", ok, steps, err)
	}
	d.srv.refuseWith(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "relaying denied"})
	ok, steps, err = d.Test(t.Context(), d.settings(), nil, "olga@shop.example", "en")
	if err != nil || ok || steps[2].Code != "policy" {
		t.Errorf("%v %+v %v", ok, steps, err)
	}
}

func TestAPasswordDoesNotGoToAnotherServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		s := d.settings()
		s.SMTP.Username = "desk"
		if _, err := d.Save(t.Context(), s, new("hidden")); err != nil {
			t.Fatal(err)
		}
		s.SMTP.Host = "evil.example"
		if _, err := d.Save(t.Context(), s, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("the stored password went along: %v", err)
		}
		if _, _, err := d.Test(t.Context(), s, nil, "olga@shop.example", "en"); !errs.Is(err, errs.Invalid) {
			t.Errorf("the stored password was tried: %v", err)
		}
		s.Name = "Desk"
		s.SMTP.Host = "127.0.0.1"
		if out, err := d.Save(t.Context(), s, nil); err != nil || !out.PasswordSet {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func TestAnInboxCanSend(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	if _, err := d.Save(t.Context(), notice.Settings{Inbox: 99}, nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("an inbox that is not there: %v", err)
	}
	if ready, err := d.Ready(t.Context(), d.DB); ready || err != nil {
		t.Errorf("%v %v", ready, err)
	}
	d.queue(d.invitation("en")) // goes nowhere and is no error
	if n, err := d.Queue.RunOnce(context.Background(), d.Kind()); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if err := d.Remove(t.Context()); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
