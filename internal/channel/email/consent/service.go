package consent

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Sealer encrypts what only the program may read.
type Sealer interface {
	Seal(table, column string, row int64, plain []byte) []byte
	Open(table, column string, row int64, sealed []byte) ([]byte, error)
}

// Leases gives a piece of work to one node of all.
type Leases interface {
	Do(ctx context.Context, name string, fn func(ctx context.Context, token int64) error) error
}

// Service keeps the consents. Fields are set before the first use.
type Service struct {
	DB      *db.DB
	Secrets Sealer
	Inboxes *inbox.Service
	Leases  Leases
	// Redirect is where the provider sends people back to.
	Redirect string
	// Exchange asks a token endpoint; nil = over HTTP.
	Exchange func(ctx context.Context, endpoint string, form url.Values) (Answer, error)
	Now      func() time.Time
	Log      *slog.Logger

	mu   sync.Mutex
	busy map[inbox.ID]*sync.Mutex
}

// Error is why no token can be had, for the catalog (Code, Args) and in English.
type Error struct {
	Code  string
	Text  errs.Text
	Args  map[string]string
	cause error
}

func (e *Error) Error() string {
	if e.cause == nil {
		return e.Code
	}
	return e.Code + ": " + e.cause.Error()
}

func (e *Error) Unwrap() error { return e.cause }

// InWords is the sentence, for [errs.Told].
func (e *Error) InWords() errs.Text { return e.Text }

func missing(provider string) *Error {
	return &Error{Code: "consent_missing", Args: map[string]string{"provider": Name(provider)},
		Text: errs.Say("This mailbox is not connected with %s yet. Connect it in the inbox's settings.", Name(provider))}
}

func revoked(provider string, cause error) *Error {
	return &Error{Code: "consent_revoked", Args: map[string]string{"provider": Name(provider)}, cause: cause,
		Text: errs.Say("The permission to use this mailbox was taken back at %s, or has run out. Connect it again in the inbox's settings.", Name(provider))}
}

// Lost is why an inbox without a standing consent cannot be used.
func Lost(provider string, s State) *Error {
	if s == Revoked {
		return revoked(provider, nil)
	}
	return missing(provider)
}

func unreachable(provider string, cause error) *Error {
	return &Error{Code: "consent_unreachable", Args: map[string]string{"provider": Name(provider)}, cause: cause,
		Text: errs.Say("The sign-in of %s could not be renewed right now. It is tried again.", Name(provider))}
}

func refused(provider string, cause error) *Error {
	return &Error{Code: "consent_client", Args: map[string]string{"provider": Name(provider)}, cause: cause,
		Text: errs.Say("%s does not accept the client id or secret. Check them in Settings, Sign-in services.", Name(provider))}
}

// Providers lists all sign-in services, set up or not.
func (s *Service) Providers(ctx context.Context) (_ []Provider, err error) {
	defer errs.Wrap(&err, "list the sign-in services")
	var out []Provider
	for _, key := range Keys {
		p, err := loadProvider(ctx, s.DB, key)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// SetProvider stores the shop's client at a sign-in service; a nil secret stays,
// an empty one is removed. Without a client id the service is not used any more.
func (s *Service) SetProvider(ctx context.Context, p Provider, secret *string) (_ Provider, err error) {
	defer errs.Wrap(&err, "set up the sign-in service %s", p.Key)
	if err := known(p.Key); err != nil {
		return p, err
	}
	if err := p.check(); err != nil {
		return p, err
	}
	if secret != nil && len(*secret) > 4096 {
		return p, errs.InvalidField("body.client_secret", "This secret is too long.")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := loadProvider(ctx, tx, p.Key)
		if err != nil {
			return err
		}
		// A stored secret never goes to another place than the one it was entered for.
		if secret == nil && before.SecretSet && before.filled().TokenURL != p.filled().TokenURL && p.ClientID != "" {
			return errs.InvalidField("body.client_secret", "Enter the secret again, because it was entered for another address.")
		}
		if p.ClientID == "" {
			none := ""
			secret = &none
		}
		id, err := saveProvider(ctx, tx, p, s.Now())
		if err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, before, p, secret != nil); err != nil || secret == nil {
			return err
		}
		var sealed []byte
		if *secret != "" {
			sealed = s.Secrets.Seal("mail_provider", "client_secret", id, []byte(*secret))
		}
		return setProviderSecret(ctx, tx, id, sealed)
	})
	if err != nil {
		return p, err
	}
	return loadProvider(ctx, s.DB, p.Key)
}

// audited is what the audit log keeps of a sign-in service.
type audited struct {
	ClientID      string   `json:"client_id"`
	AuthorizeURL  string   `json:"authorize_url"`
	TokenURL      string   `json:"token_url"`
	Scopes        []string `json:"scopes"`
	SecretChanged bool     `json:"secret_changed,omitempty"`
}

func (s *Service) auditTx(ctx context.Context, tx *db.Tx, before, after Provider, secret bool) error {
	of := func(p Provider, changed bool) audited {
		return audited{p.ClientID, p.AuthorizeURL, p.TokenURL, p.Scopes, changed}
	}
	return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "mail_provider.changed", Subject: "mail_provider", Name: after.Key,
		Before: of(before, false), After: of(after, secret)})
}

// provider reads a sign-in service that people can be sent to, with its secret.
func (s *Service) provider(ctx context.Context, key string) (p Provider, secret string, err error) {
	if err := known(key); err != nil {
		return p, "", err
	}
	if p, err = loadProvider(ctx, s.DB, key); err != nil {
		return p, "", err
	}
	if !p.Ready() {
		return p, "", errs.Newf(errs.Conflict, "The sign-in with %s is not set up yet. An admin enters a client id in Settings, Sign-in services.", Name(key))
	}
	if p.sealed != nil {
		plain, err := s.Secrets.Open("mail_provider", "client_secret", p.id, p.sealed)
		if err != nil {
			return p, "", errs.New(errs.Unavailable, "The stored client secret cannot be read with this key. Enter it again.").Because(err)
		}
		secret = string(plain)
	}
	return p.filled(), secret, nil
}
