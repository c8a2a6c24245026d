package email_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

// newConsentShop is a shop whose mailbox is used by consent alone, at a real
// identity provider that a real Dovecot asks about each token.
func newConsentShop(t *testing.T, d *db.DB) (*shop, *testbed.Identity) {
	t.Helper()
	id := testbed.StartIdentity(t)
	s := newShop(t, d, testbed.DovecotOptions{Identity: id}, nil, func(i *inbox.Inbox) {
		i.IMAP.Auth, i.SMTP.Auth = inbox.MailboxConsent, inbox.MailboxConsent
	})
	secret := "desk-secret"
	_, err := s.consent.SetProvider(context.Background(), consent.Provider{
		Key: consent.Other, ClientID: "desk", AuthorizeURL: id.URL + "/auth", TokenURL: id.URL + "/token", Scopes: []string{"openid", "mail", "offline_access"},
	}, &secret)
	if err != nil {
		t.Fatal(err)
	}
	return s, id
}

// connect goes to the identity provider and back.
func (s *shop) connect(id *testbed.Identity) {
	s.t.Helper()
	ctx := context.Background()
	address, err := s.consent.Begin(ctx, 7, s.inbox, "")
	if err != nil {
		s.t.Fatal(err)
	}
	back := id.Visit(address)
	if _, err := s.consent.Finish(ctx, 7, back.Get("state"), back.Get("code"), back.Get("error")); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) health() email.Health {
	s.t.Helper()
	i, err := s.inboxes.Get(context.Background(), s.inbox)
	if err != nil {
		s.t.Fatal(err)
	}
	h, err := email.ReadHealth(context.Background(), s.db, i, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

func (s *shop) accessToken() string {
	s.t.Helper()
	var token []byte
	if err := s.db.QueryRow(context.Background(), "SELECT access_secret FROM consent").Scan(&token); err != nil {
		s.t.Fatal(err)
	}
	return string(token)
}

func TestAMailboxIsUsedByConsentUntilThatIsTakenBack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, id := newConsentShop(t, d)
		if h := s.health(); h.State != "error" || h.Consent.State != consent.Missing || !strings.Contains(h.LastError, "Connect it") {
			t.Fatalf("before the consent: %+v", h)
		}
		s.connect(id)
		s.connected()
		s.send("Parcel", "first@post.test")
		s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
		talk := int64(s.count("SELECT MIN(id) FROM conversation"))
		m := s.reply(talk, "It is on its way.")
		s.dovecot.Await(testbed.Customer.Address, "INBOX", testbed.HeaderIs("Message-ID", "<"+m.RFCID+">"))
		s.until("the reply is sent", func() bool { return s.message(m.ID).Delivery.State == conversation.Sent })

		first := s.accessToken()
		s.ahead.Add(int64(55 * time.Minute))
		if err := s.consent.RenewDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		if second := s.accessToken(); second == first || second == "" {
			t.Fatal("the token was not renewed before its end")
		}
		s.send("Second", "second@post.test")
		s.until("mail comes in after the renewal", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 2 })

		id.Revoke(testbed.Support.Address)
		s.ahead.Add(int64(55 * time.Minute))
		if err := s.consent.RenewDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		h := s.health()
		if h.State != "error" || h.Consent.State != consent.Revoked || !strings.Contains(h.LastError, "taken back") {
			t.Fatalf("after the revocation: %+v", h)
		}
		late := s.reply(talk, "One thing more.")
		s.until("the waiting reply says why", func() bool { return strings.Contains(s.message(late.ID).Delivery.Error, "taken back") })

		s.connect(id)
		s.ahead.Add(int64(time.Minute))
		s.until("the reply leaves after the second consent", func() bool { return s.message(late.ID).Delivery.State == conversation.Sent })
		s.send("Third", "third@post.test")
		s.until("mail comes in again", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 3 })
	})
}

func TestARefusedTokenShowsAtOnceThatTheConsentIsGone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	s, id := newConsentShop(t, dbtest.SQLite(t))
	s.connect(id)
	s.connected()
	id.Revoke(testbed.Support.Address)
	ok, steps := (&email.Dialer{Tokens: s.consent}).Check(context.Background(), s.connection(), s.now)
	if ok {
		t.Fatalf("the test passes without a consent: %+v", steps)
	}
	if h := s.health(); h.Consent.State != consent.Revoked {
		t.Errorf("consent is %+v, steps are %+v", h.Consent, steps)
	}
	s.connect(id)
	if ok, steps = (&email.Dialer{Tokens: s.consent}).Check(context.Background(), s.connection(), s.now); !ok {
		t.Errorf("after the second consent: %+v", steps)
	}
}

func (s *shop) connection() *inbox.Connection {
	s.t.Helper()
	c, err := s.inboxes.Connection(context.Background(), s.inbox)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestAConsentThatWasNotGivenChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	s, id := newConsentShop(t, dbtest.SQLite(t))
	ctx := context.Background()
	address, err := s.consent.Begin(ctx, 7, s.inbox, "")
	if err != nil {
		t.Fatal(err)
	}
	back := id.Visit(strings.Replace(address, "support%40", "nobody%40", 1))
	if _, err := s.consent.Finish(ctx, 7, back.Get("state"), back.Get("code"), back.Get("error")); err == nil || back.Get("error") == "" {
		t.Errorf("a refusal at the provider was taken: %v, %v", back, err)
	}
	if address, err = s.consent.Begin(ctx, 7, s.inbox, ""); err != nil {
		t.Fatal(err)
	}
	back = id.Visit(address)
	if _, err := s.consent.Finish(ctx, 8, back.Get("state"), back.Get("code"), ""); err == nil {
		t.Error("another agent finished what they had not begun")
	}
	if _, err := s.consent.Finish(ctx, 7, back.Get("state"), back.Get("code"), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.consent.Finish(ctx, 7, back.Get("state"), back.Get("code"), ""); err == nil {
		t.Error("a state worked twice")
	}
	var e *consent.Error
	if _, err := s.consent.Token(ctx, s.inbox, ""); errors.As(err, &e) {
		t.Errorf("no token after the consent: %v", err)
	}
}
