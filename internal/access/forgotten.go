package access

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/team"
)

// forgottenKind is the job that looks for the account behind a forgotten
// password. The request only leaves the address, so that its answer and its
// cost are the same for every address.
const forgottenKind = "password.forgotten"

type forgotten struct {
	Email string `json:"email"`
}

// Forgotten asks for a mail with a reset link. Nobody learns whether there is
// an agent with the address. Without a system mail sender it is a conflict.
func (s *Service) Forgotten(ctx context.Context, email string, c Client) (err error) {
	defer errs.Wrap(&err, "ask for a new password")
	if email, err = team.CheckEmail(email); err != nil {
		return err
	}
	ready, err := s.MailReady(ctx, s.cfg.DB)
	if err != nil {
		return err
	}
	if !ready || s.cfg.Jobs == nil {
		return errs.New(errs.Conflict, "This Deskbell cannot send mail yet. Ask somebody who manages people in Deskbell: they can make a link with which you choose a new password.")
	}
	if err := s.enter(ctx, try{forgotDoor, c.Address}); err != nil {
		return err
	}
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		return s.cfg.Jobs.Enqueue(ctx, tx, job.New{Kind: forgottenKind, Payload: forgotten{email}, Summary: "Look for the account of a forgotten password"})
	})
}

// Kinds are the jobs of sign-in.
func (s *Service) Kinds() []job.Kind {
	return []job.Kind{{Name: forgottenKind, Attempts: 5, Do: func(ctx context.Context, j job.Job) error {
		var p forgotten
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		return s.mailReset(ctx, p.Email)
	}}}
}

// mailReset queues the mail, if there is somebody to send it to.
func (s *Service) mailReset(ctx context.Context, email string) (err error) {
	defer errs.Wrap(&err, "queue a reset link")
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := s.cfg.Team.ByEmail(ctx, tx, email)
		if errs.Is(err, errs.NotFound) || err == nil && !m.Active {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := enterTx(ctx, tx, s.cfg.Now(), try{mailDoor, strconv.FormatInt(m.ID, 10)}); err != nil {
			return err
		}
		l, err := s.linkTx(ctx, tx, forReset, strconv.FormatInt(m.ID, 10), struct{}{}, 0, resetLives)
		if err != nil {
			return err
		}
		return s.noticeTx(ctx, tx, Notice{Kind: NoticeReset, To: m.Email, Name: m.Name, Locale: m.Locale, Link: l.URL, ExpiresAt: l.ExpiresAt})
	})
	if errs.Is(err, errs.TooMany) {
		return nil // they have had enough mails; the newest link still works
	}
	return err
}
