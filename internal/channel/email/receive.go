package email

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// IngestKind is the job that parses a kept mail.
const IngestKind = "email.ingest"

// Door is the way in which a mail came.
type Door string

// The doors.
const (
	DoorIMAP Door = "imap"
	DoorSMTP Door = "smtp"
	DoorLMTP Door = "lmtp"
	DoorAPI  Door = "api"
	// DoorImport is for old mail that somebody asked for.
	DoorImport Door = "import"
)

// Envelope is what is known of a mail beside its bytes.
type Envelope struct {
	From   string   `json:"from,omitempty"` // of the SMTP envelope
	To     []string `json:"to,omitempty"`
	Remote string   `json:"remote,omitempty"`
	// Date is when the mail server got it (INTERNALDATE), in ms.
	Date int64 `json:"date,omitempty"`
	// History says that it was there before the inbox was connected.
	History bool `json:"history,omitempty"`
	// Sent says that it was found among the sent mail of the mailbox.
	Sent bool `json:"sent,omitempty"`
	// Import says that somebody asked for it to be brought in.
	Import bool `json:"import,omitempty"`
	// Rescued says that it was found in the spam folder of the mailbox.
	Rescued bool `json:"rescued,omitempty"`
}

// Position is the place of a mail in a watched folder.
type Position struct {
	Mailbox     int64
	UIDValidity uint32
	UID         uint32
	// Expect is where the cursor must stand, so that no UID is ever passed
	// over: a mail is refused when the one before it was not kept.
	Expect uint32
	// Behind says that the mail lies before the cursor, which stays.
	Behind bool
}

// Delivery is one mail at a door.
type Delivery struct {
	Inbox    inbox.ID
	Door     Door
	Raw      io.Reader
	Envelope Envelope
	At       *Position // only with DoorIMAP
}

// Ledger is the part of the ledger that the channel writes.
type Ledger interface {
	OpenTx(ctx context.Context, tx *db.Tx, in ledger.In) (int64, error)
	DropTx(ctx context.Context, tx *db.Tx, id int64, reason string, conversation, message int64) error
	DeadTx(ctx context.Context, tx *db.Tx, id int64, reason string) error
}

// Receiver makes mail durable. Its fields are set before the first Keep.
type Receiver struct {
	DB     *db.DB
	Ledger Ledger
	Queue  *job.Queue
	Blobs  *blob.Store
	// Room says why nothing more can be taken in. The doors ask before they read
	// a mail, and leave it where it is. nil = there is always room.
	Room func() error
	Now  func() time.Time
	Log  *slog.Logger

	mu      sync.Mutex
	pending []*kept
	staging int  // callers that are still reading
	busy    bool // somebody commits
	more    chan struct{}
}

// kept is a mail on its way into the database.
type kept struct {
	Delivery
	staged
	unique [sha256.Size]byte
	// drop is the reason why only a ledger row is written, dead the one why it is a gap.
	drop, dead string
	// fence is that of the lease under which a watched folder is read.
	fence    *db.Fence
	ledgerID int64
	repeat   bool
	err      error
	done     chan struct{}
}

const (
	groupSize = 64
	groupWait = 5 * time.Millisecond
)

func (r *Receiver) room() error {
	if r.Room == nil {
		return nil
	}
	return r.Room()
}

// Keep returns once the mail, its ledger row and its job are durable; from then
// on it cannot be lost. The same bytes again at the raw-mail endpoint, or the
// same UID, give the first ledger id. Many callers share one transaction.
func (r *Receiver) Keep(ctx context.Context, d Delivery) (ledgerID int64, err error) {
	defer errs.Wrap(&err, "keep a mail of inbox %d", d.Inbox)
	k, err := r.take(ctx, d, MaxMail)
	if err != nil {
		return 0, err
	}
	r.submit(ctx, k)
	return r.wait(ctx, k)
}

// take reads the mail to its end.
func (r *Receiver) take(ctx context.Context, d Delivery, limit int64) (*kept, error) {
	r.count(1)
	defer r.count(-1)
	s, err := stage(ctx, r.Blobs, d.Raw, limit)
	if err != nil {
		return nil, err
	}
	k := &kept{Delivery: d, staged: s, done: make(chan struct{})}
	k.unique = k.identity()
	return k, nil
}

// identity is what makes a mail the same as one kept before.
func (k *kept) identity() [sha256.Size]byte {
	b := append([]byte(k.Door), 0)
	switch {
	case k.At != nil:
		b = binary.BigEndian.AppendUint64(b, uint64(k.At.Mailbox))
		b = binary.BigEndian.AppendUint32(b, k.At.UIDValidity)
		b = binary.BigEndian.AppendUint32(b, k.At.UID)
	case k.Door == DoorAPI:
		b = binary.BigEndian.AppendUint64(b, uint64(k.Inbox))
		b = append(b, k.sum[:]...)
	default:
		var one [32]byte
		rand.Read(one[:]) // never fails
		b = append(b, one[:]...)
	}
	return sha256.Sum256(b)
}

func (r *Receiver) count(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.staging += n
	r.ring()
}

// ring tells a committer that waits for company. r.mu is held.
func (r *Receiver) ring() {
	if r.more == nil {
		r.more = make(chan struct{}, 1)
	}
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// submit puts the mail in line; mails of one caller are kept in their order.
func (r *Receiver) submit(ctx context.Context, k *kept) {
	k.fence = db.FenceOf(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = append(r.pending, k)
	r.ring()
	if !r.busy {
		r.busy = true
		go r.drain()
	}
}

// wait returns what became of the mail. When ctx ends first the mail may still be kept.
func (r *Receiver) wait(ctx context.Context, k *kept) (int64, error) {
	select {
	case <-k.done:
		return k.ledgerID, k.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// drain commits groups until nobody waits.
func (r *Receiver) drain() {
	for {
		group := r.gather()
		if group == nil {
			return
		}
		r.commit(group)
		for _, k := range group {
			close(k.done)
		}
	}
}

// gather takes the next group, waiting a little while others are still reading.
func (r *Receiver) gather() []*kept {
	timer := time.NewTimer(groupWait)
	defer timer.Stop()
	for late := false; ; {
		r.mu.Lock()
		if len(r.pending) == 0 {
			r.busy = false
			r.mu.Unlock()
			return nil
		}
		if late || r.staging == 0 || len(r.pending) >= groupSize {
			n := min(len(r.pending), groupSize)
			group := r.pending[:n:n]
			r.pending = r.pending[n:]
			r.mu.Unlock()
			return group
		}
		r.mu.Unlock()
		select {
		case <-r.more:
		case <-timer.C:
			late = true
		}
	}
}

// commit writes the group in one transaction. When that fails each mail is
// tried alone, so that one which cannot be kept does not stop the others.
func (r *Receiver) commit(group []*kept) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	err := r.write(ctx, group)
	if err != nil && len(group) > 1 && ctx.Err() == nil {
		for n := range group {
			r.settle(ctx, group[n:n+1], r.write(ctx, group[n:n+1]))
		}
		return
	}
	r.settle(ctx, group, err)
}

// settle notes a failure, and frees the blobs of mails that need none.
func (r *Receiver) settle(ctx context.Context, group []*kept, err error) {
	for _, k := range group {
		if err != nil {
			k.err = err
		}
		if k.blobKey == "" || k.err == nil && !k.repeat {
			continue
		}
		if k.err != nil && errs.KindOf(k.err) != errs.Conflict {
			continue // the commit may have happened after all: the sweep decides
		}
		if err := r.Blobs.Delete(ctx, k.blobKey); err != nil {
			r.Log.Warn("a blob that nobody needs was not deleted", "error", err)
		}
	}
}

func (r *Receiver) write(ctx context.Context, group []*kept) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		fences := map[*db.Fence]error{nil: nil}
		for _, k := range group {
			k.ledgerID, k.repeat, k.err = 0, false, nil
			if _, asked := fences[k.fence]; !asked {
				fences[k.fence] = k.fence.CheckTx(ctx, tx)
			}
			err := fences[k.fence]
			if errs.Is(err, errs.Conflict) {
				k.err = err // another node reads this folder now; the others in the group go on
				continue
			}
			if err == nil {
				err = r.keepTx(ctx, tx, k)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

var errMoved = errs.New(errs.Conflict, "Another watcher has read on in this folder.")

func (r *Receiver) keepTx(ctx context.Context, tx *db.Tx, k *kept) (err error) {
	if k.At != nil && !k.At.Behind {
		moved, err := moveCursor(ctx, tx, k.At)
		if err != nil || !moved {
			k.err = errMoved
			return err
		}
	}
	if k.ledgerID, k.repeat, err = findInbound(ctx, tx, k.unique[:]); err != nil || k.repeat {
		return err
	}
	now := r.Now()
	in := ledger.In{Inbox: int64(k.Inbox), At: now}
	if k.At != nil {
		in.UID = int64(k.At.UID)
	}
	if k.ledgerID, err = r.Ledger.OpenTx(ctx, tx, in); err != nil {
		return err
	}
	if err := insertInbound(ctx, tx, k, now); err != nil {
		return err
	}
	switch {
	case k.drop != "":
		return r.Ledger.DropTx(ctx, tx, k.ledgerID, k.drop, 0, 0)
	case k.dead != "":
		return r.Ledger.DeadTx(ctx, tx, k.ledgerID, k.dead)
	}
	return r.Queue.Enqueue(ctx, tx, job.New{Kind: IngestKind, Payload: ingestPayload{Ledger: k.ledgerID}, Summary: readMail.String()})
}

var readMail = errs.Say("Read a mail that arrived")

// note writes the ledger row of a mail whose bytes are not kept.
func (r *Receiver) note(ctx context.Context, d Delivery, size int64, drop, dead string) error {
	k := &kept{Delivery: d, drop: drop, dead: dead, done: make(chan struct{})}
	k.size, k.unique = size, k.identity()
	r.submit(ctx, k)
	_, err := r.wait(ctx, k)
	return err
}

// keepFor keeps one mail in several inboxes and says for each what became of it.
// open gives the bytes for an inbox, as each has its own trace on top.
func (r *Receiver) keepFor(ctx context.Context, door Door, ids []inbox.ID, open func(inbox.ID) (io.ReadCloser, Envelope, error)) map[inbox.ID]error {
	out := map[inbox.ID]error{}
	var all []*kept
	for _, id := range ids {
		raw, envelope, err := open(id)
		if err != nil {
			out[id] = err
			continue
		}
		k, err := r.take(ctx, Delivery{Inbox: id, Door: door, Raw: raw, Envelope: envelope}, MaxMail)
		raw.Close()
		if err != nil {
			out[id] = err
			continue
		}
		all = append(all, k)
	}
	for _, k := range all {
		r.submit(ctx, k)
	}
	for _, k := range all {
		_, out[k.Inbox] = r.wait(ctx, k)
	}
	return out
}
