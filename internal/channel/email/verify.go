package email

import (
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/mail/auth"
)

// verified tells whether it is proved that the mail is from the address. At our
// own doors the topmost results are ours; a mailbox's are believed when they
// are of its provider or of a host that an admin named; what comes through the
// API proves nothing.
func (r *reader) verified(in *inbound, m *mail.Message, address string) bool {
	f, ok := r.results(in, m)
	return ok && inbox.Fold(address) == inbox.Fold(m.From.Address) && f.Proves(m)
}

// aligned tells whether DKIM or SPF passed for the domain of the one author,
// which is proof also where the domain has no DMARC policy (RFC 7489, section 3.1).
func (r *reader) aligned(in *inbound, m *mail.Message) bool {
	f, ok := r.results(in, m)
	if !ok || len(m.FromAll) != 1 {
		return false
	}
	from, found := auth.DomainOf(m.From.Address), f.Repeat()
	if found.DMARC.Value == auth.Fail || from == "" {
		return false
	}
	if s := found.SPF; s.Value == auth.Pass && !s.HELO && auth.SameOrganisation(s.Domain, from) {
		return true
	}
	return slices.ContainsFunc(found.DKIM, func(k auth.DKIM) bool { return k.Value == auth.Pass && auth.SameOrganisation(k.Domain, from) })
}

// results are those of somebody whom we believe.
func (r *reader) results(in *inbound, m *mail.Message) (f auth.Field, ok bool) {
	switch in.door {
	case DoorSMTP, DoorLMTP:
		f, ok = auth.Top(m.Headers)
	case DoorIMAP:
		f, ok = auth.Find(m.Headers, r.trust[in.inbox].imap)
	}
	return f, ok
}

// atDoor is a mail that was read to its end and judged, before it is kept.
type atDoor struct {
	staged
	session *session
	results auth.Results          // of SMTP
	header  mail.Header           // of LMTP
	trust   map[inbox.ID]believed // of LMTP
}

// take reads the mail and finds out who sent it. Behind LMTP stands our own
// mail server, which has seen the sender; we have not.
func (s *session) take(r io.Reader, door Door) (*atDoor, error) {
	receiver := s.door.Receiver
	bytes, err := stage(s.ctx, receiver.Blobs, r, MaxMail)
	if err != nil {
		return nil, err
	}
	d := &atDoor{staged: bytes, session: s}
	if door == DoorLMTP {
		err = d.readTrusted()
	} else {
		err = d.judge()
	}
	if err != nil {
		d.drop()
		return nil, err
	}
	return d, nil
}

func (d *atDoor) raw() (io.ReadCloser, error) {
	return openPacked(d.session.ctx, d.session.door.Receiver.Blobs, d.packed, d.blobKey)
}

func (d *atDoor) judge() error {
	s := d.session
	if s.door.Resolver == nil {
		return nil
	}
	raw, err := d.raw()
	if err != nil {
		return err
	}
	defer raw.Close()
	ip, _ := netip.ParseAddr(remoteIP(s.conn.Conn())) // the zero one is not judged
	d.results = auth.Check(s.ctx, s.door.Resolver, auth.Peer{IP: ip, HELO: s.conn.Hostname(), From: s.from}, raw)
	return nil
}

func (d *atDoor) readTrusted() (err error) {
	if d.trust, err = loadBelieved(d.session.ctx, d.session.door.Receiver.DB); err != nil {
		return err
	}
	raw, err := d.raw()
	if err != nil {
		return err
	}
	defer raw.Close()
	if d.header, err = auth.Header(raw); err != nil {
		d.session.door.Log.Debug("the header of a mail was not looked at", "error", err)
	}
	return nil
}

// open gives the mail for one inbox with our trace on top.
func (d *atDoor) open(id inbox.ID, trace string) (io.ReadCloser, error) {
	raw, err := d.raw()
	if err != nil {
		return nil, err
	}
	results, trust := d.results, d.trust[id].named
	if f, ok := auth.Find(d.header, trust); ok {
		results = f.Repeat()
	}
	top := trace + results.Format(d.session.door.Hostname)
	return &closing{io.MultiReader(strings.NewReader(top), newTraceFilter(raw, trust)), raw}, nil
}

// closing reads from one and closes the other.
type closing struct {
	io.Reader
	under io.Closer
}

func (c *closing) Close() error { return c.under.Close() }

// drop frees the copy that was only read at the door.
func (d *atDoor) drop() {
	if d.blobKey == "" {
		return
	}
	receiver := d.session.door.Receiver
	if err := receiver.Blobs.Delete(d.session.ctx, d.blobKey); err != nil {
		receiver.Log.Warn("a blob that nobody needs was not deleted", "error", err)
	}
}
