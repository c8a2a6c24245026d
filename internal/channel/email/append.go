package email

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// AppendKind is the job that files a copy of a sent mail in the Sent folder.
const AppendKind = "email.append"

type appendPayload struct {
	Message int64 `json:"message_id"`
}

var fileCopy = errs.Say("File a sent mail in the Sent folder")

func appendJob(message int64) job.New {
	return job.New{Kind: AppendKind, UniqueKey: fmt.Sprintf("m%d", message), Payload: appendPayload{message}, Summary: fileCopy.String()}
}

// AppendKind is the job email.append.
func (s *Sender) AppendKind() job.Kind {
	return job.Kind{Name: AppendKind, Do: s.append, Attempts: 10}
}

// filers are the providers that file sent mail themselves.
var filers = []string{"gmail.com", "googlemail.com", "google.com", "office365.com", "outlook.com", "hotmail.com", "live.com"}

// filesItself tells whether the provider of the server files what it sends.
func filesItself(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return slices.ContainsFunc(filers, func(f string) bool { return host == f || strings.HasSuffix(host, "."+f) })
}

func (a *attempt) filesCopy() bool {
	return a.conn.IMAP.Set() && !filesItself(a.conn.SMTP.Host)
}

// filedByProvider asks a provider that files sent mail whether it has this one.
func (a *attempt) filedByProvider(ctx context.Context) bool {
	if !a.conn.IMAP.Set() || !filesItself(a.conn.SMTP.Host) {
		return false
	}
	found, err := a.inSent(ctx, a.conn, a.row.rfcID)
	if err != nil {
		a.Log.Info("the Sent folder was not looked at", "inbox", int64(a.conn.ID), "error", err)
	}
	return found
}

// inSent tells whether the Sent folder holds the Message-ID.
func (s *Sender) inSent(ctx context.Context, c *inbox.Connection, rfcID string) (bool, error) {
	im, err := s.Dialer.imapClient(ctx, c)
	if err != nil {
		return false, err
	}
	defer im.close()
	folder, err := sentFolder(im, c)
	if err != nil || folder == "" {
		return false, err
	}
	return holds(im, folder, rfcID)
}

func holds(im *imapSession, folder, rfcID string) (bool, error) {
	if _, err := im.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return false, err
	}
	found, err := im.UIDSearch(&imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: rfcID}}}, nil).Wait()
	return err == nil && len(found.AllUIDs()) > 0, err
}

// sentFolder is the configured one, the one that the server marks (RFC 6154),
// or one with a usual name; "" when there is none.
func sentFolder(im *imapSession, c *inbox.Connection) (string, error) {
	if c.IMAP.SentFolder != "" {
		return c.IMAP.SentFolder, nil
	}
	return usualFolder(im, imap.MailboxAttrSent, "sent", "sent items", "sent messages", "sent mail")
}

// usualFolder is the one with the mark, or else the first with one of the names.
func usualFolder(im *imapSession, mark imap.MailboxAttr, names ...string) (string, error) {
	options := &imap.ListOptions{}
	if im.Caps().Has(imap.CapSpecialUse) {
		options.ReturnSpecialUse = true
	}
	all, err := im.List("", "*", options).Collect()
	if err != nil {
		return "", err
	}
	named := ""
	for _, f := range all {
		if slices.Contains(f.Attrs, mark) {
			return f.Mailbox, nil
		}
		last := f.Mailbox
		if f.Delim != 0 {
			last = f.Mailbox[strings.LastIndexByte(f.Mailbox, byte(f.Delim))+1:]
		}
		if named == "" && slices.Contains(names, strings.ToLower(last)) {
			named = f.Mailbox
		}
	}
	return named, nil
}

// append files the copy. A copy that is there already, from an attempt whose
// answer was lost, is left alone.
func (s *Sender) append(ctx context.Context, j job.Job) (err error) {
	var p appendPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	defer errs.Wrap(&err, "file message %d", p.Message)
	row, err := loadOutbound(ctx, s.DB, p.Message)
	if err != nil || row == nil {
		return err
	}
	c, err := s.Inboxes.Connection(ctx, row.inbox)
	if err != nil || c.Archived() || !c.IMAP.Set() {
		return err
	}
	im, err := s.Dialer.imapClient(ctx, c)
	if err != nil {
		return explain(c.IMAP.Host, err)
	}
	defer im.close()
	folder, err := sentFolder(im, c)
	if err != nil || folder == "" {
		return err
	}
	if j.Attempts > 1 {
		if there, err := holds(im, folder, row.rfcID); err != nil || there {
			return err
		}
	}
	if err := s.appendTo(ctx, im, folder, row); err != nil {
		return explain(c.IMAP.Host, err)
	}
	return nil
}

func (s *Sender) appendTo(ctx context.Context, im *imapSession, folder string, row *outbound) error {
	size, err := s.measure(ctx, row)
	if err != nil {
		return err
	}
	raw, err := row.open(ctx, s.Blobs)
	if err != nil {
		return err
	}
	defer raw.Close()
	cmd := im.Append(folder, size, &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: s.Now()})
	if _, err := io.Copy(cmd, raw); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err = cmd.Wait()
	return err
}

// measure counts the bytes, which an IMAP literal announces first.
func (s *Sender) measure(ctx context.Context, row *outbound) (int64, error) {
	raw, err := row.open(ctx, s.Blobs)
	if err != nil {
		return 0, err
	}
	defer raw.Close()
	return io.Copy(io.Discard, raw)
}
