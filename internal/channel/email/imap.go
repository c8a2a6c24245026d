package email

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/lease"
	"github.com/deskbell/deskbell/internal/sender"
)

// Leases shares work between nodes: each name is done by one node at a time.
type Leases interface {
	Spread(ctx context.Context, group string, wanted func(ctx context.Context) ([]string, error), do func(ctx context.Context, name string, token int64) error) error
}

// Watchers reads the folders of all inboxes, one [Watcher] for each.
type Watchers struct {
	DB       *db.DB
	Receiver *Receiver
	Inboxes  *inbox.Service
	Dialer   *Dialer
	Leases   Leases
	Now      func() time.Time
	Log      *slog.Logger

	// Known says whose mail is rescued from spam folders; nil = nobody's.
	Known   func(ctx context.Context, addresses []string) (map[string]bool, error)
	Senders *sender.Service // nil = no lists and rules

	poll time.Duration // without IDLE; 0 = pollTime
}

// Run watches until ctx ends. Inboxes that come, go or change are noticed within seconds.
func (w *Watchers) Run(ctx context.Context) error {
	return w.Leases.Spread(ctx, "mailbox", w.wanted, w.watch)
}

// wanted names every folder with the version of its settings, so that a change
// ends the watcher and begins another.
func (w *Watchers) wanted(ctx context.Context) ([]string, error) {
	all, err := w.Inboxes.List(ctx, false)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, i := range all {
		if i.Channel != inbox.Email || !i.IMAP.Set() {
			continue
		}
		for _, folder := range foldersOf(i) {
			out = append(out, fmt.Sprintf("%d/%d/%s", i.ID, i.Version, folder))
		}
	}
	return out, nil
}

// sentMail is the name under which the folder of sent mail is watched, whatever
// it is called on the server.
const sentMail = "\\Sent"

// foldersOf lists the folders of an inbox that are read.
func foldersOf(i *inbox.Inbox) []string {
	folders := slices.Clone(i.IMAP.Folders)
	if i.IMAP.ReadSent {
		folders = append(folders, sentMail)
	}
	if !i.IMAP.NoRescue {
		folders = append(folders, junkMail)
	}
	return folders
}

func (w *Watchers) watch(ctx context.Context, name string, _ int64) error {
	id, rest, _ := strings.Cut(name, "/")
	_, folder, _ := strings.Cut(rest, "/")
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return err
	}
	one, err := w.open(ctx, inbox.ID(number), folder)
	if err != nil {
		return err
	}
	return one.Run(ctx)
}

func (w *Watchers) open(ctx context.Context, id inbox.ID, folder string) (*Watcher, error) {
	conn, err := w.Inboxes.Connection(ctx, id)
	if err != nil {
		return nil, err
	}
	one := &Watcher{Watchers: w, conn: conn, sent: folder == sentMail, junk: folder == junkMail}
	one.box, err = openMailbox(ctx, w.DB, id, folder, one.wantedSince())
	return one, err
}

// wantedSince is when a folder that is opened for the first time was asked for:
// with its inbox, or later, by the change that led here.
func (w *Watcher) wantedSince() time.Time {
	if w.conn.Version == 1 && !w.junk {
		return w.conn.CreatedAt
	}
	return w.Now()
}

// Watcher reads one folder: with IDLE, or by asking now and then. It changes no
// flag and deletes nothing, unless its inbox is set to mark or move what is kept. The cursor in the database moves with each mail in
// the transaction that keeps it, so no UID is lost or read twice, whoever else
// watches.
type Watcher struct {
	*Watchers
	conn  *inbox.Connection
	box   *mailbox
	sent  bool // the folder holds what people sent from their mail program
	junk  bool // the folder holds what the provider took for spam: only known customers' mail is read
	im    *imapSession
	fresh []uint32 // kept, and nothing done with them in the mailbox yet
	// stuck counts fruitless tries at one UID.
	stuck struct {
		uid   uint32
		tries int
	}
	healthAt   time.Time
	comparedAt time.Time
}

const (
	pollTime    = 20 * time.Second
	shortPause  = time.Second
	longPause   = time.Minute
	signInPause = 15 * time.Minute // providers lock accounts after a few wrong passwords
)

// Run reads until ctx ends, and begins again after every failure.
func (w *Watcher) Run(ctx context.Context) error {
	pause := shortPause
	for {
		progress, err := w.session(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, errNoJunk) {
			w.succeeded(ctx)
			if err := sleep(ctx, junkPause); err != nil {
				return err
			}
			continue
		}
		t := w.failed(ctx, err)
		if progress {
			pause = shortPause
		}
		wait := pause
		if t.atSignIn() {
			wait = signInPause
		}
		jitter := time.Duration(rand.Int64N(int64(wait / 4))) //nolint:gosec // no secret
		if err := sleep(ctx, wait-jitter); err != nil {
			return err
		}
		pause = min(pause*2, longPause)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// session is one connection until it breaks; progress says that mail was read
// or that there was none to read.
func (w *Watcher) session(ctx context.Context) (progress bool, err error) {
	if err := w.connect(ctx); err != nil {
		return false, err
	}
	defer w.im.close()
	w.fresh = nil
	for idle, first := true, true; ; first = false {
		if err := w.catchUp(ctx); err != nil {
			return progress, err
		}
		progress = true
		if first {
			if err := w.leftovers(ctx); err != nil {
				return progress, err
			}
		}
		if err := w.compareIfDue(ctx); err != nil {
			return progress, err
		}
		if idle, err = w.wait(ctx, idle); err != nil {
			return progress, err
		}
	}
}

// runOnce reads what is there now and compares.
func (w *Watcher) runOnce(ctx context.Context) error {
	if err := w.connect(ctx); err != nil {
		if errors.Is(err, errNoJunk) {
			return nil
		}
		return err
	}
	defer w.im.close()
	if err := w.catchUp(ctx); err != nil {
		return err
	}
	if err := w.leftovers(ctx); err != nil {
		return err
	}
	return w.compare(ctx)
}

func (w *Watcher) connect(ctx context.Context) (err error) {
	if w.box, err = openMailbox(ctx, w.DB, w.conn.ID, w.box.folder, w.wantedSince()); err != nil {
		return err
	}
	if w.im, err = w.Dialer.imapClient(ctx, w.conn); err != nil {
		return err
	}
	if err := w.enter(ctx); err != nil {
		w.im.close()
		return err
	}
	return nil
}

// enter opens the folder and decides where to read on.
func (w *Watcher) enter(ctx context.Context) error {
	folder, err := w.folder()
	if err != nil {
		return err
	}
	selected, err := w.im.Select(folder, &imap.SelectOptions{ReadOnly: !w.acts()}).Wait()
	if err != nil {
		return folderTrouble(folder, err)
	}
	next := uint32(selected.UIDNext)
	if next == 0 { // optional before RFC 3501
		if next, err = w.lastUID(selected.NumMessages); err != nil {
			return err
		}
		next++
	}
	switch before := w.box.uidValidity; {
	case w.box.nextUID == 0:
		return w.begin(ctx, selected.UIDValidity, next)
	case before != selected.UIDValidity:
		w.box.uidValidity, w.box.nextUID, w.box.historyUntil = selected.UIDValidity, 1, next
		w.Log.Warn("a mail server has numbered a folder anew, it is read again", "inbox", int64(w.conn.ID), "mailbox", w.box.id)
		return saveStart(ctx, w.DB, w.box, before)
	}
	return nil
}

// folder is its name on the server.
func (w *Watcher) folder() (string, error) {
	switch {
	case w.junk:
		return w.junkFolder()
	case !w.sent:
		return w.box.folder, nil
	}
	name, err := sentFolder(w.im, w.conn)
	if err == nil && name == "" {
		err = &trouble{"sent_folder_missing", errs.Say("No folder for sent mail was found in this mailbox. Enter its name in the inbox's settings."), map[string]string{}, errNoSent}
	}
	return name, err
}

var errNoSent = errors.New("no folder is marked for sent mail")

func folderTrouble(folder string, err error) error {
	var im *imap.Error
	if errors.As(err, &im) && im.Type == imap.StatusResponseTypeNo && im.Code != imap.ResponseCodeUnavailable && im.Code != imap.ResponseCodeInUse {
		return &trouble{"folder_missing", errs.Say("There is no folder %s in this mailbox, or it may not be read.", folder), map[string]string{"folder": folder}, err}
	}
	return err
}

func (w *Watcher) lastUID(messages uint32) (uint32, error) {
	if messages == 0 {
		return 0, nil
	}
	found, err := w.im.Fetch(imap.SeqSetNum(messages), &imap.FetchOptions{UID: true}).Collect()
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return uint32(found[0].UID), nil
}

// begin is the first connection: only what arrived since the folder was asked
// for becomes a conversation, and the days of history asked for.
func (w *Watcher) begin(ctx context.Context, validity, next uint32) error {
	b, before := w.box, w.box.uidValidity
	b.uidValidity, b.nextUID, b.historyUntil = validity, max(next, 1), max(next, 1)
	if b.connectedAt.IsZero() {
		b.connectedAt = w.Now()
	}
	// Mail servers date what they receive in whole seconds.
	b.connectedAt = b.connectedAt.Truncate(time.Second)
	b.oldestWanted = b.connectedAt.AddDate(0, 0, -w.conn.IMAP.HistoryDays)
	if w.junk {
		b.oldestWanted = b.connectedAt
	}
	// SINCE knows days only, in the server's time zone: one more is asked for.
	found, err := w.im.UIDSearch(&imap.SearchCriteria{Since: b.oldestWanted.AddDate(0, 0, -1)}, nil).Wait()
	if err != nil {
		return err
	}
	if b.nextUID, err = w.firstWanted(found.AllUIDs(), b.nextUID); err != nil {
		return err
	}
	return saveStart(ctx, w.DB, b, before)
}

// firstWanted is the lowest of the UIDs whose mail is not too old, or else next.
func (w *Watcher) firstWanted(found []imap.UID, next uint32) (uint32, error) {
	var uids []uint32
	for _, uid := range found {
		uids = append(uids, uint32(uid))
	}
	if len(uids) == 0 {
		return next, nil
	}
	dates, err := w.dates(uids)
	if err != nil {
		return 0, err
	}
	for uid, d := range dates {
		if d.date.IsZero() || !d.date.Before(w.box.oldestWanted) {
			next = min(next, uid)
		}
	}
	return next, nil
}

// wait returns when there may be news. idle says whether IDLE still works here.
func (w *Watcher) wait(ctx context.Context, idle bool) (bool, error) {
	idle = idle && w.im.Caps().Has(imap.CapIdle)
	if w.box.idle != idle {
		w.box.idle = idle
		w.healthAt = time.Time{}
	}
	w.succeeded(ctx)
	if !idle {
		if err := w.listen(ctx, cmp.Or(w.poll, pollTime)); err != nil {
			return false, err
		}
		return false, w.im.Noop().Wait()
	}
	cmd, err := w.im.Idle()
	var refused *imap.Error
	if errors.As(err, &refused) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	w.im.wire.patience(idleRound + stallTime)
	err = w.listen(ctx, idleRound)
	w.im.wire.patience(stallTime)
	err = errors.Join(err, cmd.Close(), cmd.Wait())
	if errors.As(err, &refused) {
		return false, nil
	}
	return true, err
}

func (w *Watcher) listen(ctx context.Context, most time.Duration) error {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.im.Closed():
		return errClosed
	case <-w.im.news:
	case <-timer.C:
	}
	return nil
}

var errClosed = errors.New("the server closed the connection")

// failed notes what is wrong, in words.
func (w *Watcher) failed(ctx context.Context, err error) *trouble {
	t := explain(w.conn.IMAP.Host, err)
	var ours storeError
	switch {
	case errs.KindOf(err) != errs.Internal:
		t = &trouble{"storage", errs.TextOf(err), nil, err}
	case errors.As(err, &ours):
		t = &trouble{"storage", errs.Say("Mail cannot be stored here right now. Look at the disk and the database."), nil, err}
	}
	w.Log.Warn("a mailbox cannot be read right now", "inbox", int64(w.conn.ID), "mailbox", w.box.id, "problem", t.Code, "error", err)
	if errors.Is(err, errMoved) || errors.Is(err, lease.ErrTaken) {
		return t
	}
	w.box.lastError, w.box.lastErrorAt = t.Text.String(), w.Now()
	w.saveHealth(ctx)
	return t
}

// succeeded notes that all is read, at most once a minute while nothing changes.
func (w *Watcher) succeeded(ctx context.Context) {
	now := w.Now()
	if w.box.lastError == "" && w.box.backlog == 0 && now.Sub(w.healthAt) < time.Minute {
		return
	}
	w.box.lastSuccessAt, w.box.lastError, w.box.lastErrorAt, w.box.backlog = now, "", time.Time{}, 0
	w.saveHealth(ctx)
}

func (w *Watcher) saveHealth(ctx context.Context) {
	w.healthAt = w.Now()
	if err := saveHealth(context.WithoutCancel(ctx), w.DB, w.box); err != nil {
		w.Log.Warn("the health of a mailbox was not noted", "mailbox", w.box.id, "error", err)
	}
}
