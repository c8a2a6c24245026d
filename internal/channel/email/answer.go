package email

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// AnswerKind is the job that makes a reply or a note of an agent's answer to a
// mail that told them of something.
const AnswerKind = "email.answer"

// Told are the mails that agents answer.
type Told interface {
	Mailed(ctx context.Context, q db.Queryer, tokens []string) (notification.Mailed, error)
	AnswerTx(ctx context.Context, tx *db.Tx, ledger int64, m notification.Mailed, hash []byte) (first bool, err error)
	AnsweredTx(ctx context.Context, tx *db.Tx, ledger, message int64) error
	Answered(ctx context.Context, ledger int64) (message int64, err error)
}

// Answers posts what agents answer from their mailbox.
type Answers struct {
	DB            *db.DB
	Ledger        Ledger
	Queue         *job.Queue
	Blobs         *blob.Store
	Told          Told
	Conversations interface {
		Reply(ctx context.Context, id int64, n conversation.NewReply, finish conversation.Finish) (conversation.Message, error)
		Note(ctx context.Context, id int64, n conversation.NewNote, finish conversation.Finish) (conversation.Message, error)
		Upload(ctx context.Context, n conversation.NewAttachment) (conversation.Attachment, error)
	}
	// Agent reads who an active agent is.
	Agent func(ctx context.Context, id int64) (*access.Actor, error)
	// Post sends a mail of the installation.
	Post func(ctx context.Context, m mail.Outgoing) error
	Now  func() time.Time
	Log  *slog.Logger
}

type answerPayload struct {
	Ledger int64               `json:"ledger_id"`
	Mail   notification.Mailed `json:"mail"`
}

// tokensOf are what may lead to a mail of ours: tags of addresses, and ids.
func tokensOf(in *conversation.Inbound) []string {
	all := slices.Concat(in.Tokens, in.ThreadIDs)
	if in.Bounce != nil {
		all = append(all, in.Bounce.OriginalRFCID)
	}
	return all
}

// takeTx takes a mail that answers one of ours out of the way of customers'
// mail, and reports whether it was one.
func (a *Answers) takeTx(ctx context.Context, tx *db.Tx, t *task) (taken bool, err error) {
	if a == nil || t.read.sent {
		return false, nil
	}
	in := &t.read.Inbound
	m, err := a.Told.Mailed(ctx, tx, append(tokensOf(in), in.RFCID))
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	why := "answer to a notification"
	switch {
	case in.Automatic || in.Bounce != nil || in.Complaint != nil:
		why = "a machine's answer to a notification"
	case in.History:
		why = "old answer to a notification"
	default:
		first, err := a.Told.AnswerTx(ctx, tx, t.in.ledgerID, m, t.read.SameHash)
		if err != nil {
			return false, err
		}
		if !first {
			why = "repeat"
			break
		}
		err = a.Queue.Enqueue(ctx, tx, job.New{Kind: AnswerKind, Payload: answerPayload{t.in.ledgerID, m}, Summary: errs.Say("Post what an agent answered by mail").String()})
		if err != nil {
			return false, err
		}
	}
	if err := a.Ledger.DropTx(ctx, tx, t.in.ledgerID, why, m.Conversation, 0); err != nil {
		return false, err
	}
	return true, a.Queue.DoneTx(ctx, tx, t.job)
}

// Kind is the job email.answer.
func (a *Answers) Kind() job.Kind {
	return job.Kind{Name: AnswerKind, Do: a.do, Lease: 3 * time.Minute, Attempts: 12}
}

func (a *Answers) do(ctx context.Context, j job.Job) (err error) {
	var p answerPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	defer errs.Wrap(&err, "post the answer of ledger row %d", p.Ledger)
	if done, err := a.Told.Answered(ctx, p.Ledger); err != nil || done != 0 {
		return err
	}
	rows, err := loadInbound(ctx, a.DB, []int64{p.Ledger})
	if err != nil {
		return err
	}
	in := rows[p.Ledger]
	if in == nil || in.raw == nil && in.blobKey == "" {
		return job.Final{Err: errNoMail}
	}
	r, err := newReader(ctx, a.DB, a.Blobs, nil, a.Now)
	if err != nil {
		return err
	}
	got := r.read(ctx, in)
	if got.err != nil {
		return got.err
	}
	kept, err := a.post(ctx, p, in, &got)
	if !kept {
		deleteBlobs(ctx, a.Blobs, got.blobs)
	}
	return err
}

// post decides and writes. It reports whether the files of the mail have owners now.
func (a *Answers) post(ctx context.Context, p answerPayload, in *inbound, got *understood) (kept bool, err error) {
	actor, err := a.Agent(ctx, p.Mail.Agent)
	if errs.Is(err, errs.NotFound) {
		return false, nil // somebody who does not work here any more
	}
	if err != nil {
		return false, err
	}
	if onlyQuote(got.Text) {
		got.Text = ""
	}
	rest, note, said := notification.Command(got.Text)
	if !said {
		note = p.Mail.Note
	}
	if why := a.refusal(p.Mail, actor, got, note); !why.IsZero() {
		return false, a.refuse(ctx, actor, p, got, why)
	}
	as := access.With(ctx, actor)
	files, kept, err := a.upload(as, got)
	if err != nil {
		return kept, err
	}
	finish := func(ctx context.Context, tx *db.Tx, m conversation.Message) error {
		return a.Told.AnsweredTx(ctx, tx, p.Ledger, m.ID)
	}
	if note {
		_, err = a.Conversations.Note(as, p.Mail.Conversation, conversation.NewNote{Text: rest, Attachments: files, ByMail: true}, finish)
	} else {
		seen := p.Mail.Seen
		_, err = a.Conversations.Reply(as, p.Mail.Conversation, conversation.NewReply{Text: rest, Attachments: files, LastSeen: &seen, ByMail: true}, finish)
	}
	return kept, a.settle(ctx, actor, p, got, err)
}

// settle makes of an error what it means for the agent: a stopped reply waits
// for them and is told like every other, and what no repetition mends is said.
func (a *Answers) settle(ctx context.Context, actor *access.Actor, p answerPayload, got *understood, err error) error {
	var e *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e) && e.Type == web.StaleReply:
		return a.ended(ctx, p.Ledger, "") // it is their draft, and they are told
	case errors.As(err, &e) && e.Kind != errs.Unavailable && e.Kind != errs.Internal:
		return a.refuse(ctx, actor, p, got, e.Text)
	}
	return err
}

// upload makes files of the mail the agent's own.
func (a *Answers) upload(ctx context.Context, got *understood) (ids []int64, kept bool, err error) {
	for _, f := range got.Attachments {
		if f.Inline && !strings.Contains(got.HTML, f.ContentID) {
			continue // of a quote or a signature
		}
		f.Inline, f.ContentID = false, ""
		one, err := a.Conversations.Upload(ctx, f)
		if err != nil {
			return nil, kept, err
		}
		ids, kept = append(ids, one.ID), true
	}
	return ids, kept, nil
}

// onlyQuote tells a text in which nobody wrote anything: the parser shows a
// quote where there is nothing else.
func onlyQuote(text string) bool {
	quoted, own := 0, 0
	for _, line := range strings.Split(text, "\n") {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, ">"):
			quoted++
		case line != "" && !(quoted == 0 && strings.HasSuffix(line, ":")):
			own++
		}
	}
	return quoted > 0 && own == 0
}
