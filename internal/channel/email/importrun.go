package email

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// importRun is one run of an import's job over one connection.
type importRun struct {
	*Imports
	im Import
	w  *Watcher // lends its way of fetching
}

// run works for some seconds; again is when it goes on, 0 = it has ended.
func (r *importRun) run(ctx context.Context) (again time.Duration, err error) {
	c, err := r.Inboxes.Connection(ctx, r.im.Inbox)
	if err != nil {
		return 0, err
	}
	if c.Archived() || !c.IMAP.Set() {
		return 0, r.note(ctx, r.im.ID, errs.Say("No mailbox is read for this inbox any more."), true)
	}
	im, err := r.Dialer.imapClient(ctx, c)
	if err != nil {
		return 0, explain(c.IMAP.Host, err)
	}
	defer im.close()
	r.w = &Watcher{Watchers: &Watchers{DB: r.DB, Receiver: r.Receiver, Inboxes: r.Inboxes, Dialer: r.Dialer, Now: r.Now, Log: r.Log},
		conn: c, box: &mailbox{inbox: r.im.Inbox, folder: r.im.Folder}, im: im}
	selected, err := im.Select(r.im.Folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t := explain(c.IMAP.Host, folderTrouble(r.im.Folder, err))
		if t.Code == "folder_missing" {
			return 0, r.note(ctx, r.im.ID, t.Text, true)
		}
		return 0, t
	}
	if r.im.State == ImportCounting || r.im.validity != selected.UIDValidity {
		err = r.count(ctx, selected.UIDValidity)
	}
	if err == nil && r.im.State == ImportRunning {
		again, err = r.bring(ctx)
	}
	if errors.Is(err, errStopped) {
		return 0, nil
	}
	var ours storeError
	if err != nil && !errors.As(err, &ours) && errs.KindOf(err) == errs.Internal {
		err = explain(c.IMAP.Host, err)
	}
	return again, err
}

// wanted lists the UIDs of the time asked for, from one on, ascending.
func (r *importRun) wanted(from uint32, to uint32) ([]uint32, error) {
	// SINCE and BEFORE know days only, in the server's time zone: one more at each end.
	criteria := &imap.SearchCriteria{Since: r.im.Since.AddDate(0, 0, -1), Before: r.im.Until.AddDate(0, 0, 2),
		UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(from), Stop: imap.UID(to)}}}}
	found, err := r.w.im.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, err
	}
	var out []uint32
	for _, uid := range found.AllUIDs() {
		if uint32(uid) >= from {
			out = append(out, uint32(uid))
		}
	}
	slices.Sort(out)
	return out, nil
}

// inTime keeps those whose date is within the time asked for.
func (r *importRun) inTime(uids []uint32) ([]uint32, map[uint32]found, error) {
	dates, err := r.w.dates(uids)
	if err != nil {
		return nil, nil, err
	}
	var out []uint32
	for _, uid := range uids {
		d, ok := dates[uid]
		if ok && !d.date.Before(r.im.Since) && d.date.Before(r.im.Until) {
			out = append(out, uid)
		}
	}
	return out, dates, nil
}

// count asks how many mails there are and how large they are. It begins anew
// when the server has numbered the folder anew; what is here already stays known
// by its content.
func (r *importRun) count(ctx context.Context, validity uint32) error {
	uids, err := r.wanted(1, 0)
	if err != nil {
		return err
	}
	r.im.Total, r.im.Bytes, r.im.Seen, r.im.next, r.im.last = 0, 0, 0, 1, 1
	for part := range slices.Chunk(uids, 500) {
		in, dates, err := r.inTime(part)
		if err != nil {
			return err
		}
		for _, uid := range in {
			r.im.Total++
			r.im.Bytes += dates[uid].size
			r.im.last = max(r.im.last, uid)
		}
	}
	r.im.validity = validity
	if r.im.State == ImportCounting {
		r.im.State = ImportRunning
		if r.im.DryRun {
			r.im.State = ImportReady
		}
	}
	if name, err := sentFolder(r.w.im, r.w.conn); err == nil && name == r.im.Folder {
		r.im.Sent = true
	}
	return r.store(ctx)
}

var errStopped = errors.New("the import was stopped")

// store writes progress, unless somebody has stopped the import meanwhile.
func (r *importRun) store(ctx context.Context) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := loadImport(ctx, tx, r.im.ID, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if now.State != ImportCounting && now.State != ImportRunning {
			return errStopped
		}
		r.im.LastError = ""
		return saveImport(ctx, tx, r.im, r.Now())
	})
}

// bring keeps batches until its time is over.
func (r *importRun) bring(ctx context.Context) (again time.Duration, err error) {
	until := r.Now().Add(importTime)
	uids, err := r.wanted(r.im.next, r.im.last)
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(uids, importBatch) {
		waiting, err := countIngest(ctx, r.DB)
		if err != nil {
			return 0, err
		}
		if waiting > importAhead {
			return time.Second, nil
		}
		err = r.batch(ctx, part)
		if errors.Is(err, errStopped) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if r.Now().After(until) {
			return time.Millisecond, nil
		}
	}
	r.im.State, r.im.FinishedAt, r.im.next = ImportDone, r.Now(), r.im.last+1
	if err := r.store(ctx); err != nil && !errors.Is(err, errStopped) {
		return 0, err
	}
	return 0, nil
}

// batch keeps some mails and moves on. After a kill it is done again, and what
// was kept is known by its UID.
func (r *importRun) batch(ctx context.Context, part []uint32) error {
	in, _, err := r.inTime(part)
	if err != nil {
		return err
	}
	live, err := r.live(ctx, in)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(slices.Clone(in), func(uid uint32) bool { return live[uid] })
	got, err := r.w.fetch(ctx, missing)
	if err != nil {
		return err
	}
	kept, known, err := r.keep(ctx, missing, got)
	if err != nil {
		return err
	}
	r.im.Seen += int64(len(in))
	r.im.Known += int64(len(live)) + known
	r.im.Kept += kept
	r.im.Missed += int64(len(missing)) - kept - known
	r.im.next = part[len(part)-1] + 1
	return r.store(ctx)
}

// live tells which of the mails a watcher of the folder has brought in.
func (r *importRun) live(ctx context.Context, uids []uint32) (map[uint32]bool, error) {
	box, err := findMailbox(ctx, r.DB, r.im.Inbox, r.im.Folder, r.im.Sent)
	if err != nil || box == nil {
		return map[uint32]bool{}, err
	}
	byHash := map[string]uint32{}
	for _, uid := range uids {
		k := &kept{Delivery: Delivery{Inbox: r.im.Inbox, Door: DoorIMAP, At: &Position{Mailbox: box.id, UIDValidity: r.im.validity, UID: uid}}}
		sum := k.identity()
		byHash[string(sum[:])] = uid
	}
	return threadedInbound(ctx, r.DB, byHash)
}

func (r *importRun) keep(ctx context.Context, uids []uint32, got map[uint32]found) (fresh, known int64, err error) {
	var line []*kept
	for _, uid := range uids {
		f := got[uid]
		if f.kept == nil {
			continue // vanished meanwhile, or withheld
		}
		k := f.kept
		k.Delivery = Delivery{Inbox: r.im.Inbox, Door: DoorImport, At: &Position{Mailbox: r.im.place(), UIDValidity: r.im.validity, UID: uid, Behind: true}}
		k.Envelope = Envelope{History: true, Import: true, Sent: r.im.Sent}
		if !f.date.IsZero() {
			k.Envelope.Date = f.date.UnixMilli()
		}
		k.unique = k.identity()
		line = append(line, k)
	}
	for _, k := range line {
		r.Receiver.submit(ctx, k)
	}
	for _, k := range line {
		if _, err := r.Receiver.wait(ctx, k); err != nil {
			return fresh, known, storeError{err}
		}
		if k.repeat {
			known++
		} else {
			fresh++
		}
	}
	return fresh, known, nil
}
