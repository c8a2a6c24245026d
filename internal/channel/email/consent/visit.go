package consent

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// visitTime is how long a visit to the sign-in service may take.
const visitTime = 20 * time.Minute

var errVisit = errs.New(errs.Conflict, "This sign-in took too long, was begun by somebody else, or was used already. Begin it again.")

// Begin gives the address at which the owner of the mailbox allows its use. An
// empty key takes the service that belongs to the mail server.
func (s *Service) Begin(ctx context.Context, agent int64, id inbox.ID, key string) (address string, err error) {
	defer errs.Wrap(&err, "ask for the consent of inbox %d", id)
	i, err := s.Inboxes.Get(ctx, id)
	if err != nil {
		return "", err
	}
	server := i.IMAP.Server
	if !server.ByMailboxConsent() {
		server = i.SMTP
	}
	switch {
	case i.Archived():
		return "", errs.New(errs.Conflict, "This inbox is archived.")
	case !server.ByMailboxConsent():
		return "", errs.New(errs.Conflict, "This inbox signs in with a password. Choose the sign-in by mailbox consent first and save.")
	}
	if key == "" {
		key = Of(server.Host)
	}
	p, _, err := s.provider(ctx, key)
	if err != nil {
		return "", err
	}
	state, hash := secret.Token()
	verifier, _ := secret.Token()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := forgetVisits(ctx, tx, s.Now().Add(-visitTime)); err != nil {
			return err
		}
		return insertVisit(ctx, tx, visit{hash: hash[:], inbox: id, provider: key, agent: agent, at: s.Now()}, func(row int64) []byte {
			return s.Secrets.Seal("consent_visit", "verifier_secret", row, []byte(verifier))
		})
	})
	if err != nil {
		return "", err
	}
	return s.authorizeURL(p, server.Username, state, verifier)
}

func (s *Service) authorizeURL(p Provider, username, state, verifier string) (string, error) {
	u, err := url.Parse(p.AuthorizeURL)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(verifier))
	q := u.Query()
	for name, value := range map[string]string{
		"response_type": "code", "client_id": p.ClientID, "redirect_uri": s.Redirect, "scope": strings.Join(p.Scopes, " "), "state": state,
		"code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": "S256",
		"login_hint": username, "prompt": "consent",
	} {
		q.Set(name, value)
	}
	if p.Key == Google {
		q.Set("access_type", "offline") // without it Google gives no refresh token
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Finish takes what the provider sent back with the agent's browser. Each state
// works once, within twenty minutes, and for the agent who began.
func (s *Service) Finish(ctx context.Context, agent int64, state, code, refusal string) (id inbox.ID, err error) {
	defer errs.Wrap(&err, "take a consent")
	v, verifier, err := s.visit(ctx, agent, state)
	if err != nil {
		return 0, err
	}
	if refusal != "" || code == "" {
		return v.inbox, errs.Newf(errs.Conflict, "The use of the mailbox was not allowed at %s. Nothing was changed.", Name(v.provider))
	}
	p, clientSecret, err := s.provider(ctx, v.provider)
	if err != nil {
		return v.inbox, err
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {s.Redirect}, "code_verifier": {verifier}}
	answer, err := s.ask(ctx, p, clientSecret, form)
	if err != nil {
		return v.inbox, asSentence(err)
	}
	if answer.RefreshToken == "" {
		return v.inbox, errs.Newf(errs.Conflict, "%s gave no lasting permission. Check that the scopes of the sign-in service ask for access while you are away.", Name(v.provider))
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		row, err := insertConsent(ctx, tx, v, s.Now())
		if err != nil {
			return err
		}
		if err := s.storeTx(ctx, tx, row, answer); err != nil {
			return err
		}
		if err := audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "inbox.consented", Subject: "inbox", ID: int64(v.inbox), Name: v.provider}); err != nil {
			return err
		}
		return s.Inboxes.ConnectedTx(ctx, tx, agent, v.inbox)
	})
	return v.inbox, err
}

// visit finds the visit of the state and ends it.
func (s *Service) visit(ctx context.Context, agent int64, state string) (v visit, verifier string, err error) {
	hash := secret.HashToken(state)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if v, err = takeVisit(ctx, tx, hash[:], agent); db.IsNoRows(err) {
			return errVisit
		}
		return err
	})
	if err != nil {
		return v, "", err
	}
	if s.Now().Sub(v.at) > visitTime {
		return v, "", errVisit
	}
	plain, err := s.Secrets.Open("consent_visit", "verifier_secret", v.id, v.sealed)
	return v, string(plain), err
}

func asSentence(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return errs.Said(errs.Unavailable, e.Text).Because(err)
	}
	return err
}
