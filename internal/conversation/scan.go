package conversation

import (
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Scanning looks for malware in every file before it can be downloaded.
type Scanning struct {
	// Look names what was found in a file, "" = nothing. An error says that the
	// scanner is away; one that Never tells stays so.
	Look  func(ctx context.Context, file io.Reader) (found string, err error)
	Never func(err error) bool
	// Open opens the bytes of a file.
	Open func(ctx context.Context, key string) (io.ReadCloser, error)
	// Pass hands files out unchecked while the scanner is away; otherwise they wait.
	Pass bool
}

const (
	// scanKind is the job that has the files of a message scanned.
	scanKind = "attachment.scan"
	// scanAgain is how long a file waits when the scanner was away.
	scanAgain = 30 * time.Second
)

type scanPayload struct {
	Message int64 `json:"message_id"`
}

// addFile writes a file of a message. Where files are scanned it waits for that.
func (s *Service) addFile(ctx context.Context, tx *db.Tx, message, agent int64, n NewAttachment) (int64, error) {
	n.unchecked = s.Scanning != nil && message != 0
	id, err := insertAttachment(ctx, tx, message, agent, n, s.Now())
	if err != nil || !n.unchecked {
		return id, err
	}
	return id, s.Jobs.Enqueue(ctx, tx, job.New{Kind: scanKind, UniqueKey: strconv.FormatInt(message, 10), Payload: scanPayload{message},
		Summary: "Scan the files of a message for viruses"})
}

// ScanKind runs the job, one at a time on each node.
func (s *Service) ScanKind() job.Kind {
	return job.Kind{Name: scanKind, Attempts: 8, Do: func(ctx context.Context, j job.Job) error {
		var p scanPayload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		return s.ScanFiles(ctx, p.Message)
	}}
}

// scanned is what became of one file.
type scanned struct {
	Attachment
	found string
}

// tooLargeToScan stands in the place of a name where no scanner can tell.
const tooLargeToScan = "too large to be scanned"

// ScanFiles has the files of a message scanned that wait for it. While the scanner
// is away they go on waiting, or are let through.
func (s *Service) ScanFiles(ctx context.Context, message int64) (err error) {
	defer errs.Wrap(&err, "scan the files of message %d", message)
	waiting, err := uncheckedOf(ctx, s.DB, message)
	if err != nil || len(waiting) == 0 {
		return err
	}
	var done []scanned
	var away error
	for _, a := range waiting {
		one := scanned{Attachment: a}
		if s.Scanning != nil { // otherwise it was switched off meanwhile
			if one.found, err = s.look(ctx, a.BlobKey); err != nil && !s.Scanning.Pass {
				away = err
				break
			}
		}
		done = append(done, one)
	}
	if err := s.keepScanned(ctx, message, done); err != nil || away == nil {
		return err
	}
	return job.Later{At: s.Now().Add(scanAgain), Why: errs.Say("The virus scanner cannot be reached.")}
}

// look scans one file. What is too large for the scanner is held back, as nobody
// can tell what is in it.
func (s *Service) look(ctx context.Context, key string) (found string, err error) {
	r, err := s.Scanning.Open(ctx, key)
	if err != nil {
		return "", err
	}
	defer r.Close()
	found, err = s.Scanning.Look(ctx, r)
	if err != nil && s.Scanning.Never(err) {
		return tooLargeToScan, nil
	}
	return found, err
}

func (s *Service) keepScanned(ctx context.Context, message int64, list []scanned) error {
	if len(list) == 0 {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := findMessage(ctx, tx, message, "")
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		c, err := find(ctx, tx, m.Conversation, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		for _, a := range list {
			if err := checked(ctx, tx, a.ID, a.found); err != nil {
				return err
			}
			if a.found == "" {
				continue
			}
			err := audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "attachment.infected", Subject: "message", ID: message, Name: a.Name, After: map[string]any{"found": a.found}})
			if err != nil {
				return err
			}
		}
		return s.publish(ctx, tx, Updated, &c, "system", 0, Fact{Version: c.Version, Changed: []string{"attachments"}})
	})
}

// scanUpload refuses a file of an agent in which something is found, before it is
// kept. While the scanner is away the file is refused or let through.
func (s *Service) scanUpload(ctx context.Context, key string) error {
	if s.Scanning == nil {
		return nil
	}
	found, err := s.look(ctx, key)
	switch {
	case err != nil && !s.Scanning.Pass:
		return errs.New(errs.Unavailable, "The virus scanner cannot be reached, so the file was not taken. Attach it again in a while.").Because(err)
	case found == tooLargeToScan:
		return errs.InvalidField("body.file", "This file is larger than the virus scanner takes.")
	case found != "":
		return errs.InvalidFieldf("body.file", "The virus scanner found %q in this file.", found)
	}
	return nil
}

// Unchecked counts the files that wait for the scanner.
func (s *Service) Unchecked(ctx context.Context) (_ int64, err error) {
	defer errs.Wrap(&err, "count files that were not scanned")
	return countUnchecked(ctx, s.DB)
}
