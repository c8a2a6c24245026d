package email

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Step is one part of the connection test.
type Step struct {
	Name     string            `json:"name" enum:"imap_connect,imap_sign_in,imap_folder,imap_idle,smtp_connect,smtp_sign_in,smtp_send,dkim"`
	OK       bool              `json:"ok"`
	Level    string            `json:"level" enum:"ok,warn,error"`
	Code     string            `json:"code" doc:"What came of it, for programs"`
	Args     map[string]string `json:"args"`
	Sentence string            `json:"sentence" doc:"What came of it and what to do, in the reader's language"`
	MS       int64             `json:"ms"`

	text errs.Text
}

// checkTime bounds the test of one server.
const checkTime = 20 * time.Second

// checker tries the servers of an inbox and changes nothing there.
type checker struct {
	dialer *Dialer
	now    func() time.Time
	at     time.Time
	steps  []Step
}

// Check tries both servers and says in words what works and what does not.
func (d *Dialer) Check(ctx context.Context, c *inbox.Connection, now func() time.Time) (ok bool, steps []Step) {
	k := &checker{dialer: d, now: now, steps: []Step{}}
	if c.IMAP.Set() {
		k.checkIMAP(ctx, c)
	}
	if c.SMTP.Set() {
		k.checkSMTP(ctx, c)
	}
	ok = len(k.steps) > 0
	for _, s := range k.steps {
		ok = ok && s.OK
	}
	return ok, k.steps
}

func (k *checker) begin() { k.at = k.now() }

func (k *checker) step(name, level, code string, text errs.Text, args map[string]string) {
	if args == nil {
		args = map[string]string{}
	}
	k.steps = append(k.steps, Step{Name: name, OK: level != "error", Level: level, Code: code, Args: args, Sentence: text.String(), text: text,
		MS: k.now().Sub(k.at).Milliseconds()})
	k.at = k.now()
}

func (k *checker) good(name, code string, text errs.Text, args map[string]string) {
	k.step(name, "ok", code, text, args)
}

func (k *checker) bad(name, host string, err error) {
	t := explain(host, err)
	k.step(name, "error", t.Code, t.Text, t.Args)
}

// atSignIn marks an error that came after the connection stood.
type atSignIn struct{ error }

func (e atSignIn) Unwrap() error { return e.error }

// connected notes the first two steps.
func (k *checker) connected(kind string, s inbox.Server, err error) bool {
	args := map[string]string{"host": s.Host, "username": s.Username}
	var later atSignIn
	if err != nil && !errors.As(err, &later) {
		k.bad(kind+"_connect", s.Host, err)
		return false
	}
	k.good(kind+"_connect", "connected", errs.Say("Connected to %s.", s.Host), args)
	if err != nil {
		k.bad(kind+"_sign_in", s.Host, err)
		return false
	}
	if s.Username == "" {
		k.good(kind+"_sign_in", "no_sign_in_needed", errs.Say("No sign-in is needed."), args)
	} else {
		k.good(kind+"_sign_in", "signed_in", errs.Say("Signed in as %s.", s.Username), args)
	}
	return true
}

func (k *checker) checkIMAP(ctx context.Context, c *inbox.Connection) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k.begin()
	im, err := k.dialer.imapClient(ctx, c.IMAP.Server, c.IMAPPassword)
	if !k.connected("imap", c.IMAP.Server, timely(ctx, err)) {
		return
	}
	defer im.close()
	for _, folder := range c.IMAP.Folders {
		selected, err := im.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil {
			k.bad("imap_folder", c.IMAP.Host, timely(ctx, folderTrouble(folder, err)))
			return
		}
		n := strconv.FormatUint(uint64(selected.NumMessages), 10)
		k.good("imap_folder", "folder_found", errs.Say("The folder %s is there and holds %d mails.", folder, selected.NumMessages), map[string]string{"folder": folder, "count": n})
	}
	if im.Caps().Has(imap.CapIdle) {
		k.good("imap_idle", "idle", errs.Say("The server tells us about new mail, so we do not have to ask."), nil)
		return
	}
	seconds := int(pollTime / time.Second)
	k.step("imap_idle", "warn", "no_idle", errs.Say("This server cannot tell of new mail at once, so it is asked every %d seconds.", seconds),
		map[string]string{"seconds": strconv.Itoa(seconds)})
}

func (k *checker) checkSMTP(ctx context.Context, c *inbox.Connection) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k.begin()
	client, err := k.dialer.smtpClient(ctx, c.SMTP, c.SMTPPassword)
	if !k.connected("smtp", c.SMTP, timely(ctx, err)) {
		return
	}
	defer client.Close()
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	err = client.Mail(c.Address, nil)
	if err == nil {
		err = client.Rcpt(c.Address, nil)
	}
	if err != nil {
		k.bad("smtp_send", c.SMTP.Host, timely(ctx, err))
		return
	}
	_ = client.Reset() // nothing was sent yet, and what follows is tried anyhow
	if c.ID != 0 && c.IMAP.Set() && !c.ReplyToken {
		k.probe(client, c)
	}
	k.good("smtp_send", "may_send", errs.Say("%s takes mail from %s.", c.SMTP.Host, c.Address), map[string]string{"host": c.SMTP.Host, "address": c.Address})
}

// probeTag stands behind the plus sign of the test mail's recipient.
const probeTag = "deskbell-test"

// probe sends the inbox a mail at a plus-address. When it comes back, reply
// tokens may stand in addresses; servers that refuse such addresses are many.
func (k *checker) probe(client *smtp.Client, c *inbox.Connection) {
	to := withTag(c.Address, probeTag)
	raw, err := mail.Compose(mail.Outgoing{
		From: mail.Address{Address: c.Address}, To: []mail.Address{{Address: to}}, Subject: "Deskbell test", Date: k.now(),
		MessageID: probeTag + "." + rand.Text() + "@" + c.Address[strings.LastIndexByte(c.Address, '@')+1:], Automatic: "auto-generated",
		Text: "This mail tests the connection and can be deleted.",
	})
	if err == nil {
		_ = client.SendMail(c.Address, []string{to}, bytes.NewReader(raw)) // a refusal is the answer: no tokens
	}
}

// isProbe knows the test mail again.
func isProbe(in *conversation.Inbound) bool {
	return slices.Contains(in.Tokens, probeTag) && strings.HasPrefix(in.RFCID, probeTag+".") && in.Automatic
}

// timely turns the closed connection of an ended time into what it is.
func timely(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
