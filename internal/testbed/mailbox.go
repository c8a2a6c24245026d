package testbed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

const clientTimeout = 3 * time.Minute

// Mail is one message as a mailbox holds it.
type Mail struct {
	UID   imap.UID
	Flags []imap.Flag
	Raw   []byte
}

// Header is the first value of a header field, unfolded but not decoded.
func (m Mail) Header(name string) string {
	head, _, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	lines := strings.Split(string(head), "\r\n")
	for i, line := range lines {
		field, value, ok := strings.Cut(line, ":")
		if !ok || !strings.EqualFold(field, name) {
			continue
		}
		for _, more := range lines[i+1:] {
			if !strings.HasPrefix(more, " ") && !strings.HasPrefix(more, "\t") {
				break
			}
			value += more
		}
		return strings.TrimSpace(value)
	}
	return ""
}

// HeaderIs makes a question for Await.
func HeaderIs(name, value string) func(Mail) bool {
	return func(m Mail) bool { return m.Header(name) == value }
}

// Deliver hands a raw message to the mailboxes by LMTP, as a mail server does.
func (d *Dovecot) Deliver(raw, from string, to ...string) {
	d.t.Helper()
	if err := d.deliver(raw, from, to); err != nil {
		d.t.Fatalf("deliver to %s: %v", strings.Join(to, ", "), err)
	}
}

func (d *Dovecot) deliver(raw, from string, to []string) error {
	conn, err := net.Dial("tcp", d.LMTPAddr)
	if err != nil {
		return err
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	if err := c.SendMail(from, to, strings.NewReader(crlf(raw))); err != nil {
		return err
	}
	return c.Quit()
}

// Client is a connection that is signed in. It ends with the test, and after
// some minutes, so that a test which waits in vain says so.
func (d *Dovecot) Client(address string) *imapclient.Client {
	d.t.Helper()
	conn, err := net.Dial("tcp", d.IMAPAddr)
	if err != nil {
		d.t.Fatalf("connect to Dovecot: %v", err)
	}
	if err := conn.SetDeadline(time.Now().Add(clientTimeout)); err != nil {
		d.t.Fatal(err)
	}
	c := imapclient.New(conn, nil)
	d.t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(address, d.Password(address)).Wait(); err != nil {
		d.t.Fatalf("sign in as %s: %v", address, err)
	}
	return c
}

// Append puts messages into a folder by IMAP, as received at that moment: mail
// that was there before anybody looked.
func (d *Dovecot) Append(address, folder string, at time.Time, raws ...string) {
	d.t.Helper()
	c := d.Client(address)
	defer c.Close()
	for _, raw := range raws {
		text := crlf(raw)
		cmd := c.Append(folder, int64(len(text)), &imap.AppendOptions{Time: at})
		_, err := io.WriteString(cmd, text)
		err = errors.Join(err, cmd.Close())
		if _, waitErr := cmd.Wait(); waitErr != nil || err != nil {
			err = errors.Join(err, waitErr)
			d.t.Fatalf("append to %s: %v", folder, err)
		}
	}
}

// Mails is everything in a folder, oldest first. It marks nothing as read.
func (d *Dovecot) Mails(address, folder string) []Mail {
	d.t.Helper()
	c := d.Client(address)
	defer c.Close()
	mails, err := open(c, folder)
	if err != nil {
		d.t.Fatalf("read %s of %s: %v", folder, address, err)
	}
	return mails
}

// Await waits until a mail in the folder is as asked, and answers it.
func (d *Dovecot) Await(address, folder string, is func(Mail) bool) Mail {
	d.t.Helper()
	c := d.Client(address)
	defer c.Close()
	var found Mail
	err := waitFor(func() error {
		mails, err := open(c, folder)
		if err != nil {
			return err
		}
		for _, m := range mails {
			if is(m) {
				found = m
				return nil
			}
		}
		return fmt.Errorf("none of its %d mails is the one", len(mails))
	})
	if err != nil {
		d.t.Fatalf("wait for a mail in %s of %s: %v\n%s", folder, address, err, d.Log())
	}
	return found
}

// UIDValidity is the number under which a folder's UIDs are good.
func (d *Dovecot) UIDValidity(address, folder string) uint32 {
	d.t.Helper()
	c := d.Client(address)
	defer c.Close()
	data, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		d.t.Fatalf("open %s of %s: %v", folder, address, err)
	}
	return data.UIDValidity
}

// Rebuild makes a folder as if it had been restored on a new server: the same
// mail under another UIDVALIDITY, numbered from 1 again. Connections break.
func (d *Dovecot) Rebuild(address, folder string) {
	d.t.Helper()
	next := d.UIDValidity(address, folder) + 1
	d.Stop()
	if err := d.forgetUIDs(address, folder); err != nil {
		d.t.Fatalf("rebuild %s of %s: %v", folder, address, err)
	}
	d.Start()
	d.SetUIDValidity(address, folder, next)
}

// SetUIDValidity gives a folder this UIDVALIDITY.
func (d *Dovecot) SetUIDValidity(address, folder string, to uint32) {
	d.t.Helper()
	if _, err := d.doveadm("mailbox", "update", "-u", address, "--uid-validity", fmt.Sprint(to), folder); err != nil {
		d.t.Fatal(err)
	}
}

// forgetUIDs removes what Dovecot remembers of a Maildir beside the mail.
func (d *Dovecot) forgetUIDs(address, folder string) error {
	dir := d.place.path("mail", address)
	if folder != "INBOX" {
		dir = filepath.Join(dir, "."+strings.ReplaceAll(folder, "/", "."))
	}
	for _, pattern := range []string{"dovecot-uidlist", "dovecot.index*", "dovecot-uidvalidity*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, file := range found {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func open(c *imapclient.Client, folder string) ([]Mail, error) {
	data, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || data.NumMessages == 0 {
		return nil, err
	}
	body := &imap.FetchItemBodySection{Peek: true}
	all := imap.SeqSet{{Start: 1, Stop: 0}}
	found, err := c.Fetch(all, &imap.FetchOptions{
		UID: true, Flags: true, BodySection: []*imap.FetchItemBodySection{body},
	}).Collect()
	if err != nil {
		return nil, err
	}
	var mails []Mail
	for _, m := range found {
		mails = append(mails, Mail{UID: m.UID, Flags: m.Flags, Raw: m.FindBodySection(body)})
	}
	return mails, nil
}

// crlf makes the line ends of a Go string those of mail.
func crlf(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}
