package email

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Tokens gives access tokens of mailboxes whose owner consented. refused is one
// that a server did not accept.
type Tokens interface {
	Token(ctx context.Context, id inbox.ID, refused string) (string, error)
}

// xoauth2 is the sign-in with an access token that Google, Microsoft and others
// speak. A server that refuses says why in a challenge, which has to be answered
// before the refusal itself comes.
type xoauth2 struct{ username, token string }

const xoauth2Name = "XOAUTH2"

func (x *xoauth2) Start() (string, []byte, error) {
	return xoauth2Name, []byte("user=" + x.username + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{1}, nil }

// bearer is XOAUTH2, or its standard form (RFC 7628) where only that is offered.
func bearer(s inbox.Server, token string, offers func(string) bool) sasl.Client {
	if !offers(xoauth2Name) && offers(sasl.OAuthBearer) {
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: s.Username, Token: token, Host: s.Host, Port: s.Port})
	}
	return &xoauth2{s.Username, token}
}

// byConsent signs in with a token. One that the server does not accept is
// replaced once, which also shows whether the consent still stands.
func (d *Dialer) byConsent(ctx context.Context, c *inbox.Connection, s inbox.Server, offers func(string) bool, signIn func(sasl.Client) error) error {
	if d.Tokens == nil || c.ID == 0 {
		return asTrouble(&consent.Error{Code: "consent_later", Text: errs.Say("Save the inbox first; then its owner allows the use of the mailbox.")})
	}
	if !offers(xoauth2Name) && !offers(sasl.OAuthBearer) {
		return &trouble{"no_consent_sign_in", errs.Say("%s offers no sign-in by mailbox consent on this connection. Choose TLS or STARTTLS, or sign in with a password.", s.Host),
			map[string]string{"host": s.Host}, errNoAuth}
	}
	token, err := d.Tokens.Token(ctx, c.ID, "")
	if err != nil {
		return asTrouble(err)
	}
	err = signIn(bearer(s, token, offers))
	if !refusesSignIn(err) {
		return err
	}
	fresh, renewed := d.Tokens.Token(ctx, c.ID, token)
	if renewed != nil {
		return asTrouble(renewed)
	}
	if err = signIn(bearer(s, fresh, offers)); refusesSignIn(err) {
		return &trouble{"consent_refused", errs.Say("%s does not let %s in, although the mailbox consent stands. Check that IMAP and SMTP are switched on for this mailbox, and that it was given by its owner.", s.Host, s.Username),
			map[string]string{"host": s.Host, "username": s.Username}, err}
	}
	return err
}

// refusesSignIn tells a refusal of who we are from other trouble.
func refusesSignIn(err error) bool {
	var im *imap.Error
	var sm *smtp.SMTPError
	return errors.As(err, &im) && im.Type == imap.StatusResponseTypeNo && im.Code != imap.ResponseCodeUnavailable && im.Code != imap.ResponseCodePrivacyRequired ||
		errors.As(err, &sm) && sm.Code/100 == 5
}

// asTrouble keeps the words of a consent that does not work.
func asTrouble(err error) error {
	var e *consent.Error
	if !errors.As(err, &e) {
		return err
	}
	args := e.Args
	if args == nil {
		args = map[string]string{}
	}
	return &trouble{e.Code, e.Text, args, e}
}

func (s *imapSession) byConsent(ctx context.Context, d *Dialer, c *inbox.Connection) error {
	offers := func(mechanism string) bool { return s.Caps().Has(imap.AuthCap(mechanism)) }
	return d.byConsent(ctx, c, c.IMAP.Server, offers, s.Authenticate)
}
