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
)

// Step is one part of the connection test.
type Step struct {
	Name     string            `json:"name" enum:"imap_connect,imap_sign_in,imap_folder,imap_idle,smtp_connect,smtp_sign_in,smtp_send,dkim"`
	OK       bool              `json:"ok"`
	Level    string            `json:"level" enum:"ok,warn,error"`
	Code     string            `json:"code" doc:"For the catalog of the reader's language"`
	Args     map[string]string `json:"args"`
	Sentence string            `json:"sentence"`
	MS       int64             `json:"ms"`
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

func (k *checker) step(name, level, code, sentence string, args map[string]string) {
	if args == nil {
		args = map[string]string{}
	}
	k.steps = append(k.steps, Step{Name: name, OK: level != "error", Level: level, Code: code, Args: args, Sentence: sentence,
		MS: k.now().Sub(k.at).Milliseconds()})
	k.at = k.now()
}

func (k *checker) good(name, code, sentence string, args map[string]string) {
	k.step(name, "ok", code, sentence, args)
}

func (k *checker) bad(name, host string, err error) {
	t := explain(host, err)
	k.step(name, "error", t.Code, t.Sentence, t.Args)
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
	k.good(kind+"_connect", "connected", "Connected to "+s.Host+".", args)
	if err != nil {
		k.bad(kind+"_sign_in", s.Host, err)
		return false
	}
	if s.Username == "" {
		k.good(kind+"_sign_in", "no_sign_in_needed", "No sign-in is needed.", args)
	} else {
		k.good(kind+"_sign_in", "signed_in", "Signed in as "+s.Username+".", args)
	}
	return true
}

func (k *checker) checkIMAP(ctx context.Context, c *inbox.Connection) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k.begin()
	im, err := k.dialer.imapClient(ctx, c)
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
		k.good("imap_folder", "folder_found", "The folder "+folder+" is there and holds "+n+" mails.", map[string]string{"folder": folder, "count": n})
	}
	if im.Caps().Has(imap.CapIdle) {
		k.good("imap_idle", "idle", "New mail is told at once.", nil)
		return
	}
	seconds := strconv.Itoa(int(pollTime / time.Second))
	k.step("imap_idle", "warn", "no_idle", "This server cannot tell of new mail at once, so it is asked every "+seconds+" seconds.", map[string]string{"seconds": seconds})
}

func (k *checker) checkSMTP(ctx context.Context, c *inbox.Connection) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k.begin()
	client, err := k.dialer.smtpClient(ctx, c)
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
	k.good("smtp_send", "may_send", c.SMTP.Host+" takes mail from "+c.Address+".", map[string]string{"host": c.SMTP.Host, "address": c.Address})
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
