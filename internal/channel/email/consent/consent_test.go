package consent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/lease"
)

// marked seals so that a test sees for which place.
type marked struct{}

func (marked) Seal(table, column string, row int64, p []byte) []byte {
	return fmt.Appendf(nil, "%s.%s.%d:%s", table, column, row, p)
}

func (marked) Open(table, column string, row int64, s []byte) ([]byte, error) {
	plain, ok := bytes.CutPrefix(s, fmt.Appendf(nil, "%s.%s.%d:", table, column, row))
	if !ok {
		return nil, errors.New("sealed for another place")
	}
	return plain, nil
}

// service answers like a sign-in service that gives a new token each time.
type service struct {
	calls  atomic.Int64
	refuse atomic.Value // a code
	mu     sync.Mutex
	forms  []url.Values
}

func (s *service) exchange(_ context.Context, _ string, form url.Values) (Answer, error) {
	n := s.calls.Add(1)
	s.mu.Lock()
	s.forms = append(s.forms, form)
	s.mu.Unlock()
	if code, _ := s.refuse.Load().(string); code != "" {
		return Answer{}, &Refusal{Code: code}
	}
	return Answer{AccessToken: fmt.Sprintf("access%d", n), RefreshToken: fmt.Sprintf("refresh%d", n), ExpiresIn: 3600}, nil
}

type bench struct {
	*Service
	at     atomic.Int64
	remote *service
	id     inbox.ID
}

func newBench(t *testing.T, d *db.DB) *bench {
	t.Helper()
	b := &bench{remote: &service{}}
	b.at.Store(time.Date(2025, 11, 28, 9, 0, 0, 0, time.UTC).UnixMilli())
	now := func() time.Time { return time.UnixMilli(b.at.Load()).UTC() }
	log := slog.New(slog.DiscardHandler)
	inboxes := &inbox.Service{DB: d, Feed: &event.Feed{Now: now}, Secrets: marked{}, Now: now}
	b.Service = &Service{DB: d, Secrets: marked{}, Inboxes: inboxes, Leases: &lease.Holder{DB: d, Node: "one", Log: log},
		Redirect: "https://desk.example/back", Exchange: b.remote.exchange, Now: now, Log: log}
	ctx := context.Background()
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO brand (name, created_at) VALUES ('Shop', 1)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	i := inbox.Inbox{Channel: inbox.Email, Name: "Shop", Address: "support@shop.test", ReopenDays: -1}
	i.IMAP.Server = inbox.Server{Host: "imap.gmail.com", Port: 993, Username: "support@shop.test", TLS: inbox.TLSDirect, Auth: inbox.MailboxConsent}
	made, err := inboxes.Create(ctx, 0, i, inbox.Passwords{})
	if err != nil {
		t.Fatal(err)
	}
	b.id = made.ID
	secret := "very secret"
	if _, err := b.SetProvider(ctx, Provider{Key: Google, ClientID: "shop"}, &secret); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) connect(t *testing.T) url.Values {
	t.Helper()
	address, err := b.Begin(context.Background(), 7, b.id, "")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Finish(context.Background(), 7, u.Query().Get("state"), "a code", ""); err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestTheVisitCarriesStateAndAProofOfWhoBegan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		asked := b.connect(t)
		for name, want := range map[string]string{"client_id": "shop", "redirect_uri": "https://desk.example/back", "code_challenge_method": "S256",
			"access_type": "offline", "scope": "https://mail.google.com/", "login_hint": "support@shop.test"} {
			if asked.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, asked.Get(name), want)
			}
		}
		form := b.remote.forms[0]
		if form.Get("client_secret") != "very secret" || len(form.Get("code_verifier")) < 43 || asked.Get("code_challenge") == form.Get("code_verifier") {
			t.Errorf("the exchange was %v", form)
		}
		if token, err := b.Token(context.Background(), b.id, ""); err != nil || token != "access1" {
			t.Errorf("token %q, %v", token, err)
		}
	})
}

func TestATokenIsRenewedOnceHoweverManyAskForIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.connect(t)
		b.at.Add((59 * time.Minute).Milliseconds())
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if token, err := b.Token(context.Background(), b.id, ""); err != nil || token != "access2" {
					t.Errorf("token %q, %v", token, err)
				}
			})
		}
		wg.Wait()
		if n := b.remote.calls.Load(); n != 2 {
			t.Errorf("the service was asked %d times, want 2", n)
		}
		if got := b.remote.forms[1].Get("refresh_token"); got != "refresh1" {
			t.Errorf("renewed with %q", got)
		}
	})
}

func TestARefusedTokenIsReplacedAndAnotherNodesRenewalIsUsed(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t))
	b.connect(t)
	ctx := context.Background()
	if token, err := b.Token(ctx, b.id, "access1"); err != nil || token != "access2" {
		t.Fatalf("token %q, %v", token, err)
	}
	if token, err := b.Token(ctx, b.id, "access1"); err != nil || token != "access2" || b.remote.calls.Load() != 2 {
		t.Errorf("token %q, %v after %d calls", token, err, b.remote.calls.Load())
	}
}

func TestOnlyARefusalOfTheConsentEndsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.connect(t)
		ctx := context.Background()
		for _, c := range []struct {
			code, want string
			state      State
		}{
			{"temporarily_unavailable", "consent_unreachable", Given},
			{"invalid_client", "consent_client", Given},
			{"invalid_grant", "consent_revoked", Revoked},
		} {
			b.remote.refuse.Store(c.code)
			b.at.Add(time.Hour.Milliseconds())
			_, err := b.Token(ctx, b.id, "")
			var e *Error
			if !errors.As(err, &e) || e.Code != c.want {
				t.Errorf("%s: %v, want %s", c.code, err, c.want)
			}
			if got, err := Read(ctx, d, b.id); err != nil || got.State != c.state || got.LastError == "" {
				t.Errorf("%s: consent is %+v, %v", c.code, got, err)
			}
		}
		b.remote.refuse.Store("")
		b.connect(t)
		if token, err := b.Token(ctx, b.id, ""); err != nil || token == "" {
			t.Errorf("after another consent: %v", err)
		}
	})
}

func TestASecretNeverGoesToAnotherAddressThanItWasEnteredFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t))
	ctx := context.Background()
	_, err := b.SetProvider(ctx, Provider{Key: Google, ClientID: "shop", TokenURL: "https://elsewhere.example/token"}, nil)
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("the secret would go elsewhere: %v", err)
	}
	for _, wrong := range []string{"http://id.example/token", "ftp://id.example", "https://u:p@id.example/", "nothing"} {
		if _, err := b.SetProvider(ctx, Provider{Key: Google, ClientID: "shop", TokenURL: wrong}, new(string)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s was taken: %v", wrong, err)
		}
	}
	p, err := b.SetProvider(ctx, Provider{Key: Google}, nil)
	if err != nil || p.SecretSet || p.Ready() {
		t.Errorf("without a client the service is %+v, %v", p, err)
	}
}

func TestEverySecretOfConsentsIsSealedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.connect(t)
		ctx := context.Background()
		if _, err := b.Begin(ctx, 7, b.id, ""); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		err := d.Write(ctx, func(tx *db.Tx) error {
			return ResealTx(ctx, tx, func(table, column string, row int64, sealed []byte) []byte {
				if !strings.HasPrefix(string(sealed), fmt.Sprintf("%s.%s.%d:", table, column, row)) {
					t.Errorf("%s.%s %d holds %q", table, column, row, sealed)
				}
				seen[table+"."+column] = true
				return []byte("again")
			})
		})
		if err != nil || len(seen) != 4 {
			t.Errorf("sealed again: %v, %v", seen, err)
		}
	})
}
