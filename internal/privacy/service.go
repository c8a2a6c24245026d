package privacy

import (
	"context"
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Keys sign links and check them.
type Keys interface {
	Sign(purpose, subject string, expires time.Time) string
	Verify(purpose, signed string, now time.Time) (subject string, err error)
}

// Service exports and erases customers.
type Service struct {
	DB            *db.DB
	Now           func() time.Time
	Jobs          *job.Queue
	Blobs         *blob.Store
	Keys          Keys
	Customers     *customer.Service
	Conversations *conversation.Service
	// Agent reads who asked for a request, as the actor in whose name it is done.
	Agent func(ctx context.Context, id int64) (*access.Actor, error)
	// Raw opens the mail behind a message; nil, nil = there is none that may be handed out.
	Raw func(ctx context.Context, m conversation.Message) (io.ReadCloser, error)
	// Tasks are those of a conversation, as JSON takes them; nil = there are none.
	Tasks func(ctx context.Context, conversation int64) (any, error)
	// Erased is told in the last transaction of an erasure.
	Erased func(ctx context.Context, tx *db.Tx) error
}

// Ask notes a request and begins its job. confirm is what was typed for an
// erasure. finish runs last in the transaction.
func (s *Service) Ask(ctx context.Context, kind Kind, id int64, confirm string, finish func(context.Context, *db.Tx, Request) error) (r Request, err error) {
	defer errs.Wrap(&err, "ask for the %s of customer %d", kind, id)
	c, err := s.customer(ctx, id)
	if err != nil {
		return r, err
	}
	r = Request{Kind: kind, Customer: c.ID, Agent: access.From(ctx).AgentID, State: Waiting, CreatedAt: s.Now()}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.Customers.LockTx(ctx, tx, c.ID); err != nil {
			return err
		}
		if running, err := waiting(ctx, tx, kind, c.ID); err != nil || running {
			return orRunning(err)
		}
		if kind == Erase {
			if err := s.mayErase(ctx, tx, &c, confirm); err != nil {
				return err
			}
		}
		if r.ID, err = insert(ctx, tx, r); err != nil {
			return err
		}
		if err := s.recordTx(ctx, tx, "customer."+string(kind)+"_asked", &c); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, r); err != nil {
			return err
		}
		return finish(ctx, tx, r)
	})
	return r, err
}

func orRunning(err error) error {
	if err == nil {
		return errRunning
	}
	return err
}

func (s *Service) mayErase(ctx context.Context, q db.Queryer, c *customer.Customer, confirm string) error {
	if held, err := s.Conversations.HeldTx(ctx, q, c.ID); err != nil || held {
		if err == nil {
			err = conversation.ErrHeld
		}
		return err
	}
	if !confirmed(confirm, c.Title()) {
		return errConfirm
	}
	return nil
}

// recordTx notes in the audit log what is done with a customer. An erasure
// leaves no name there.
func (s *Service) recordTx(ctx context.Context, tx *db.Tx, action string, c *customer.Customer) error {
	return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: action, Subject: "customer", ID: c.ID, Name: c.Title()})
}

func (s *Service) customer(ctx context.Context, id int64) (customer.Customer, error) {
	c, err := s.Customers.Get(ctx, id)
	if err == nil && !c.ErasedAt.IsZero() {
		err = errErased
	}
	return c, err
}

// Plan says what an erasure would take.
func (s *Service) Plan(ctx context.Context, id int64) (p Plan, err error) {
	defer errs.Wrap(&err, "plan to erase customer %d", id)
	c, err := s.customer(ctx, id)
	if err != nil {
		return p, err
	}
	w, err := s.Conversations.CountWhole(ctx, c.ID)
	if err != nil {
		return p, err
	}
	notes, err := s.Customers.Notes(ctx, c.ID, 0, 1)
	if err != nil {
		return p, err
	}
	consents, err := s.Customers.Consents(ctx, c.ID)
	if err != nil {
		return p, err
	}
	p = Plan{Confirm: c.Title(), Conversations: w.Conversations, Messages: w.Messages, Files: w.Files, Bytes: w.Bytes, Addresses: len(c.Identities),
		Notes: c.Notes != "" || len(notes)+len(consents) > 0}
	p.Held, err = s.Conversations.HeldTx(ctx, s.DB, c.ID)
	return p, err
}

// Requests lists the last 50 requests about a customer, the newest first.
func (s *Service) Requests(ctx context.Context, id int64) (_ []Request, err error) {
	defer errs.Wrap(&err, "list the requests about customer %d", id)
	return list(ctx, s.DB, id)
}

const linkPurpose = "customer export"

// Link makes what a link to the file of an export ends with; it works for [LinkTime].
func (s *Service) Link(r Request) string {
	return s.Keys.Sign(linkPurpose, formatInt(r.ID), s.Now().Add(LinkTime))
}

// Open opens the file that a link stands for.
func (s *Service) Open(ctx context.Context, link string) (r Request, file io.ReadSeekCloser, err error) {
	defer errs.Wrap(&err, "open an export")
	text, err := s.Keys.Verify(linkPurpose, link, s.Now())
	if err != nil {
		return r, nil, err
	}
	if r, err = find(ctx, s.DB, parseInt(text)); err != nil || r.BlobKey == "" || !s.Now().Before(r.ExpiresAt) {
		return r, nil, errs.New(errs.NotFound, "This export was deleted. Ask for a new one.").Because(err)
	}
	file, _, err = s.Blobs.Open(ctx, r.BlobKey)
	return r, file, err
}

// OwnsBlobs tells which of the keys belong to exports.
func (s *Service) OwnsBlobs(ctx context.Context, keys []string) (map[string]bool, error) {
	return blob.OwnedBy(ctx, s.DB, keys, "customer_request")
}

// Expire deletes the files of exports whose time is over.
func (s *Service) Expire(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "delete old exports")
	old, err := expired(ctx, s.DB, s.Now(), 100)
	if err != nil || len(old) == 0 {
		return err
	}
	return s.forget(ctx, old)
}

func (s *Service) forget(ctx context.Context, old []Request) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error { return clearBlobs(ctx, tx, old) })
	for _, r := range old {
		if err == nil && r.BlobKey != "" {
			err = s.Blobs.Delete(ctx, r.BlobKey)
		}
	}
	return err
}
