package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

const kindName = "customer.request"

type payload struct {
	Request int64 `json:"request_id"`
}

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, r Request) error {
	say := errs.Say("Export a customer")
	if r.Kind == Erase {
		say = errs.Say("Erase a customer")
	}
	return s.Jobs.Enqueue(ctx, tx, job.New{Kind: kindName, UniqueKey: formatInt(r.ID), Payload: payload{r.ID}, Summary: say.String()})
}

// JobKind does requests. One that stops in the middle begins again: an export
// anew, an erasure where it was.
func (s *Service) JobKind() job.Kind {
	return job.Kind{Name: kindName, Workers: 1, Attempts: 6, Lease: time.Minute, Do: func(ctx context.Context, j job.Job) error {
		var p payload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		return s.do(ctx, p.Request)
	}, Died: func(ctx context.Context, tx *db.Tx, j job.Job, cause error) error {
		var p payload
		_ = json.Unmarshal(j.Payload, &p) // there is no request 0
		r, err := find(ctx, tx, p.Request)
		if err != nil || r.State != Waiting {
			return ignoreNone(err)
		}
		return s.failTx(ctx, tx, r, errs.Say("It did not work. Try again later.").String())
	}}
}

func ignoreNone(err error) error {
	if db.IsNoRows(err) {
		return nil
	}
	return err
}

// do works off one request. What is refused in words ends it.
func (s *Service) do(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "do request %d", id)
	r, err := find(ctx, s.DB, id)
	if err != nil || r.State != Waiting {
		return ignoreNone(err)
	}
	actor, err := s.Agent(ctx, r.Agent)
	switch {
	case errs.Is(err, errs.NotFound):
		return s.fail(ctx, r, errs.Say("Who asked for this does not work here any more.").String())
	case err != nil:
		return err
	}
	ctx = access.With(ctx, actor)
	work := s.export
	if r.Kind == Erase {
		work = s.erase
	}
	err = work(ctx, &r)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, conversation.ErrHeld), errors.Is(err, conversation.ErrLeaving), errs.Is(err, errs.Conflict), errs.Is(err, errs.NotFound), errs.Is(err, errs.Forbidden):
		return s.fail(ctx, r, errs.Sentence(err))
	}
	return err
}

func (s *Service) fail(ctx context.Context, r Request, why string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.failTx(ctx, tx, r, why) })
}

func (s *Service) failTx(ctx context.Context, tx *db.Tx, r Request, why string) error {
	r.State, r.Error, r.FinishedAt = Failed, why, s.Now()
	return save(ctx, tx, r)
}
