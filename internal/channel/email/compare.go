package email

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

const (
	compareTime = 5 * time.Minute
	// compareUIDs is how many of the newest mails of a folder are compared.
	compareUIDs = 2000
	maxMissing  = 100
)

// comparison is what the last comparison of a folder found: mails that the
// server holds and that never arrived here.
type comparison struct {
	At   int64    `json:"at"`
	UIDs []uint32 `json:"uids"`
}

// compare looks for mails that were passed over, as happens when a server shows
// a higher UID before a lower one, and brings them in.
func (w *Watcher) compare(ctx context.Context) error {
	if w.junk { // what stays there is no gap
		return nil
	}
	missing, err := w.missing(ctx)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		err := w.repair(ctx, missing)
		w.Log.Warn("mails were passed over and are brought in now", "inbox", int64(w.conn.ID), "mailbox", w.box.id, "mails", len(missing), "error", err)
		if left, err := w.missing(ctx); err == nil {
			missing = left
		} // otherwise they stay gaps until the next comparison
	}
	w.comparedAt = w.Now()
	return saveComparison(ctx, w.DB, w.box.id, comparison{At: w.comparedAt.UnixMilli(), UIDs: missing[:min(len(missing), maxMissing)]})
}

// missing lists UIDs of the server before the cursor that have no row here.
func (w *Watcher) missing(ctx context.Context) ([]uint32, error) {
	next := w.box.nextUID
	from := max(w.box.historyUntil, 1)
	if next > compareUIDs {
		from = max(from, next-compareUIDs)
	}
	if from >= next {
		return nil, nil
	}
	there, err := w.im.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(from), Stop: imap.UID(next - 1)}}}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	byHash := map[string]uint32{}
	for _, uid := range there.AllUIDs() {
		k := &kept{Delivery: w.delivery(uint32(uid), found{})}
		sum := k.identity()
		byHash[string(sum[:])] = uint32(uid)
	}
	return unknownInbound(ctx, w.DB, byHash)
}

// repair keeps mails before the cursor without moving it.
func (w *Watcher) repair(ctx context.Context, uids []uint32) error {
	for len(uids) > 0 {
		n := min(len(uids), fetchGroup)
		got, err := w.fetch(ctx, uids[:n])
		for uid, f := range got {
			if f.kept == nil {
				continue
			}
			k := f.kept
			k.Delivery = w.delivery(uid, f)
			k.At.Behind = true
			k.unique = k.identity()
			w.Receiver.submit(ctx, k)
			if _, err := w.Receiver.wait(ctx, k); err != nil {
				return storeError{err}
			}
		}
		if err != nil {
			return err
		}
		uids = uids[n:]
	}
	return nil
}

// compareIfDue runs between looks; a failure ends the session like any other.
func (w *Watcher) compareIfDue(ctx context.Context) error {
	if w.Now().Sub(w.comparedAt) < compareTime {
		return nil
	}
	return w.compare(ctx)
}

// Compare is what the ledger knows of the mail servers: mails that they hold
// and that never arrived, and when that was last looked at. With check it is
// looked at now.
func (w *Watchers) Compare(ctx context.Context, check bool) (gaps []ledger.Gap, at time.Time, err error) {
	defer errs.Wrap(&err, "compare with the mail servers")
	all, err := w.Inboxes.List(ctx, false)
	if err != nil {
		return nil, at, err
	}
	for _, i := range all {
		if !i.IMAP.Set() {
			continue
		}
		if check {
			w.compareNow(ctx, i)
		}
		found, err := comparisons(ctx, w.DB, i.ID)
		if err != nil {
			return nil, at, err
		}
		for _, c := range found {
			when := instant(c.At)
			if !when.IsZero() && (at.IsZero() || when.Before(at)) {
				at = when
			}
			for _, uid := range c.UIDs {
				gaps = append(gaps, ledger.Gap{Inbox: int64(i.ID), UID: int64(uid), Stage: "missing", Since: when,
					Reason: neverArrived.String()})
			}
		}
	}
	return gaps, at, nil
}

var neverArrived = errs.Say("The mail server holds this mail, and it never arrived here.")

// compareNow reads and compares each folder once; what fails shows in the health of the inbox.
func (w *Watchers) compareNow(ctx context.Context, i *inbox.Inbox) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	for _, folder := range foldersOf(i) {
		one, err := w.open(ctx, i.ID, folder)
		if err == nil {
			err = one.runOnce(ctx)
		}
		if err != nil {
			w.Log.Info("a folder was not compared", "inbox", int64(i.ID), "error", fmt.Sprint(cmp.Or(context.Cause(ctx), err)))
		}
	}
}
