package consent

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/lease"
)

const (
	// spare is how long a token that is handed out is good for at least.
	spare = 2 * time.Minute
	// ahead is how long before its end a token is renewed by the clock.
	ahead = 10 * time.Minute
	// usualLife is taken where the provider does not say.
	usualLife = time.Hour
)

// State of a consent.
type State string

// The states. Missing stands for no row.
const (
	Missing State = "missing"
	Given   State = "given"
	Revoked State = "revoked"
)

// Consent is what is known of one inbox's consent, without its tokens.
type Consent struct {
	Inbox     inbox.ID
	Provider  string
	State     State
	GivenAt   time.Time
	RenewedAt time.Time
	RevokedAt time.Time
	ExpiresAt time.Time // of the access token
	LastError string    // of the last renewal, "" = it worked
}

// Answer is what a token endpoint gave (RFC 6749, 5.1).
type Answer struct {
	AccessToken  string
	RefreshToken string
	ExpiresIn    int64 // seconds
}

// Refusal is an error of a token endpoint (RFC 6749, 5.2).
type Refusal struct {
	Code string // such as invalid_grant
	Text string
}

func (r *Refusal) Error() string { return "refused: " + r.Code + " " + r.Text }

// Token gives an access token of the inbox that is valid for two minutes at
// least. refused is a token that a mail server did not accept: it is replaced.
func (s *Service) Token(ctx context.Context, id inbox.ID, refused string) (string, error) {
	token, err := s.usable(ctx, id, refused, spare)
	if token != "" || err != nil {
		return token, err
	}
	return s.renew(ctx, id, refused, spare)
}

// usable is the stored token when it is good enough, "" when it is not.
func (s *Service) usable(ctx context.Context, id inbox.ID, refused string, rest time.Duration) (string, error) {
	g, err := loadGrant(ctx, s.DB, id)
	if err != nil {
		return "", err
	}
	switch {
	case g == nil:
		return "", s.missing(ctx, id)
	case g.State == Revoked:
		return "", revoked(g.Provider, errors.New(g.LastError))
	case g.access == nil || g.ExpiresAt.Sub(s.Now()) < rest:
		return "", nil
	}
	plain, err := s.Secrets.Open("consent", "access_secret", g.id, g.access)
	if err != nil || string(plain) == refused {
		return "", nil //nolint:nilerr // a token that cannot be read is replaced
	}
	return string(plain), nil
}

func (s *Service) missing(ctx context.Context, id inbox.ID) error {
	i, err := s.Inboxes.Get(ctx, id)
	if err != nil {
		return err
	}
	host := i.IMAP.Host
	if host == "" {
		host = i.SMTP.Host
	}
	return missing(Of(host))
}

// renew asks for another token under the lease of the inbox. Whoever waited
// meanwhile uses what the first one got.
func (s *Service) renew(ctx context.Context, id inbox.ID, refused string, rest time.Duration) (token string, err error) {
	lock := s.lockOf(id)
	lock.Lock()
	defer lock.Unlock()
	name := fmt.Sprintf("consent/%d", id)
	err = s.Leases.Do(ctx, name, func(ctx context.Context, held int64) error {
		if token, err = s.usable(ctx, id, refused, rest); token != "" || err != nil {
			return err
		}
		g, err := loadGrant(ctx, s.DB, id)
		if err != nil {
			return err
		}
		token, err = s.renewNow(ctx, g, name, held)
		return err
	})
	return token, err
}

func (s *Service) lockOf(id inbox.ID) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == nil {
		s.busy = map[inbox.ID]*sync.Mutex{}
	}
	if s.busy[id] == nil {
		s.busy[id] = &sync.Mutex{}
	}
	return s.busy[id]
}

func (s *Service) renewNow(ctx context.Context, g *grant, name string, held int64) (string, error) {
	p, clientSecret, err := s.provider(ctx, g.Provider)
	if err != nil {
		return "", err
	}
	old, err := s.Secrets.Open("consent", "refresh_secret", g.id, g.refresh)
	if err != nil {
		return "", errs.New(errs.Unavailable, "The stored permission cannot be read with this key. Connect the mailbox again.").Because(err)
	}
	answer, err := s.ask(ctx, p, clientSecret, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {string(old)}})
	if err != nil {
		return "", s.failed(ctx, g, name, held, err)
	}
	err = s.write(ctx, name, held, func(ctx context.Context, tx *db.Tx) error { return s.storeTx(ctx, tx, g.id, answer) })
	return answer.AccessToken, err
}

// write tries more than once: a refresh token that is lost here may be the only one.
func (s *Service) write(ctx context.Context, name string, held int64, do func(context.Context, *db.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	var err error
	for range 3 {
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := lease.CheckTx(ctx, tx, name, held); err != nil {
				return err
			}
			return do(ctx, tx)
		})
		if err == nil || errs.Is(err, errs.Conflict) {
			return err
		}
	}
	return err
}

// failed notes a renewal that did not work; one that never will is a consent
// that was taken back.
func (s *Service) failed(ctx context.Context, g *grant, name string, held int64, cause error) error {
	var e *Error
	if !errors.As(cause, &e) {
		return cause
	}
	gone := e.Code == "consent_revoked"
	s.Log.Warn("the permission to use a mailbox was not renewed", "inbox", int64(g.Inbox), "problem", e.Code, "error", cause)
	err := s.write(ctx, name, held, func(ctx context.Context, tx *db.Tx) error {
		if err := noteFailure(ctx, tx, g.id, e.Text.String(), gone, s.Now()); err != nil || !gone {
			return err
		}
		return s.Inboxes.ToldTx(ctx, tx, g.Inbox)
	})
	return errors.Join(cause, err)
}

// storeTx keeps the tokens of an answer; a provider that gives no new refresh
// token lets the old one live.
func (s *Service) storeTx(ctx context.Context, tx *db.Tx, row int64, a Answer) error {
	life := time.Duration(a.ExpiresIn) * time.Second
	if life <= 0 || life > 24*time.Hour {
		life = usualLife
	}
	if a.RefreshToken != "" {
		if err := setRefreshToken(ctx, tx, row, s.Secrets.Seal("consent", "refresh_secret", row, []byte(a.RefreshToken))); err != nil {
			return err
		}
	}
	now := s.Now()
	return setAccessToken(ctx, tx, row, s.Secrets.Seal("consent", "access_secret", row, []byte(a.AccessToken)), now.Add(life), now)
}

// ask speaks to the token endpoint and says in words what went wrong.
func (s *Service) ask(ctx context.Context, p Provider, clientSecret string, form url.Values) (Answer, error) {
	form.Set("client_id", p.ClientID)
	if clientSecret != "" {
		form.Set("client_secret", clientSecret)
	}
	exchange := s.Exchange
	if exchange == nil {
		exchange = overHTTP
	}
	a, err := exchange(ctx, p.TokenURL, form)
	var r *Refusal
	switch {
	case err == nil && a.AccessToken == "":
		return a, unreachable(p.Key, errors.New("the answer has no access token"))
	case err == nil:
		return a, nil
	case !errors.As(err, &r):
		return a, unreachable(p.Key, err)
	}
	switch r.Code {
	case "invalid_grant", "interaction_required", "consent_required", "login_required":
		return a, revoked(p.Key, err)
	case "invalid_client", "unauthorized_client", "invalid_scope", "access_denied":
		return a, refused(p.Key, err)
	}
	return a, unreachable(p.Key, err)
}

// RenewDue renews the tokens that end soon, so that a consent that was taken
// back is seen by the clock and not by a customer who waits.
func (s *Service) RenewDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "renew the tokens of mailboxes")
	due, err := dueConsents(ctx, s.DB, s.Now().Add(ahead))
	if err != nil {
		return err
	}
	var failed []string
	for _, id := range due {
		if _, err := s.renew(ctx, id, "", ahead); err != nil {
			failed = append(failed, fmt.Sprint(int64(id)))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if len(failed) > 0 {
		s.Log.Info("some tokens were not renewed", "inboxes", strings.Join(failed, ","))
	}
	return nil
}

// Read tells how the consent of an inbox stands.
func Read(ctx context.Context, q db.Queryer, id inbox.ID) (c Consent, err error) {
	defer errs.Wrap(&err, "read the consent of inbox %d", id)
	g, err := loadGrant(ctx, q, id)
	if err != nil || g == nil {
		return Consent{Inbox: id, State: Missing}, err
	}
	return g.Consent, nil
}
