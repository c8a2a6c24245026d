package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// trouble is what is wrong with a mail server, for programs (Code and Args) and
// for people (Text). What the server said is in the error and never shown as it
// is.
type trouble struct {
	Code string
	Text errs.Text
	Args map[string]string
	err  error
}

func (t *trouble) Error() string { return t.Code + ": " + t.err.Error() }
func (t *trouble) Unwrap() error { return t.err }

// InWords is the sentence, for [errs.Told].
func (t *trouble) InWords() errs.Text { return t.Text }

// explain finds the words for an error at a mail server.
func explain(host string, err error) *trouble {
	var known *trouble
	if errors.As(err, &known) {
		return known
	}
	args := map[string]string{"host": host}
	say := func(code string, text errs.Text) *trouble { return &trouble{code, text, args, err} }
	if t := explainNetwork(host, err, say); t != nil {
		return t
	}
	var im *imap.Error
	if errors.As(err, &im) {
		return explainIMAP(host, im, say)
	}
	var sm *smtp.SMTPError
	if errors.As(err, &sm) {
		return explainSMTP(host, sm, say)
	}
	return say("connection_broken", errs.Say("The connection to %s broke. It is tried again.", host))
}

type sayer func(code string, text errs.Text) *trouble

func explainNetwork(host string, err error, say sayer) *trouble {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return say("host_unknown", errs.Say("There is no server with the name %s. Check the spelling.", host))
	case errors.As(err, &dns):
		return say("dns", errs.Say("The name %s could not be looked up right now.", host))
	case errors.As(err, &unknown):
		return say("certificate_untrusted", errs.Say("The certificate of %s is not from an authority that this computer trusts.", host))
	case errors.As(err, &name):
		return say("certificate_name", errs.Say("The certificate of %s is for another name. Use the name that the provider gives.", host))
	case errors.As(err, &invalid):
		return say("certificate_invalid", errs.Say("The certificate of %s is not valid, perhaps expired.", host))
	case errors.As(err, &record):
		return say("no_tls", errs.Say("%s does not speak TLS at this port. Try STARTTLS or another port.", host))
	case errors.Is(err, syscall.ECONNREFUSED):
		return say("refused", errs.Say("%s refused the connection. Check the port, or whether the server runs.", host))
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return say("unreachable", errs.Say("%s cannot be reached from here.", host))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout(),
		strings.Contains(err.Error(), "i/o timeout"): // the IMAP library keeps only the text
		return say("timeout", errs.Say("%s did not answer in time. Check host and port, or a firewall between.", host))
	case strings.Contains(err.Error(), "support STARTTLS"):
		return say("no_starttls", errs.Say("%s does not offer STARTTLS at this port. Try TLS or another port.", host))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, net.ErrClosed),
		errors.Is(err, errClosed), strings.Contains(err.Error(), "EOF"), strings.Contains(err.Error(), "connection reset"):
		return say("closed", errs.Say("%s closed the connection. Check port and protection (TLS or STARTTLS).", host))
	}
	return nil
}

func explainIMAP(host string, e *imap.Error, say sayer) *trouble {
	switch e.Code {
	case imap.ResponseCodeAuthenticationFailed, imap.ResponseCodeAuthorizationFailed:
		return say("wrong_password", errs.Say("%s did not accept user name and password.", host))
	case imap.ResponseCodeNonExistent, imap.ResponseCodeTryCreate:
		return say("folder_missing", errs.Say("The folder is not in this mailbox, or it may not be read."))
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit:
		return say("busy", errs.Say("%s is busy right now. It is tried again.", host))
	case imap.ResponseCodePrivacyRequired:
		return say("needs_tls", errs.Say("%s asks for a protected connection. Choose TLS or STARTTLS.", host))
	}
	return say("imap_refused", errs.Say("%s refused the command.", host))
}

func explainSMTP(host string, e *smtp.SMTPError, say sayer) *trouble {
	switch {
	case e.Code == 535 || e.Code == 534 || e.Code == 454 && e.EnhancedCode[1] == 7:
		return say("wrong_password", errs.Say("%s did not accept user name and password.", host))
	case e.Code == 530:
		return say("needs_sign_in", errs.Say("%s asks for a user name and password, or for a protected connection.", host))
	case e.Code == 552 || e.EnhancedCode == smtp.EnhancedCode{5, 3, 4}:
		return say("too_large", errs.Say("The message is larger than %s takes.", host))
	case e.Code == 550 && e.EnhancedCode[1] == 1 || e.Code == 553:
		return say("no_such_recipient", errs.Say("The recipient's address does not exist."))
	case e.EnhancedCode[1] == 7:
		return say("policy", errs.Say("%s refuses this message by its rules.", host))
	case e.Code/100 == 4:
		return say("temporary", errs.Say("%s cannot take the message right now. It is tried again.", host))
	}
	return say("smtp_refused", errs.Say("%s refused the message.", host))
}

// signIn marks every refusal of a sign-in as such, whatever code the server used.
func signIn(host string, err error) error {
	if err == nil {
		return nil
	}
	var im *imap.Error
	var sm *smtp.SMTPError
	if errors.As(err, &im) && im.Type == imap.StatusResponseTypeNo && im.Code != imap.ResponseCodeUnavailable && im.Code != imap.ResponseCodePrivacyRequired ||
		errors.As(err, &sm) && sm.Code/100 == 5 {
		return &trouble{"wrong_password", errs.Say("%s did not accept user name and password.", host), map[string]string{"host": host}, err}
	}
	return err
}
