package email

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

const (
	fetchGroup = 50
	// fetchLimit bounds one mail from a mail server, which has taken it already.
	fetchLimit = 512 << 20
	// maxTries at one UID, after which it is a gap of the ledger and the others go on.
	maxTries = 8
	// plainTries after which the date, which a server may write wrongly, is not asked for.
	plainTries = 3
)

// catchUp reads everything from the cursor on.
func (w *Watcher) catchUp(ctx context.Context) error {
	for {
		uids, err := w.unread()
		if err != nil {
			return err
		}
		if len(uids) == 0 {
			return nil
		}
		for len(uids) > 0 {
			n := min(len(uids), w.groupSize())
			w.box.backlog = int64(len(uids))
			if err := w.Receiver.room(); err != nil {
				return err // tried again after a pause
			}
			if len(uids) > fetchGroup {
				w.saveHealth(ctx)
			}
			if err := w.group(ctx, uids[:n]); err != nil {
				w.stumbled(uids[0], err)
				return err
			}
			fresh := w.fresh
			w.fresh = nil
			if err := w.after(fresh); err != nil {
				return err // no fault of a mail
			}
			uids = uids[n:]
		}
	}
}

// unread lists the UIDs from the cursor on in ascending order.
func (w *Watcher) unread() ([]uint32, error) {
	from := imap.UID(w.box.nextUID)
	found, err := w.im.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: from, Stop: 0}}}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	var out []uint32
	for _, uid := range found.AllUIDs() {
		if uid >= from { // "n:*" always names the last one
			out = append(out, uint32(uid))
		}
	}
	slices.Sort(out)
	return out, nil
}

// groupSize is one while a UID makes trouble, so that it is found and passed.
func (w *Watcher) groupSize() int {
	if w.stuck.tries > 0 {
		return 1
	}
	return fetchGroup
}

// stumbled counts failures at the first UID that is not kept yet. What is
// wrong on our side is no fault of the mail.
func (w *Watcher) stumbled(first uint32, err error) {
	var ours storeError
	if errors.As(err, &ours) || errors.Is(err, context.Canceled) {
		return
	}
	at := max(first, w.box.nextUID)
	if w.stuck.uid != at {
		w.stuck.uid, w.stuck.tries = at, 0
	}
	w.stuck.tries++
}

// found is what the server gave for one UID.
type found struct {
	kept *kept
	date time.Time
	size int64
	dead string // why its bytes cannot be had
}

// group keeps some mails in ascending order of their UIDs.
func (w *Watcher) group(ctx context.Context, uids []uint32) error {
	if w.stuck.tries >= maxTries && w.stuck.uid == uids[0] {
		return w.pass(ctx, uids[0])
	}
	plan, err := w.plan(ctx, uids)
	if err != nil {
		return err
	}
	got, fetchErr := w.fetch(ctx, plan.wanted)
	if fetchErr == nil {
		fetchErr = w.checkMissing(plan.wanted, got)
	}
	if err := w.keep(ctx, uids, plan, got, fetchErr != nil); err != nil {
		return err
	}
	if fetchErr == nil && w.stuck.tries > 0 && w.box.nextUID > w.stuck.uid {
		w.stuck.tries = 0
	}
	return fetchErr
}

// pass gives up on a mail that the server does not hand over.
func (w *Watcher) pass(ctx context.Context, uid uint32) error {
	if w.junk { // nobody can say whether it is a customer's
		return w.skipRest(ctx, []uint32{uid}, false)
	}
	d := w.delivery(uid, found{})
	if err := w.Receiver.note(ctx, d, 0, "", "The mail server could not hand over this mail."); err != nil {
		return storeError{err}
	}
	w.Log.Error("a mail was passed over because its server does not hand it over", "inbox", int64(w.conn.ID), "mailbox", w.box.id, "uid", uid)
	w.box.nextUID, w.stuck.tries = uid+1, 0
	return nil
}

// plan says which mails are fetched and which get a ledger row only.
type plan struct {
	wanted  []uint32
	dropped map[uint32]found
}

// plan asks for the dates of mails that may be older than the connection.
func (w *Watcher) plan(ctx context.Context, uids []uint32) (plan, error) {
	p := plan{dropped: map[uint32]found{}}
	var old []uint32
	for _, uid := range uids {
		if uid < w.box.historyUntil {
			old = append(old, uid)
		}
	}
	dates := map[uint32]found{}
	if len(old) > 0 {
		var err error
		if dates, err = w.dates(old); err != nil {
			return p, err
		}
	}
	for _, uid := range uids {
		d, known := dates[uid]
		if known && !d.date.IsZero() && d.date.Before(w.box.oldestWanted) {
			p.dropped[uid] = d
		} else {
			p.wanted = append(p.wanted, uid)
		}
	}
	if !w.junk {
		return p, nil
	}
	p.dropped = map[uint32]found{} // no business of ours
	var err error
	p.wanted, err = w.customers(ctx, p.wanted)
	return p, err
}

func (w *Watcher) dates(uids []uint32) (map[uint32]found, error) {
	out := map[uint32]found{}
	cmd := w.im.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		b, err := msg.Collect()
		if err != nil {
			cmd.Close()
			return nil, err
		}
		out[uint32(b.UID)] = found{date: b.InternalDate, size: b.RFC822Size}
	}
	return out, cmd.Close()
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}

// fetch streams the mails into stages. What came before a failure is returned with it.
func (w *Watcher) fetch(ctx context.Context, uids []uint32) (map[uint32]found, error) {
	got := map[uint32]found{}
	if len(uids) == 0 {
		return got, nil
	}
	options := &imap.FetchOptions{UID: true, InternalDate: w.stuck.tries < plainTries, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}
	cmd := w.im.Fetch(uidSet(uids), options)
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		uid, f, err := w.take(ctx, msg)
		if err != nil {
			w.im.Client.Close() // the rest of a half-read mail is not worth reading
			cmd.Close()
			return got, err
		}
		if uid != 0 && (f.kept != nil || f.dead != "") {
			got[uid] = f
		}
	}
	return got, cmd.Close()
}

var largerThanFetched = errs.Say("The mail is larger than 512 MiB.")

// take reads one mail, whatever the order of its parts is.
func (w *Watcher) take(ctx context.Context, msg *imapclient.FetchMessageData) (uid uint32, f found, err error) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataInternalDate:
			f.date = item.Time
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue // NIL: seen by checkMissing
			}
			f.size = item.Literal.Size()
			if f.size > fetchLimit {
				f.dead = largerThanFetched.String()
				continue
			}
			if f.kept, err = w.stage(ctx, item.Literal); err != nil {
				return uid, f, err
			}
		}
	}
	return uid, f, nil
}

// stage tells failures of the connection from ours.
func (w *Watcher) stage(ctx context.Context, r io.Reader) (*kept, error) {
	src := &watched{r: r}
	w.Receiver.count(1)
	defer w.Receiver.count(-1)
	s, err := stage(ctx, w.Receiver.Blobs, src, fetchLimit)
	if err != nil {
		if src.failed == nil && !errs.Is(err, errs.TooLarge) {
			err = storeError{err}
		}
		return nil, err
	}
	return &kept{staged: s, done: make(chan struct{})}, nil
}

type watched struct {
	r      io.Reader
	failed error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed = err
	}
	return n, err
}

var errWithheld = errors.New("the server has a mail that it does not hand over")

// checkMissing tells mails that vanished meanwhile from mails that the server withholds.
func (w *Watcher) checkMissing(wanted []uint32, got map[uint32]found) error {
	var missing []uint32
	for _, uid := range wanted {
		if _, ok := got[uid]; !ok {
			missing = append(missing, uid)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	there, err := w.im.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{uidSet(missing)}}, nil).Wait()
	if err != nil {
		return err
	}
	if len(there.AllUIDs()) > 0 {
		return errWithheld
	}
	return nil
}

func (w *Watcher) delivery(uid uint32, f found) Delivery {
	d := Delivery{Inbox: w.conn.ID, Door: DoorIMAP,
		At: &Position{Mailbox: w.box.id, UIDValidity: w.box.uidValidity, UID: uid, Expect: w.box.nextUID}}
	if !f.date.IsZero() {
		d.Envelope.Date = f.date.UnixMilli()
	}
	d.Envelope.Sent, d.Envelope.Rescued = w.sent, w.junk
	d.Envelope.History = uid < w.box.historyUntil && !f.date.IsZero() && f.date.Before(w.box.connectedAt)
	return d
}

// keep makes the group durable in ascending order. When the fetch broke off it
// ends at the first gap, which is read again.
func (w *Watcher) keep(ctx context.Context, uids []uint32, p plan, got map[uint32]found, broken bool) error {
	start, cursor := w.box.nextUID, w.box.nextUID
	var line []*kept
	for _, uid := range uids {
		f, have := got[uid]
		old, drop := p.dropped[uid]
		if !have && !drop {
			if broken {
				break
			}
			continue // vanished from the folder
		}
		k := f.kept
		if drop {
			f = old
		}
		if k == nil {
			k = &kept{dead: f.dead, done: make(chan struct{})}
			k.size = f.size
		}
		if drop {
			k.drop = "before connection"
		}
		w.box.nextUID = cursor
		k.Delivery = w.delivery(uid, f)
		k.unique = k.identity()
		cursor = uid + 1
		line = append(line, k)
	}
	w.box.nextUID = start
	for _, k := range line {
		w.Receiver.submit(ctx, k)
	}
	for _, k := range line {
		if _, err := w.Receiver.wait(ctx, k); err != nil {
			return storeError{err}
		}
		w.box.nextUID = k.At.UID + 1
		if k.drop == "" && k.dead == "" && !k.Envelope.History {
			w.fresh = append(w.fresh, k.At.UID)
		}
	}
	return w.skipRest(ctx, uids, broken)
}

// skipRest moves the cursor over mails at the end that vanished.
func (w *Watcher) skipRest(ctx context.Context, uids []uint32, broken bool) error {
	end := uids[len(uids)-1] + 1
	if broken || w.box.nextUID >= end {
		return nil
	}
	moved, err := skipTo(ctx, w.DB, w.box, w.box.nextUID, end)
	if err == nil && !moved {
		err = errMoved
	}
	if err != nil {
		return storeError{err}
	}
	w.box.nextUID = end
	return nil
}
