package email

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
)

// junkMail is the name under which the provider's spam folder is watched,
// whatever it is called on the server.
const junkMail = "\\Junk"

const (
	// junkPause is how long a mailbox without such a folder is left alone.
	junkPause = 10 * time.Minute
	// rescueHeader is how much of a mail is read to judge it.
	rescueHeader = 64 << 10
)

var errNoJunk = errors.New("no folder is marked for spam, or it is read anyway")

// junkFolder is the one that the server marks (RFC 6154), or one with a usual
// name in the four languages or at the large providers.
func (w *Watcher) junkFolder() (string, error) {
	name, err := usualFolder(w.im, imap.MailboxAttrJunk, "junk", "spam", "junk e-mail", "junk email", "junk mail", "bulk", "bulk mail",
		"spamverdacht", "önemsiz", "önemsiz e-posta", "gereksiz", "gereksiz e-posta", "спам", "небажана пошта", "迷惑メール")
	if err == nil && (name == "" || slices.Contains(w.conn.IMAP.Folders, name)) {
		err = errNoJunk
	}
	return name, err
}

// customers keeps those of the mails that are from customers whom the shop knows.
// Only their headers are read.
func (w *Watcher) customers(ctx context.Context, uids []uint32) ([]uint32, error) {
	if len(uids) == 0 || w.Known == nil {
		return nil, nil
	}
	headers, err := w.headers(uids)
	if err != nil {
		return nil, err
	}
	r, err := newReader(ctx, w.DB, w.Receiver.Blobs, w.Senders, w.Now)
	if err != nil {
		return nil, storeError{err}
	}
	senders, allowed := map[uint32]string{}, map[uint32]bool{}
	var addresses []string
	for uid, raw := range headers {
		if senders[uid], allowed[uid] = r.rescues(w.conn.ID, raw); senders[uid] != "" {
			addresses = append(addresses, senders[uid])
		}
	}
	known, err := w.Known(ctx, addresses)
	if err != nil {
		return nil, storeError{err}
	}
	return slices.DeleteFunc(uids, func(uid uint32) bool { return !known[senders[uid]] && !allowed[uid] }), nil
}

// headers reads the beginning of each mail.
func (w *Watcher) headers(uids []uint32) (map[uint32][]byte, error) {
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{
		{Specifier: imap.PartSpecifierHeader, Peek: true, Partial: &imap.SectionPartial{Size: rescueHeader}}}}
	out := map[uint32][]byte{}
	cmd := w.im.Fetch(uidSet(uids), options)
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		b, err := msg.Collect()
		if err != nil {
			cmd.Close()
			return nil, err
		}
		if len(b.BodySection) > 0 {
			out[uint32(b.UID)] = b.BodySection[0].Bytes
		}
	}
	return out, cmd.Close()
}

// rescues names the folded sender of a mail that may be rescued: one that a
// person wrote, who is not blocked, not one of us, and of whom the provider does
// not say that somebody else pretends to be them. allowed says that an admin
// takes all their mail.
func (r *reader) rescues(in inbox.ID, header []byte) (address string, allowed bool) {
	m, err := mail.ParseBytes(header, mail.Options{At: r.now()})
	if err != nil {
		return "", false
	}
	o := r.origin(m, "")
	if o.automatic || o.spam != nil && o.spam.Reason == conversation.SpamBlocked {
		return "", false
	}
	if _, _, _, ours := r.own.owner(o.customer.Address); ours {
		return "", false
	}
	from := &inbound{inbox: in, door: DoorIMAP}
	results, believed := r.results(from, m)
	if d := doubt(m, results, believed, false, false, o.rule != nil); d != nil && d.Forged {
		return "", false
	}
	return inbox.Fold(o.customer.Address), o.allowed
}
