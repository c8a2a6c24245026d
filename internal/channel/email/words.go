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
)

// trouble is what is wrong with a mail server, for the reader's language
// catalog (Code and Args) and in English (Sentence). What the server said is
// in the error and never shown as it is.
type trouble struct {
	Code     string
	Sentence string
	Args     map[string]string
	err      error
}

func (t *trouble) Error() string { return t.Code + ": " + t.err.Error() }
func (t *trouble) Unwrap() error { return t.err }

// atSignIn tells that only a person can mend it, and that trying often may lock
// the account.
func (t *trouble) atSignIn() bool {
	switch t.Code {
	case "wrong_password", "consent_missing", "consent_revoked", "consent_refused", "consent_client":
		return true
	}
	return false
}

// explain finds the words for an error at a mail server.
func explain(host string, err error) *trouble {
	var known *trouble
	if errors.As(err, &known) {
		return known
	}
	args := map[string]string{"host": host}
	say := func(code, sentence string) *trouble {
		return &trouble{code, strings.ReplaceAll(sentence, "{host}", host), args, err}
	}
	if t := explainNetwork(err, say); t != nil {
		return t
	}
	var im *imap.Error
	if errors.As(err, &im) {
		return explainIMAP(im, say)
	}
	var sm *smtp.SMTPError
	if errors.As(err, &sm) {
		return explainSMTP(sm, say)
	}
	return say("connection_broken", "The connection to {host} broke. It is tried again.")
}

type sayer func(code, sentence string) *trouble

func explainNetwork(err error, say sayer) *trouble {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return say("host_unknown", "There is no server with the name {host}. Check the spelling.")
	case errors.As(err, &dns):
		return say("dns", "The name {host} could not be looked up right now.")
	case errors.As(err, &unknown):
		return say("certificate_untrusted", "The certificate of {host} is not from an authority that this computer trusts.")
	case errors.As(err, &name):
		return say("certificate_name", "The certificate of {host} is for another name. Use the name that the provider gives.")
	case errors.As(err, &invalid):
		return say("certificate_invalid", "The certificate of {host} is not valid, perhaps expired.")
	case errors.As(err, &record):
		return say("no_tls", "{host} does not speak TLS at this port. Try STARTTLS or another port.")
	case errors.Is(err, syscall.ECONNREFUSED):
		return say("refused", "{host} refused the connection. Check the port, or whether the server runs.")
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return say("unreachable", "{host} cannot be reached from here.")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout(),
		strings.Contains(err.Error(), "i/o timeout"): // the IMAP library keeps only the text
		return say("timeout", "{host} did not answer in time. Check host and port, or a firewall between.")
	case strings.Contains(err.Error(), "support STARTTLS"):
		return say("no_starttls", "{host} does not offer STARTTLS at this port. Try TLS or another port.")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, net.ErrClosed),
		errors.Is(err, errClosed), strings.Contains(err.Error(), "EOF"), strings.Contains(err.Error(), "connection reset"):
		return say("closed", "{host} closed the connection. Check port and protection (TLS or STARTTLS).")
	}
	return nil
}

func explainIMAP(e *imap.Error, say sayer) *trouble {
	switch e.Code {
	case imap.ResponseCodeAuthenticationFailed, imap.ResponseCodeAuthorizationFailed:
		return say("wrong_password", "{host} did not accept user name and password.")
	case imap.ResponseCodeNonExistent, imap.ResponseCodeTryCreate:
		return say("folder_missing", "The folder is not in this mailbox.")
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit:
		return say("busy", "{host} is busy right now. It is tried again.")
	case imap.ResponseCodePrivacyRequired:
		return say("needs_tls", "{host} asks for a protected connection. Choose TLS or STARTTLS.")
	}
	return say("imap_refused", "{host} refused the command.")
}

func explainSMTP(e *smtp.SMTPError, say sayer) *trouble {
	switch {
	case e.Code == 535 || e.Code == 534 || e.Code == 454 && e.EnhancedCode[1] == 7:
		return say("wrong_password", "{host} did not accept user name and password.")
	case e.Code == 530:
		return say("needs_sign_in", "{host} asks for a user name and password, or for a protected connection.")
	case e.Code == 552 || e.EnhancedCode == smtp.EnhancedCode{5, 3, 4}:
		return say("too_large", "The message is larger than {host} takes.")
	case e.Code == 550 && e.EnhancedCode[1] == 1 || e.Code == 553:
		return say("no_such_recipient", "The recipient's address does not exist.")
	case e.EnhancedCode[1] == 7:
		return say("policy", "{host} refuses this message by its rules.")
	case e.Code/100 == 4:
		return say("temporary", "{host} cannot take the message right now. It is tried again.")
	}
	return say("smtp_refused", "{host} refused the message.")
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
		return &trouble{"wrong_password", host + " did not accept user name and password.", map[string]string{"host": host}, err}
	}
	return err
}
