package notice

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

const (
	sendKind = "notice.send"
	kindTest = "test"
	attempts = 12 // a little more than an hour
)

type payload struct {
	Notice int64 `json:"notice_id"`
}

// SendTx implements [access.Mailer].
func (s *Service) SendTx(ctx context.Context, tx *db.Tx, n access.Notice) (err error) {
	defer errs.Wrap(&err, "queue a mail of the installation")
	if ready, err := s.Ready(ctx, tx); err != nil || !ready {
		return err
	}
	r := row{kind: n.Kind, to: n.To, locale: n.Locale, words: words{Name: n.Name, By: n.By}, expiresAt: n.ExpiresAt,
		invitation: n.Invitation, rfcID: strings.ToLower(rand.Text()), createdAt: s.Now()}
	id, err := insertNotice(ctx, tx, r)
	if err != nil {
		return err
	}
	if n.Link != "" {
		if err := setLink(ctx, tx, id, s.Secrets.Seal("notice", "link_secret", id, []byte(n.Link))); err != nil {
			return err
		}
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Kind: sendKind, Payload: payload{id}, RunAt: n.NotBefore, Summary: "Send the mail “" + n.Kind + "” to one of our people"})
}

// DropTx forgets mails of a kind that wait and were caused by somebody or an inbox:
// what they tell is not so any more.
func (s *Service) DropTx(ctx context.Context, tx *db.Tx, kind, by string) (err error) {
	defer errs.Wrap(&err, "drop mails of the installation")
	return dropQueued(ctx, tx, kind, by)
}

// InvitationMails implements [access.Mailer].
func (s *Service) InvitationMails(ctx context.Context, q db.Queryer, ids []int64) (map[int64]access.MailState, error) {
	return invitationMails(ctx, q, ids)
}

// Kind is the job that sends.
func (s *Service) Kind() job.Kind {
	return job.Kind{Name: sendKind, Workers: 2, Attempts: attempts, Do: s.send, Lease: time.Minute,
		Died: func(ctx context.Context, tx *db.Tx, j job.Job, cause error) error {
			var p payload
			if err := json.Unmarshal(j.Payload, &p); err != nil {
				return nil //nolint:nilerr // there is no row to mark
			}
			return finishNotice(ctx, tx, p.Notice, "failed", sentence(cause), s.Now())
		}}
}

func sentence(err error) string {
	var r *email.Refused
	if errors.As(err, &r) {
		return r.Text.String()
	}
	return errs.Sentence(err)
}

func (s *Service) send(ctx context.Context, j job.Job) error {
	var p payload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	n, err := readNotice(ctx, s.DB, p.Notice)
	if db.IsNoRows(err) || err == nil && n.state != "queued" {
		return nil
	}
	if err != nil {
		return err
	}
	if !n.expiresAt.IsZero() && !s.Now().Before(n.expiresAt) {
		return job.Final{Err: errs.New(errs.Conflict, "The link had expired before the mail could be sent.")}
	}
	return s.deliver(ctx, n)
}

func (s *Service) deliver(ctx context.Context, n row) error {
	set, sealed, err := load(ctx, s.DB, "")
	if err != nil {
		return err
	}
	if !set.Set() {
		return job.Final{Err: errNone}
	}
	from, err := s.account(ctx, set, sealed, nil)
	if err != nil {
		return s.noted(ctx, err)
	}
	link := ""
	if n.link != nil {
		plain, err := s.Secrets.Open("notice", "link_secret", n.id, n.link)
		if err != nil {
			return job.Final{Err: err}
		}
		link = string(plain)
	}
	n.rfcID += from.address[strings.LastIndexByte(from.address, '@'):]
	raw, err := s.render(ctx, from, n, link)
	if err != nil {
		return job.Final{Err: err}
	}
	err = s.Dialer.Send(ctx, from.via, email.Post{From: from.address, To: n.to, Raw: raw})
	if err != nil {
		return s.noted(ctx, err)
	}
	ctx = context.WithoutCancel(ctx)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := setHealth(ctx, tx, s.Now(), ""); err != nil {
			return err
		}
		return finishNotice(ctx, tx, n.id, "sent", "", s.Now())
	})
}

// noted keeps why sending failed, for the settings page, and returns the error.
func (s *Service) noted(ctx context.Context, cause error) error {
	ctx = context.WithoutCancel(ctx)
	err := s.DB.Write(ctx, func(tx *db.Tx) error { return setHealth(ctx, tx, s.Now(), sentence(cause)) })
	if err != nil {
		s.Log.Warn("the health of the system mail sender was not noted", "error", err)
	}
	var r *email.Refused
	if errors.As(cause, &r) && r.Final {
		return job.Final{Err: cause}
	}
	return cause
}

// Prune forgets mails that are older than 30 days, at most limit.
func Prune(ctx context.Context, d *db.DB, now time.Time, limit int) (n int64, err error) {
	defer errs.Wrap(&err, "forget old mails of the installation")
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = prune(ctx, tx, now.AddDate(0, 0, -30), limit)
		return err
	})
	return n, err
}
