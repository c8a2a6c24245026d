package email

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// stopTime is what a running transaction gets when the program stops.
const stopTime = 8 * time.Second

// send runs one SMTP transaction over an open session, or over a new one when
// the server had hung up meanwhile.
func (a *attempt) send(ctx context.Context) error {
	if len(a.pending()) == 0 {
		return a.conclude(ctx, nil)
	}
	for reuse := true; ; reuse = false {
		l, err := a.pool.get(ctx, a.conn, reuse)
		if err != nil {
			return a.later(ctx, err)
		}
		stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopTime, func() { l.Close() }) })
		err = a.mail(l)
		if err != nil && !l.fresh && !isReply(err) {
			stop()
			l.Close()
			continue
		}
		err = a.transact(ctx, l, err)
		stop()
		return err
	}
}

func isReply(err error) bool {
	var e *smtp.SMTPError
	return errors.As(err, &e)
}

func (a *attempt) mail(l *line) error {
	opts := &smtp.MailOptions{Size: a.row.size, UTF8: a.needsUTF8()}
	if most, ok := l.MaxMessageSize(); ok && most > 0 && a.row.size > int64(most) {
		return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "larger than the server's limit"}
	}
	if ok, _ := l.Extension("SMTPUTF8"); opts.UTF8 && !ok {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 6, 7}, Message: "no SMTPUTF8"}
	}
	return l.Mail(a.row.envelopeFrom, opts)
}

func (a *attempt) needsUTF8() bool {
	all := a.row.envelopeFrom
	for _, n := range a.pending() {
		all += a.d.Recipients[n].Address
	}
	for _, c := range []byte(all) {
		if c >= 0x80 {
			return true
		}
	}
	return false
}

// transact goes on after MAIL, whose error is first.
func (a *attempt) transact(ctx context.Context, l *line, first error) error {
	if first != nil {
		return a.refused(ctx, l, a.pending(), first)
	}
	var accepted []int
	var deferred error
	for _, n := range a.pending() {
		err := l.Rcpt(a.d.Recipients[n].Address, nil)
		switch {
		case err == nil:
			accepted = append(accepted, n)
		case !isReply(err):
			l.Close()
			return a.later(ctx, err)
		case final(err):
			a.settle(n, conversation.Failed, explain(a.conn.SMTP.Host, err).Text)
			a.d.Error = a.d.Recipients[n].Error
		default:
			deferred = err
		}
	}
	if len(accepted) == 0 {
		a.keep(l, l.Reset())
		return a.outcome(ctx, deferred)
	}
	return a.data(ctx, l, accepted, deferred)
}

// final tells a permanent refusal of this message from trouble with our
// account, which an admin can mend while the message waits.
func final(err error) bool {
	var e *smtp.SMTPError
	if !errors.As(err, &e) || e.Code/100 != 5 {
		return false
	}
	return e.Code != 530 && e.Code != 535 && e.Code != 534 && e.Code != 538
}

// refused is an answer to MAIL or DATA that concerns all the given recipients.
func (a *attempt) refused(ctx context.Context, l *line, who []int, err error) error {
	if !isReply(err) {
		l.Close()
		return a.later(ctx, err)
	}
	a.keep(l, l.Reset())
	if !final(err) {
		return a.later(ctx, err)
	}
	t := explain(a.conn.SMTP.Host, err)
	a.note(ctx, a.conn.ID, t)
	for _, n := range who {
		a.settle(n, conversation.Failed, t.Text)
	}
	a.d.Error = t.Text.String()
	return a.outcome(ctx, nil)
}

// outcome ends the attempt, or has it come again for those deferred.
func (a *attempt) outcome(ctx context.Context, deferred error) error {
	if deferred != nil && len(a.pending()) > 0 {
		return a.later(ctx, deferred)
	}
	return a.conclude(ctx, nil)
}

func (a *attempt) keep(l *line, err error) {
	if err != nil {
		l.Close()
		return
	}
	a.pool.put(l)
}

// data sends the bytes. From the commit of sending until the answer is stored
// the message is in doubt.
func (a *attempt) data(ctx context.Context, l *line, accepted []int, deferred error) error {
	raw, err := a.row.open(ctx, a.Blobs)
	if err != nil {
		a.keep(l, l.Reset())
		return err
	}
	defer raw.Close()
	if err := a.markSending(ctx, int64(len(accepted))); err != nil {
		a.keep(l, l.Reset())
		var over *overLimit
		if errors.As(err, &over) {
			return a.wait(ctx, over)
		}
		if takenBack(err) {
			return a.done(ctx)
		}
		return err
	}
	w, err := l.Data()
	if err != nil {
		a.row.sending = a.doubt && !isReply(err)
		return a.refused(ctx, l, accepted, err)
	}
	if _, err := io.Copy(w, raw); err != nil {
		l.Close() // without the final dot the server takes nothing
		a.row.sending = a.doubt
		return a.later(ctx, err)
	}
	answer, err := w.CloseWithResponse()
	switch {
	case err != nil && !isReply(err): // the dot may have arrived
		l.Close()
		return a.later(ctx, err)
	case err != nil:
		a.row.sending = false
		return a.refused(ctx, l, accepted, err)
	}
	a.row.sending, a.row.providerID = false, clip(answer.StatusText, 300)
	a.d.SentAs = append(a.d.SentAs, sentAs(a.conn.SMTP.Host, answer.StatusText)...)
	for _, n := range accepted {
		a.settle(n, conversation.Sent, errs.Text{})
	}
	a.pool.put(l)
	a.note(ctx, a.conn.ID, nil)
	return a.outcome(ctx, deferred)
}

// markSending is committed before DATA; the second time the message may arrive
// twice. A node that stood still until another took the job over stops here.
func (a *attempt) markSending(ctx context.Context, recipients int64) error {
	if a.doubt {
		a.d.MaybeTwice = true
	}
	if a.row.firstTryAt.IsZero() {
		a.row.firstTryAt = a.Now()
	}
	a.row.sending, a.d.State = true, conversation.Sending
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := a.Queue.HoldTx(ctx, tx, a.job); err != nil {
			return err
		}
		if err := spendTx(ctx, tx, a.conn, recipients, a.Now()); err != nil {
			return err
		}
		if err := saveOutbound(ctx, tx, a.row, a.d.Recipients, a.Now()); err != nil {
			return err
		}
		return a.Conversations.SetDeliveryTx(ctx, tx, a.out.Message, a.d)
	})
}

// health remembers when the state of sending was last written, per inbox.
type health struct {
	mu   sync.Mutex
	good map[inbox.ID]time.Time
}

// note keeps the health of sending; a row of successes is written once a minute.
func (s *Sender) note(ctx context.Context, id inbox.ID, t *trouble) {
	now := s.Now()
	s.health.mu.Lock()
	if s.health.good == nil {
		s.health.good = map[inbox.ID]time.Time{}
	}
	known := t == nil && now.Sub(s.health.good[id]) < time.Minute
	if t == nil && !known {
		s.health.good[id] = now
	} else if t != nil {
		delete(s.health.good, id)
	}
	s.health.mu.Unlock()
	if known {
		return
	}
	ctx = context.WithoutCancel(ctx)
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		h, err := loadSendingHealth(ctx, tx, id)
		if err != nil {
			return err
		}
		if t == nil {
			h.LastSuccessAt, h.LastError, h.LastErrorAt = now.UnixMilli(), "", 0
		} else {
			h.LastError, h.LastErrorAt = t.Text.String(), now.UnixMilli()
		}
		return saveSendingHealth(ctx, tx, id, h)
	})
	if err != nil {
		s.Log.Warn("the health of sending was not noted", "inbox", int64(id), "error", err)
	}
}
