package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// ImportKind is the job that brings old mail in, a batch at a time.
const ImportKind = "email.import"

// ImportState is how far an import has come.
type ImportState string

// The states. Counting changes nothing; Ready waits for somebody to look at the
// count.
const (
	ImportCounting  ImportState = "counting"
	ImportReady     ImportState = "ready"
	ImportRunning   ImportState = "running"
	ImportPaused    ImportState = "paused"
	ImportDone      ImportState = "done"
	ImportCancelled ImportState = "cancelled"
	ImportFailed    ImportState = "failed"
)

// Import is old mail of one folder that somebody asked for. Its messages come in
// closed and read, with their own dates.
type Import struct {
	ID           int64
	Inbox        inbox.ID
	Folder       string
	Since, Until time.Time // Until is not part of it
	State        ImportState
	DryRun       bool
	Sent         bool // the folder holds what we sent
	Total        int64
	Bytes        int64
	Seen         int64 // of Total, whatever became of them
	Kept         int64
	Known        int64 // were here already
	Missed       int64 // not handed over by the server
	LastError    string
	Agent        int64
	CreatedAt    time.Time
	FinishedAt   time.Time

	validity, next, last uint32
}

const (
	importBatch = 50
	// importTime is how long one run of the job works before others have a turn.
	importTime = 5 * time.Second
	// importAhead is how many kept mails may wait to be read, so that new mail
	// never waits behind old.
	importAhead = 200
	maxImports  = 20 // of an inbox at a time
)

// Imports brings old mail in.
type Imports struct {
	DB       *db.DB
	Queue    *job.Queue
	Receiver *Receiver
	Inboxes  *inbox.Service
	Dialer   *Dialer
	Now      func() time.Time
	Log      *slog.Logger
}

type importPayload struct {
	Import int64 `json:"import_id"`
}

// Kind is the job email.import.
func (s *Imports) Kind() job.Kind {
	return job.Kind{Name: ImportKind, Do: s.do, Attempts: 20, Died: s.died}
}

// Begin counts what there is; without dry run it goes on and brings it in.
func (s *Imports) Begin(ctx context.Context, agent int64, in Import) (_ Import, err error) {
	defer errs.Wrap(&err, "begin an import into inbox %d", in.Inbox)
	i, err := s.Inboxes.Get(ctx, in.Inbox)
	if err != nil {
		return in, err
	}
	in.Folder = strings.TrimSpace(in.Folder)
	switch {
	case i.Archived() || !i.IMAP.Set():
		return in, errs.New(errs.Conflict, "No mailbox is read for this inbox.")
	case in.Folder == "" || len(in.Folder) > 255 || strings.ContainsAny(in.Folder, "\r\n\x00"):
		return in, errs.InvalidField("body.folder", "Say which folder of the mailbox is brought in.")
	case !in.Since.Before(in.Until):
		return in, errs.InvalidField("body.until", "The end lies after the beginning.")
	}
	in.State, in.Agent, in.CreatedAt, in.next = ImportCounting, agent, s.Now(), 1
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		open, err := openImports(ctx, tx, in.Inbox)
		if err != nil {
			return err
		}
		if open >= maxImports {
			return errs.New(errs.Conflict, "Too many imports of this inbox are still open. Finish or cancel one first.")
		}
		if in.ID, err = insertImport(ctx, tx, in); err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, "import.begun", in); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, in.ID)
	})
	return in, err
}

func (s *Imports) auditTx(ctx context.Context, tx *db.Tx, action string, im Import) error {
	return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: action, Subject: "import", ID: im.ID, Name: im.Folder})
}

func (s *Imports) enqueue(ctx context.Context, tx *db.Tx, id int64) error {
	return s.Queue.Enqueue(ctx, tx, job.New{Kind: ImportKind, UniqueKey: fmt.Sprintf("i%d", id), Payload: importPayload{id}, Summary: "Bring in old mail"})
}

// moves says from where a state can be reached by hand.
var moves = map[ImportState][]ImportState{
	ImportRunning:   {ImportReady, ImportPaused, ImportFailed},
	ImportPaused:    {ImportRunning, ImportCounting},
	ImportCancelled: {ImportCounting, ImportReady, ImportRunning, ImportPaused, ImportFailed},
}

// Set starts, pauses or cancels an import. What was brought in stays.
func (s *Imports) Set(ctx context.Context, id int64, to ImportState) (im Import, err error) {
	defer errs.Wrap(&err, "import %d becomes %s", id, to)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if im, err = loadImport(ctx, tx, id, tx.Dialect.ForUpdate()); err != nil {
			return err
		}
		if !slices.Contains(moves[to], im.State) {
			return errs.New(errs.Conflict, "This import cannot be changed in that way now. Look at it again.")
		}
		im.State, im.LastError = to, ""
		if to == ImportRunning && im.last == 0 {
			im.State = ImportCounting // it was paused while it counted
			im.DryRun = false
		}
		if to == ImportCancelled {
			im.FinishedAt = s.Now()
		}
		if err := saveImport(ctx, tx, im, s.Now()); err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, "import."+string(to), im); err != nil {
			return err
		}
		if to == ImportRunning {
			return s.enqueue(ctx, tx, id)
		}
		return nil
	})
	return im, err
}

// Get reads one import.
func (s *Imports) Get(ctx context.Context, id int64) (_ Import, err error) {
	defer errs.Wrap(&err, "read import %d", id)
	return loadImport(ctx, s.DB, id, "")
}

// Of lists the imports of an inbox, the newest first.
func (s *Imports) Of(ctx context.Context, id inbox.ID) (_ []Import, err error) {
	defer errs.Wrap(&err, "list the imports of inbox %d", id)
	return importsOf(ctx, s.DB, id)
}

// do is one run: it ends after some seconds and comes again while there is more.
func (s *Imports) do(ctx context.Context, j job.Job) (err error) {
	var p importPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	im, err := loadImport(ctx, s.DB, p.Import, "")
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if im.State != ImportCounting && im.State != ImportRunning {
		return nil
	}
	defer errs.Wrap(&err, "import %d", im.ID)
	r := &importRun{Imports: s, im: im}
	again, err := r.run(ctx)
	if err == nil && again > 0 {
		return job.Later{At: s.Now().Add(again), Why: errs.Say("There is more.")}
	}
	var t *trouble
	if errors.As(err, &t) {
		if noted := s.note(ctx, im.ID, t.Text, false); noted != nil {
			return noted
		}
	}
	return err
}

func (s *Imports) died(ctx context.Context, tx *db.Tx, j job.Job, cause error) error {
	var p importPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return nil //nolint:nilerr // nobody can say which one it was
	}
	im, err := loadImport(ctx, tx, p.Import, tx.Dialect.ForUpdate())
	if err != nil {
		return err
	}
	im.State = ImportFailed
	if im.LastError == "" {
		im.LastError = errs.Say("It was tried many times and did not work.").String()
	}
	s.Log.Warn("an import was given up", "import", p.Import, "error", cause)
	return saveImport(ctx, tx, im, s.Now())
}

func (s *Imports) note(ctx context.Context, id int64, why errs.Text, failed bool) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		im, err := loadImport(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if im.LastError = why.String(); failed {
			im.State = ImportFailed
		}
		return saveImport(ctx, tx, im, s.Now())
	})
}

// place is the number of a folder in the identity of its mails, the same for
// every import of it.
func (im *Import) place() int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s", im.Inbox, im.Folder)
	return int64(h.Sum64())
}
