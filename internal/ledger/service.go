package ledger

import (
	"context"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Service keeps the ledger.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// Compare tells which messages the mail servers hold that never arrived
	// here, and when that was last looked at. check asks to look now. It may be nil.
	Compare func(ctx context.Context, check bool) ([]Gap, time.Time, error)
}

// OpenTx opens the row of a message that has just been kept.
func (s *Service) OpenTx(ctx context.Context, tx *db.Tx, in In) (int64, error) {
	count(tx, "received", 1)
	count(tx, "stored", 1)
	return insertReceived(ctx, tx, in.Inbox, in.UID, in.At)
}

// ThreadedTx says that the message stands in a conversation.
func (s *Service) ThreadedTx(ctx context.Context, tx *db.Tx, id, conversation, message int64) error {
	return s.closeTx(ctx, tx, id, Threaded, "", conversation, message)
}

// DropTx says why the message is not made one, with the ids of the first where it is a repeat.
func (s *Service) DropTx(ctx context.Context, tx *db.Tx, id int64, reason string, conversation, message int64) error {
	return s.closeTx(ctx, tx, id, Dropped, reason, conversation, message)
}

// DeadTx says that the program has given up on a message; an admin may retry its job.
func (s *Service) DeadTx(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	return s.closeTx(ctx, tx, id, Dead, reason, 0, 0)
}

func (s *Service) closeTx(ctx context.Context, tx *db.Tx, id int64, to State, reason string, conversation, message int64) (err error) {
	defer errs.Wrap(&err, "ledger row %d becomes %s", id, to)
	moved, err := leave(ctx, tx, id, Received, to, reason, conversation, message, s.Now())
	if err != nil {
		return err
	}
	if !moved && to != Dead { // retried after it had been given up
		if moved, err = leave(ctx, tx, id, Dead, to, reason, conversation, message, s.Now()); err != nil {
			return err
		}
		if moved {
			count(tx, string(Dead), -1)
		}
	}
	if moved {
		count(tx, string(to), 1)
	}
	return nil
}

// Get reads one row.
func (s *Service) Get(ctx context.Context, id int64) (_ Row, err error) {
	defer errs.Wrap(&err, "read ledger row %d", id)
	r, err := get(ctx, s.DB, id)
	if db.IsNoRows(err) {
		return r, errNotFound
	}
	return r, err
}

// Oldest is when the message came that waits longest, on its way in and on its
// way out; zero when none waits.
func (s *Service) Oldest(ctx context.Context) (in, out time.Time, err error) {
	if in, err = oldest(ctx, s.DB, Received); err == nil {
		out, err = oldest(ctx, s.DB, Queued)
	}
	return in, out, err
}

// Balance adds everything up. With check the mail servers are asked first.
func (s *Service) Balance(ctx context.Context, check bool) (b Balance, err error) {
	defer errs.Wrap(&err, "balance the ledger")
	if s.Compare != nil {
		if b.Gaps, b.CheckedAt, err = s.Compare(ctx, check); err != nil {
			return b, err
		}
	}
	// One transaction, so that a message on its way is counted once.
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.countTx(ctx, tx, &b) })
	b.Balanced = b.holds() && len(b.Gaps) == 0
	return b, err
}

func (s *Service) countTx(ctx context.Context, q *db.Tx, b *Balance) error {
	if q.Dialect == db.Postgres {
		if _, err := q.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"); err != nil {
			return err
		}
	}
	sums, err := counter.Sums(ctx, q, prefix)
	if err != nil {
		return err
	}
	b.Counts = map[string]int64{}
	for _, name := range CountNames {
		b.Counts[name] = sums[prefix+name]
	}
	if b.PendingIn, err = countOpen(ctx, q, Received); err != nil {
		return err
	}
	if b.PendingOut, err = countOpen(ctx, q, Queued); err != nil {
		return err
	}
	if b.InDoubt, err = countInDoubt(ctx, q); err != nil {
		return err
	}
	dead, err := deadRows(ctx, q, 100)
	b.Gaps = append(b.Gaps, dead...)
	return err
}

// Fact is what the ledger reads out of events of conversation.
type Fact struct {
	Message  int64   `json:"message_id"`
	Ledger   int64   `json:"ledger_id"`
	Shown    []int64 `json:"shown"`
	Answers  []int64 `json:"answers"`
	Delivery string  `json:"delivery"`
	Reason   string  `json:"reason"`
}

// Reactions follow messages through the events of conversation, inside their transactions.
func (s *Service) Reactions() []event.Reaction {
	with := func(do func(context.Context, *db.Tx, event.Event, Fact) error) func(context.Context, *db.Tx, event.Event) error {
		return func(ctx context.Context, tx *db.Tx, e event.Event) error {
			var f Fact
			if err := json.Unmarshal(e.Data, &f); err != nil {
				return err
			}
			return do(ctx, tx, e, f)
		}
	}
	return []event.Reaction{
		{Name: "ledger.threaded", On: []event.Type{"message.received", "side_conversation.message_received"}, Do: with(s.threaded)},
		{Name: "ledger.elsewhere", On: []event.Type{"message.sent_elsewhere"}, Do: with(s.elsewhere)},
		{Name: "ledger.queued", On: []event.Type{"message.queued", "side_conversation.message_queued"}, Do: with(s.queued)},
		{Name: "ledger.undone", On: []event.Type{"message.undone"}, Do: with(s.undone)},
		{Name: "ledger.delivery", On: []event.Type{"message.delivery_changed"}, Do: with(s.delivery)},
		{Name: "ledger.shown", On: []event.Type{"conversation.read"}, Do: with(s.shown)},
	}
}

func (s *Service) threaded(ctx context.Context, tx *db.Tx, e event.Event, f Fact) error {
	if f.Ledger == 0 {
		return nil
	}
	return s.ThreadedTx(ctx, tx, f.Ledger, e.Conversation, f.Message)
}

// elsewhere is an answer that came in from a mailbox's sent mail.
func (s *Service) elsewhere(ctx context.Context, tx *db.Tx, e event.Event, f Fact) error {
	if err := s.threaded(ctx, tx, e, f); err != nil {
		return err
	}
	return stamp(ctx, tx, "answered_at", f.Answers, s.Now(), func() { count(tx, "answered", 1) })
}

func (s *Service) queued(ctx context.Context, tx *db.Tx, e event.Event, f Fact) error {
	if err := insertQueued(ctx, tx, e.Inbox, e.Conversation, f.Message, s.Now()); err != nil {
		return err
	}
	return stamp(ctx, tx, "answered_at", f.Answers, s.Now(), func() { count(tx, "answered", 1) })
}

// undone is a reply that was taken back: what it answered waits again.
func (s *Service) undone(ctx context.Context, tx *db.Tx, _ event.Event, f Fact) error {
	n, err := unstamp(ctx, tx, f.Answers)
	count(tx, "answered", -n)
	return err
}

func (s *Service) shown(ctx context.Context, tx *db.Tx, _ event.Event, f Fact) error {
	return stamp(ctx, tx, "shown_at", f.Shown, s.Now(), func() {})
}

// delivery follows an outgoing message. Sending and in doubt are still queued here.
func (s *Service) delivery(ctx context.Context, tx *db.Tx, _ event.Event, f Fact) error {
	to := State(f.Delivery)
	switch to {
	case Sent, Delivered, Failed, Cancelled:
	default:
		to = Queued
	}
	before, err := outState(ctx, tx, f.Message, to, f.Reason, s.Now())
	if db.IsNoRows(err) {
		return nil
	}
	if err != nil || before == to {
		return err
	}
	switch to {
	case Sent, Delivered, Failed:
		count(tx, string(to), 1)
	}
	if before == Failed {
		count(tx, string(Failed), -1)
	}
	return nil
}

// OfMessages lists the rows of messages, those of repeats of the same mail included.
func (s *Service) OfMessages(ctx context.Context, q db.Queryer, messages []int64) (out []int64, err error) {
	defer errs.Wrap(&err, "list the ledger rows of %d messages", len(messages))
	for len(messages) > 0 {
		n := min(len(messages), 500)
		some, err := ofMessages(ctx, q, messages[:n])
		if err != nil {
			return nil, err
		}
		out, messages = append(out, some...), messages[n:]
	}
	return out, nil
}
