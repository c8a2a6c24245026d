package email

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/sender"
)

type ingestPayload struct {
	Ledger int64 `json:"ledger_id"`
}

// Conversations is the part of conversation that the channel uses.
type Conversations interface {
	// ReceiveTx is the one door for what arrives.
	ReceiveTx(ctx context.Context, tx *db.Tx, in conversation.Inbound) (conversation.Received, error)
	// SentTx takes a mail that was written in a mail program.
	SentTx(ctx context.Context, tx *db.Tx, in conversation.Inbound) (conversation.Received, error)
	// Outgoing reads everything needed to send a message.
	Outgoing(ctx context.Context, messageID int64) (conversation.Outgoing, error)
	// SetDeliveryTx notes how far a message has come. A message that was taken
	// back meanwhile is a conflict.
	SetDeliveryTx(ctx context.Context, tx *db.Tx, messageID int64, d conversation.Delivery) error
	// SentFile reads a file of a message that was sent, whoever asks.
	SentFile(ctx context.Context, message, attachment int64) (conversation.Attachment, error)
	// Known names those of the addresses, folded, whose owners the shop has to do with.
	Known(ctx context.Context, addresses []string) (map[string]bool, error)
	// Message reads a message that the actor of ctx may see.
	Message(ctx context.Context, id int64) (conversation.Message, error)
	// Mails reads those of a conversation that the actor of ctx may see, behind the id.
	Mails(ctx context.Context, id, after int64, limit int) ([]conversation.Message, error)
}

// Ingester makes messages out of kept mail.
type Ingester struct {
	DB            *db.DB
	Ledger        Ledger
	Queue         *job.Queue
	Blobs         *blob.Store
	Conversations Conversations
	// Inboxes is told when a test mail to a plus-address came back; it may be nil.
	Inboxes interface {
		SetReplyTokenTx(ctx context.Context, tx *db.Tx, id inbox.ID, works bool) error
	}
	// Senders knows whose mail is spam and how customers are taken from mail of
	// shops; nil = nothing of that.
	Senders *sender.Service
	// Answers takes what agents answer to mails about what concerns them; nil = nothing.
	Answers *Answers
	Now     func() time.Time
	Log     *slog.Logger
}

const (
	ingestGroup = 64
	// ingestBytes bounds the raw bytes of mails that are in memory together.
	ingestBytes = 16 << 20
	parsers     = 2
)

// Kind is the job email.ingest.
func (g *Ingester) Kind() job.Kind {
	return job.Kind{Name: IngestKind, Batch: g.ingest, Limit: ingestGroup, Attempts: 8, Died: g.died}
}

// task is one claimed job with its mail.
type task struct {
	job  job.Job
	in   *inbound
	read understood
}

// ingest reads the mails outside of the transaction and stores them in as few
// transactions as their size allows. One that fails never stops the others.
func (g *Ingester) ingest(ctx context.Context, jobs []job.Job) map[int64]error {
	failed := map[int64]error{}
	tasks, err := g.load(ctx, jobs, failed)
	if err != nil {
		return all(jobs, err)
	}
	r, err := newReader(ctx, g.DB, g.Blobs, g.Senders, g.Now)
	if err != nil {
		return all(jobs, err)
	}
	for len(tasks) > 0 {
		n := portion(tasks)
		g.parse(ctx, r, tasks[:n])
		g.store(ctx, tasks[:n], failed)
		clear(tasks[:n])
		tasks = tasks[n:]
	}
	return failed
}

func all(jobs []job.Job, err error) map[int64]error {
	failed := map[int64]error{}
	for _, j := range jobs {
		failed[j.ID] = err
	}
	return failed
}

var errNoMail = errs.New(errs.NotFound, "The mail of this job is not there any more.")

func (g *Ingester) load(ctx context.Context, jobs []job.Job, failed map[int64]error) ([]*task, error) {
	var ids []int64
	byLedger := map[int64]job.Job{}
	for _, j := range jobs {
		var p ingestPayload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			failed[j.ID] = job.Final{Err: err}
			continue
		}
		ids = append(ids, p.Ledger)
		byLedger[p.Ledger] = j
	}
	rows, err := loadInbound(ctx, g.DB, ids)
	if err != nil {
		return nil, err
	}
	var out []*task
	for _, id := range ids {
		j := byLedger[id]
		if in := rows[id]; in != nil {
			out = append(out, &task{job: j, in: in})
		} else {
			failed[j.ID] = job.Final{Err: errNoMail}
		}
	}
	return out, nil
}

// portion is how many of the tasks are read together.
func portion(tasks []*task) int {
	var bytes int64
	for n, t := range tasks {
		if bytes += t.in.size; bytes > ingestBytes && n > 0 {
			return n
		}
	}
	return len(tasks)
}

func (g *Ingester) parse(ctx context.Context, r *reader, tasks []*task) {
	next := make(chan *task, len(tasks))
	for _, t := range tasks {
		next <- t
	}
	close(next)
	var wg sync.WaitGroup
	for range min(parsers, len(tasks)) {
		wg.Go(func() {
			for t := range next {
				t.read = r.read(ctx, t.in)
			}
		})
	}
	wg.Wait()
}

// store writes all in one transaction; when that fails each is tried alone.
func (g *Ingester) store(ctx context.Context, tasks []*task, failed map[int64]error) {
	var ready []*task
	for _, t := range tasks {
		if t.read.err != nil {
			failed[t.job.ID] = t.read.err
			continue
		}
		ready = append(ready, t)
	}
	if len(ready) == 0 {
		return
	}
	results, err := g.write(ctx, ready)
	if err != nil && len(ready) > 1 && ctx.Err() == nil {
		results = map[*task]result{}
		for _, t := range ready {
			one, err := g.write(ctx, []*task{t})
			if err != nil {
				one = map[*task]result{t: {err: err, unsure: true}}
			}
			results[t] = one[t]
		}
		err = nil
	}
	for _, t := range ready {
		res := results[t]
		if err != nil {
			res = result{err: err, unsure: true}
		}
		g.finish(ctx, t, res, failed)
	}
}

type result struct {
	repeat bool
	err    error
	unsure bool // the commit may have happened
}

// finish frees what a repeat or a failed attempt left in the blob store.
func (g *Ingester) finish(ctx context.Context, t *task, res result, failed map[int64]error) {
	var later job.Later
	if errors.As(res.err, &later) {
		failed[t.job.ID] = later
	} else if res.err != nil {
		failed[t.job.ID] = res.err
		g.Log.Warn("a mail could not be stored", "ledger", t.in.ledgerID, "attempt", t.job.Attempts, "error", res.err)
	}
	if (res.err != nil || res.repeat) && !res.unsure {
		deleteBlobs(ctx, g.Blobs, t.read.blobs)
	}
}

func (g *Ingester) write(ctx context.Context, tasks []*task) (map[*task]result, error) {
	var results map[*task]result
	err := g.DB.Write(ctx, func(tx *db.Tx) error {
		results = map[*task]result{}
		for _, t := range tasks {
			var repeat bool
			err := tx.Savepoint(ctx, func() (err error) {
				repeat, err = g.receiveTx(ctx, tx, t)
				return err
			})
			results[t] = result{repeat: repeat, err: err}
		}
		return nil
	})
	return results, err
}

func (g *Ingester) receiveTx(ctx context.Context, tx *db.Tx, t *task) (repeat bool, err error) {
	if isProbe(&t.read.Inbound) && g.Inboxes != nil {
		if err := g.Inboxes.SetReplyTokenTx(ctx, tx, t.in.inbox, true); err != nil {
			return false, err
		}
		if err := g.Ledger.DropTx(ctx, tx, t.in.ledgerID, "own test mail", 0, 0); err != nil {
			return false, err
		}
		return true, g.Queue.DoneTx(ctx, tx, t.job)
	}
	if taken, err := g.Answers.takeTx(ctx, tx, t); err != nil || taken {
		return true, err
	}
	if own, conversation, err := g.ownCopyTx(ctx, tx, t); err != nil || own != 0 {
		if err == nil {
			err = g.Ledger.DropTx(ctx, tx, t.in.ledgerID, "own message", conversation, own)
		}
		if err == nil {
			err = g.Queue.DoneTx(ctx, tx, t.job)
		}
		return true, err
	}
	if t.read.sent {
		return g.sentTx(ctx, tx, t)
	}
	got, err := g.Conversations.ReceiveTx(ctx, tx, t.read.Inbound)
	if err != nil {
		return false, err
	}
	if err := g.sealMaskedTx(ctx, tx, t, got); err != nil {
		return false, err
	}
	if got.Repeat {
		if err := g.Ledger.DropTx(ctx, tx, t.in.ledgerID, "repeat", got.Conversation, got.Message); err != nil {
			return false, err
		}
	}
	return got.Repeat, g.Queue.DoneTx(ctx, tx, t.job)
}

var mailStuck = errs.Say("The mail could not be stored. Look at the job.")

// died shows a mail that was given up as a gap of the ledger; its bytes stay.
func (g *Ingester) died(ctx context.Context, tx *db.Tx, j job.Job, _ error) error {
	var p ingestPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return err
	}
	return g.Ledger.DeadTx(ctx, tx, p.Ledger, mailStuck.String())
}

// ownCopyTx finds the message of ours that came back to us, by a list or
// because somebody put us in Cc: from our address and under our Message-ID.
func (g *Ingester) ownCopyTx(ctx context.Context, tx *db.Tx, t *task) (message, conversation int64, err error) {
	in := &t.read.Inbound
	if t.read.sent {
		return findOwn(ctx, tx, t.in.inbox, in.RFCID, t.read.content)
	}
	if !t.read.fromUs || !strings.HasPrefix(in.RFCID, "db.") || in.Bounce != nil {
		return 0, 0, nil
	}
	return findSent(ctx, tx, in.RFCID)
}
