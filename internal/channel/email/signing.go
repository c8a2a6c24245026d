package email

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// SigningKind is the job that looks whether a domain's record stands in the DNS.
const SigningKind = "email.dkim"

// recheck is how long an answer of the DNS about our record is used.
const recheck = time.Hour

// Sealer encrypts what only the program may read.
type Sealer interface {
	Seal(table, column string, row int64, plain []byte) []byte
	Open(table, column string, row int64, sealed []byte) ([]byte, error)
}

// Signing signs what goes out (RFC 6376). A domain's key is made at first use;
// it signs from when its record was seen in the DNS until it is gone there.
// Nothing here keeps a mail from being sent.
type Signing struct {
	DB       *db.DB
	Queue    *job.Queue
	Secrets  Sealer
	Resolver auth.Resolver
	Now      func() time.Time
	Log      *slog.Logger
}

type signingPayload struct {
	Domain string `json:"domain"`
}

// hosted are domains of mailbox providers, to which no shop can add a record.
var hosted = []string{"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "aol.com",
	"icloud.com", "me.com", "mac.com", "fastmail.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.ru", "ukr.net", "yandex.ru", "proton.me"}

func signable(domain string) bool {
	return strings.Contains(domain, ".") && !slices.Contains(hosted, domain)
}

// Kind is the job email.dkim.
func (s *Signing) Kind() job.Kind { return job.Kind{Name: SigningKind, Do: s.look, Attempts: 3} }

func (s *Signing) look(ctx context.Context, j job.Job) error {
	var p signingPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	row, _, err := s.ensure(ctx, p.Domain)
	if err != nil || s.Now().Sub(row.checkedAt) < recheck {
		return err
	}
	_, _, err = s.refresh(ctx, p.Domain)
	return err
}

// key gives the key to sign with now, nil = none. It asks no DNS.
func (s *Signing) key(ctx context.Context, domain string) (*auth.Key, error) {
	if !signable(domain) {
		return nil, nil
	}
	row, err := loadSigningKey(ctx, s.DB, domain)
	if err != nil {
		return nil, err
	}
	if row == nil || s.Now().Sub(row.checkedAt) >= recheck {
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			return s.Queue.Enqueue(ctx, tx, job.New{Kind: SigningKind, UniqueKey: domain, Payload: signingPayload{domain},
				Summary: errs.Say("Look whether mail of %s can be signed", domain).String()})
		})
		if err != nil {
			return nil, err
		}
	}
	if row == nil || !row.published {
		return nil, nil
	}
	key, err := s.open(row)
	if err != nil {
		s.Log.Warn("mail goes out unsigned, as the key cannot be read", "domain", domain, "error", err)
		return nil, nil
	}
	return key, nil
}

func (s *Signing) open(row *signingKey) (*auth.Key, error) {
	plain, err := s.Secrets.Open("dkim_key", "private", row.id, row.sealed)
	if err != nil {
		return nil, err
	}
	return auth.ParseKey(row.domain, row.selector, plain)
}

// ensure reads the domain's key and makes it at first use.
func (s *Signing) ensure(ctx context.Context, domain string) (*signingKey, *auth.Key, error) {
	row, err := loadSigningKey(ctx, s.DB, domain)
	if err != nil {
		return nil, nil, err
	}
	if row == nil {
		if err := s.make(ctx, domain); err != nil {
			return nil, nil, err
		}
		if row, err = loadSigningKey(ctx, s.DB, domain); err != nil {
			return nil, nil, err
		}
	}
	if row == nil {
		return nil, nil, errs.Newf(errs.Internal, "The signing key of %s is not there.", domain)
	}
	key, err := s.open(row)
	return row, key, err
}

func (s *Signing) make(ctx context.Context, domain string) error {
	key, err := auth.NewKey(domain)
	if err != nil {
		return err
	}
	plain, err := key.Bytes()
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return insertSigningKey(ctx, tx, domain, key.Selector, s.Now(), func(id int64) []byte {
			return s.Secrets.Seal("dkim_key", "private", id, plain)
		})
	})
}

// refresh asks the DNS and notes the answer. When the DNS fails, what was known
// stays, and dnsError says so.
func (s *Signing) refresh(ctx context.Context, domain string) (published bool, dnsError, err error) {
	row, key, err := s.ensure(ctx, domain)
	if err != nil {
		return false, nil, err
	}
	published, dnsError = key.Published(ctx, s.Resolver)
	if dnsError != nil {
		published = row.published
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return setPublished(ctx, tx, row.id, published, s.Now()) })
	return published, dnsError, err
}

// sign puts a signature on top of a rendered mail, if its domain can sign.
func (s *Signing) sign(ctx context.Context, blobs *blob.Store, from string, mail staged) (staged, error) {
	if s == nil {
		return mail, nil
	}
	key, err := s.key(ctx, auth.DomainOf(from))
	if err != nil || key == nil {
		return mail, err
	}
	raw, err := openPacked(ctx, blobs, mail.packed, mail.blobKey)
	if err != nil {
		return mail, err
	}
	field, err := key.Sign(raw)
	raw.Close()
	if err != nil {
		return mail, err
	}
	if raw, err = openPacked(ctx, blobs, mail.packed, mail.blobKey); err != nil {
		return mail, err
	}
	defer raw.Close()
	out, err := stage(ctx, blobs, io.MultiReader(strings.NewReader(field), raw), MaxMail+int64(len(field)))
	if err == nil && mail.blobKey != "" {
		if err := blobs.Delete(ctx, mail.blobKey); err != nil {
			s.Log.Warn("a blob that nobody needs was not deleted", "error", err)
		}
	}
	return out, err
}

// Look tells in words whether mail of an address is signed; ok is true where
// there is nothing to mend, and the sentence is empty where nothing can be said.
func (s *Signing) Look(ctx context.Context, address string) (sentence string, ok bool) {
	step := s.check(ctx, address)
	if step == nil {
		return "", true
	}
	return step.Sentence, step.Level == "ok"
}

// check is the step of the connection test; nil = there is nothing to say.
func (s *Signing) check(ctx context.Context, address string) *Step {
	domain := auth.DomainOf(address)
	if s == nil || !signable(domain) {
		return nil
	}
	begun := s.Now()
	step := &Step{Name: "dkim", OK: true, Level: "warn", Args: map[string]string{"domain": domain}}
	if err := s.describe(ctx, domain, step); err != nil {
		s.Log.Warn("signing could not be checked", "domain", domain, "error", err)
		step.Code, step.text = "dkim_key", errs.Say("The signing key of %s cannot be read right now, so its mail goes out unsigned.", domain)
	}
	step.Sentence, step.MS = step.text.String(), s.Now().Sub(begun).Milliseconds()
	return step
}

func (s *Signing) describe(ctx context.Context, domain string, step *Step) error {
	published, dnsError, err := s.refresh(ctx, domain)
	if err != nil {
		return err
	}
	_, key, err := s.ensure(ctx, domain)
	if err != nil {
		return err
	}
	value, err := key.Record()
	if err != nil {
		return err
	}
	step.Args["type"], step.Args["name"], step.Args["value"] = "TXT", key.Name(), value
	switch {
	case dnsError != nil:
		step.Code, step.text = "dkim_unknown", errs.Say("It could not be looked up right now whether %s signs what Deskbell sends.", domain)
	case published:
		step.Level, step.Code, step.text = "ok", "dkim_signed", errs.Say("Mail from %s is signed.", domain)
	default:
		step.Code = "dkim_missing"
		step.text = errs.Say("Your domain does not yet sign what Deskbell sends. Ask whoever keeps %s to add this TXT record; it usually works within the hour. Name: %s Value: %s", domain, key.Name(), value)
	}
	return nil
}
