package search

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/filetext"
	"github.com/deskbell/deskbell/internal/platform/job"
	words "github.com/deskbell/deskbell/internal/text"
)

// filesKind is the job that reads the files of a message.
const filesKind = "search.files"

type readFiles struct {
	Message int64 `json:"message_id"`
}

// unread are the files whose text can be read and was not yet.
func (s *Service) unread(files []file) []file {
	if s.OpenFile == nil || s.Jobs == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(files), func(f file) bool { return f.read || !s.Files.Reads(f.kind()) })
}

// readLater makes the job that reads the files of a message, where it has any.
func (s *Service) readLater(ctx context.Context, tx *db.Tx, message int64, files []file) error {
	if len(s.unread(files)) == 0 {
		return nil
	}
	return s.Jobs.Enqueue(ctx, tx, job.New{Kind: filesKind, UniqueKey: strconv.FormatInt(message, 10), Payload: readFiles{message},
		Summary: "Read the files of a message, so that their words are found"})
}

// FilesKind runs the job, one at a time on each node: what waits for it is found
// a little later, and nothing else has to wait.
func (s *Service) FilesKind() job.Kind {
	return job.Kind{Name: filesKind, Attempts: 6, Do: func(ctx context.Context, j job.Job) error {
		var p readFiles
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		return s.ReadFiles(ctx, p.Message)
	}}
}

// ReadFiles reads the files of a message that were not read yet and makes their
// words findable. A file that cannot be read is noted and not tried again; one
// whose bytes cannot be fetched just now is an error.
func (s *Service) ReadFiles(ctx context.Context, message int64) (err error) {
	defer errs.Wrap(&err, "read the files of message %d", message)
	all, err := filesOf(ctx, s.DB, message)
	if err != nil {
		return err
	}
	list := s.unread(all)
	if len(list) == 0 {
		return nil
	}
	states := make([]string, len(list))
	var cards []int64
	for i := range list {
		var card bool
		if states[i], list[i].text, card, err = s.readFile(ctx, list[i]); err != nil {
			return err
		}
		if card {
			cards = append(cards, list[i].id)
		}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if len(cards) > 0 && s.CardsFound != nil {
			if err := s.CardsFound(ctx, tx, message, cards); err != nil {
				return err
			}
		}
		for i, f := range list {
			if err := keepText(ctx, tx, f.id, states[i], f.text, s.Now().UnixMilli()); err != nil {
				return err
			}
		}
		return s.IndexTx(ctx, tx, message)
	})
}

// readFile reads the words of a file with its card numbers masked, and tells
// whether there was one.
func (s *Service) readFile(ctx context.Context, f file) (state, text string, card bool, err error) {
	r, err := s.OpenFile(ctx, f.blob)
	if err != nil {
		return "", "", false, err
	}
	defer r.Close()
	text, err = s.Files.Read(ctx, f.kind(), r, f.size)
	switch {
	case errors.Is(err, filetext.ErrTooLarge):
		return "too_large", "", false, nil
	case errors.Is(err, filetext.ErrTooMuch):
		return "too_much", "", false, nil
	case errors.Is(err, filetext.ErrBroken):
		return "broken", "", false, nil
	case err != nil:
		return "", "", false, err
	case strings.TrimSpace(text) == "":
		return "empty", "", false, nil
	}
	masked, card := words.MaskCards(text)
	return "read", filetext.Clip(masked), card, nil
}

// oldFiles is the setting that says up to which attachment files were looked at
// that came before their words were read, or "done".
const oldFiles = "search.files"

// ReadOldFiles looks at up to limit files that were there before and makes the
// jobs that read them. It reports how many it looked at, 0 when it is done.
func (s *Service) ReadOldFiles(ctx context.Context, limit int) (n int, err error) {
	defer errs.Wrap(&err, "look for files that were not read")
	state, err := db.Setting(ctx, s.DB, oldFiles)
	if err != nil || state == "done" {
		return 0, err
	}
	after, err := strconv.ParseInt(state, 10, 64)
	if err != nil {
		after = 0
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := filesBehind(ctx, tx, after, limit)
		if err != nil {
			return err
		}
		if n = len(list); n == 0 {
			return db.SetSetting(ctx, tx, oldFiles, "done")
		}
		for _, a := range list {
			if a.message == 0 {
				continue
			}
			if err := s.readLater(ctx, tx, a.message, []file{a.file}); err != nil {
				return err
			}
		}
		return db.SetSetting(ctx, tx, oldFiles, strconv.FormatInt(list[n-1].id, 10))
	})
	return n, err
}
