package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Sender does the job message.deliver (house rule "sending").
type Sender struct {
	DB            *db.DB
	Queue         *job.Queue
	Blobs         *blob.Store
	Inboxes       *inbox.Service
	Conversations Conversations
	Dialer        *Dialer
	Signing       *Signing // nil = nothing is signed
	Now           func() time.Time
	Log           *slog.Logger

	pool   pool
	health health
}

// GiveUp is how long a message is tried.
const GiveUp = 48 * time.Hour

// sendBackoff is short at first, because most outages are, and at most four hours.
func sendBackoff(attempt int) time.Duration {
	steps := []time.Duration{5 * time.Second, 15 * time.Second, time.Minute, 3 * time.Minute, 10 * time.Minute, 20 * time.Minute,
		30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}
	d := steps[min(max(attempt, 1), len(steps))-1]
	return d - time.Duration(rand.Int64N(int64(d/5)+1)) //nolint:gosec // jitter is no secret
}

// Kind is the job message.deliver.
func (s *Sender) Kind() job.Kind {
	s.pool.dialer = s.Dialer
	return job.Kind{Name: conversation.DeliverKind, Batch: s.batch, Limit: 1, Workers: 4, Attempts: 1 << 20, Backoff: sendBackoff, Died: s.died}
}

// Close ends the open sessions.
func (s *Sender) Close() { s.pool.close() }

func (s *Sender) batch(ctx context.Context, jobs []job.Job) map[int64]error {
	failed := map[int64]error{}
	for _, j := range jobs {
		if err := s.deliver(ctx, j); err != nil {
			failed[j.ID] = err
		}
	}
	return failed
}

// died is reached by damaged payloads only: everything else is given up in words.
func (s *Sender) died(context.Context, *db.Tx, job.Job, error) error { return nil }

// attempt is one try to send one message.
type attempt struct {
	*Sender
	job  job.Job
	out  conversation.Outgoing
	conn *inbox.Connection
	row  *outbound
	d    conversation.Delivery
	// doubt says that an earlier attempt may have reached the server.
	doubt bool
}

// deliver returns nil when the job is done, which it has marked itself.
func (s *Sender) deliver(ctx context.Context, j job.Job) (err error) {
	var p conversation.DeliverPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	defer errs.Wrap(&err, "deliver message %d", p.Message)
	a := &attempt{Sender: s, job: j}
	a.out, err = s.Conversations.Outgoing(ctx, p.Message)
	if errs.Is(err, errs.NotFound) {
		return a.done(ctx) // taken back
	}
	if err != nil {
		return err
	}
	switch a.out.Delivery.State {
	case conversation.Sent, conversation.Delivered, conversation.Failed, conversation.Cancelled:
		return a.done(ctx)
	}
	a.d = withRecipients(a.out)
	if a.conn, err = s.Inboxes.Connection(ctx, inbox.ID(a.out.Inbox)); err != nil {
		return err
	}
	if reason := cannotSend(a.conn); !reason.IsZero() {
		return a.fail(ctx, reason)
	}
	if !s.pool.enter(a.conn.ID) {
		return job.Later{At: s.Now().Add(time.Second), Why: errs.Say("Other messages of this inbox go first.")}
	}
	defer s.pool.leave(a.conn.ID)
	return a.run(ctx)
}

func cannotSend(c *inbox.Connection) errs.Text {
	switch {
	case c.Archived():
		return errs.Say("This inbox is archived and sends no mail any more.")
	case !c.SMTP.Set():
		return errs.Say("This inbox has no server for outgoing mail. Enter one in its settings and try again.")
	}
	return errs.Text{}
}

func withRecipients(o conversation.Outgoing) conversation.Delivery {
	d := o.Delivery
	d.Recipients = append([]conversation.RecipientDelivery{}, d.Recipients...)
	if len(d.Recipients) == 0 {
		for _, list := range [][]conversation.Person{o.To, o.Cc, o.Bcc} {
			for _, p := range list {
				d.Recipients = append(d.Recipients, conversation.RecipientDelivery{Address: p.Address, State: conversation.Queued})
			}
		}
	}
	return d
}

func (a *attempt) run(ctx context.Context) (err error) {
	if a.row, err = loadOutbound(ctx, a.DB, a.out.Message); err != nil {
		return err
	}
	if err := a.brake(ctx); err != nil {
		return err
	}
	if len(a.pending()) == 0 && a.row == nil {
		return a.conclude(ctx, nil)
	}
	if a.row == nil {
		if err := a.render(ctx); err != nil {
			var never *unsendable
			if errors.As(err, &never) {
				a.Log.Warn("a message could not be rendered", "message", a.out.Message, "error", never.error)
				return a.fail(ctx, errs.Say("This message could not be made into a mail. Check recipients and attachments."))
			}
			return err
		}
	}
	a.doubt = a.row.sending
	if a.doubt && a.filedByProvider(ctx) {
		for n := range a.d.Recipients {
			a.settle(n, conversation.Sent, errs.Text{})
		}
		return a.conclude(ctx, nil)
	}
	return a.send(ctx)
}

// render makes the bytes, once.
func (a *attempt) render(ctx context.Context) error {
	m := render(ctx, a.Blobs, &a.conn.Inbox, &a.out, a.out.At)
	s, err := compose(ctx, a.Blobs, m)
	if err != nil {
		return err
	}
	if s, err = a.Signing.sign(ctx, a.Blobs, m.From.Address, s); err != nil {
		return err
	}
	a.row = &outbound{messageID: a.out.Message, inbox: a.conn.ID, rfcID: a.out.RFCID, envelopeFrom: m.From.Address,
		packed: s.packed, blobKey: s.blobKey, size: s.size}
	return nil
}

// settle notes what became of one recipient that was still open.
func (a *attempt) settle(n int, state conversation.DeliveryState, why errs.Text) {
	r := &a.d.Recipients[n]
	if open(r.State) {
		r.State, r.Error = state, why.String()
	}
}

func open(s conversation.DeliveryState) bool {
	return s != conversation.Sent && s != conversation.Delivered && s != conversation.Failed && s != conversation.Cancelled
}

// pending lists the recipients that have no final state.
func (a *attempt) pending() (out []int) {
	for n, r := range a.d.Recipients {
		if open(r.State) {
			out = append(out, n)
		}
	}
	return out
}

// fail ends the message with a sentence.
func (a *attempt) fail(ctx context.Context, why errs.Text) error {
	for n := range a.d.Recipients {
		a.settle(n, conversation.Failed, why)
	}
	a.d.Error = why.String()
	return a.conclude(ctx, nil)
}

// expired tells that the message has been tried long enough. A retry by hand
// is a new job and starts anew.
func (a *attempt) expired() bool {
	since := a.row.firstTryAt
	if a.job.CreatedAt.After(since) {
		since = a.job.CreatedAt
	}
	return !a.row.firstTryAt.IsZero() && a.Now().Sub(since) > GiveUp
}

// later notes a failure that may pass; the job comes again.
func (a *attempt) later(ctx context.Context, cause error) error {
	t := explain(a.conn.SMTP.Host, cause)
	a.note(ctx, a.conn.ID, t)
	if a.row.firstTryAt.IsZero() {
		a.row.firstTryAt = a.Now()
	}
	if a.expired() {
		return a.fail(ctx, errs.Say("Given up after two days. %v", t.Text))
	}
	for _, n := range a.pending() {
		a.d.Recipients[n].Error = t.Text.String()
	}
	a.d.Error = t.Text.String()
	return a.conclude(ctx, t)
}

// conclude stores where the message stands; with a cause the job comes again.
func (a *attempt) conclude(ctx context.Context, cause error) error {
	a.d.State = a.overall()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	var err error
	for range 3 { // what the server took must be noted, or it goes out twice
		if err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.concludeTx(ctx, tx, cause != nil) }); err == nil || takenBack(err) {
			break
		}
	}
	if takenBack(err) {
		return a.done(ctx)
	}
	return errors.Join(err, cause)
}

func takenBack(err error) bool { return errs.Is(err, errs.NotFound) || errs.Is(err, errs.Conflict) }

func (a *attempt) concludeTx(ctx context.Context, tx *db.Tx, again bool) error {
	if err := a.Queue.HoldTx(ctx, tx, a.job); err != nil {
		return err
	}
	if a.row != nil {
		if err := saveOutbound(ctx, tx, a.row, a.d.Recipients, a.Now()); err != nil {
			return err
		}
	}
	if err := a.Conversations.SetDeliveryTx(ctx, tx, a.out.Message, a.d); err != nil {
		return err
	}
	if again {
		return nil
	}
	if a.d.State == conversation.Sent && a.filesCopy() {
		if err := a.Queue.Enqueue(ctx, tx, appendJob(a.out.Message)); err != nil {
			return err
		}
	}
	return a.Queue.DoneTx(ctx, tx, a.job)
}

func (a *attempt) overall() conversation.DeliveryState {
	failed, stopped := false, 0
	for _, r := range a.d.Recipients {
		if open(r.State) {
			if a.row != nil && a.row.sending {
				return conversation.InDoubt
			}
			return conversation.Queued
		}
		failed = failed || r.State == conversation.Failed
		if r.State == conversation.Cancelled {
			stopped++
		}
	}
	if failed {
		return conversation.Failed
	}
	if stopped > 0 && stopped == len(a.d.Recipients) {
		return conversation.Cancelled
	}
	a.d.Error = ""
	return conversation.Sent
}

// done removes the job of a message that needs no sending.
func (a *attempt) done(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	return a.DB.Write(ctx, func(tx *db.Tx) error { return a.Queue.DoneTx(ctx, tx, a.job) })
}

func sendingSetting(id inbox.ID) string { return fmt.Sprintf("email_sending_%d", id) }
