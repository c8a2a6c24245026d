package email

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/words"
)

// refusal says why an answer is not posted, nothing when it is. Whoever holds a
// mail of ours could answer it: only its reader may. Where the mail servers say
// who sent it, they must not speak against it, and a customer gets nothing of
// which nobody knows who wrote it.
func (a *Answers) refusal(m notification.Mailed, actor *access.Actor, got *understood, note bool) errs.Text {
	d := got.Facts.Doubt
	switch {
	case inbox.Fold(got.From.Address) != inbox.Fold(actor.Email):
		return errs.Say("It came from %s. Only answers from your own address, %s, are taken.", clip(got.From.Address, 254), actor.Email)
	case d != nil && (d.Forged || slices.Contains(d.Reasons, "dmarc_failed")):
		return errs.Say("The check of the sender (DMARC) failed, so it may be from somebody else.")
	case m.Conversation == 0:
		return errs.Say("A summary cannot be answered, because it tells of several conversations.")
	case m.Expired:
		return errs.Say("The mail that you answered is older than 30 days.")
	case strings.TrimSpace(got.Text) == "" && len(got.Attachments) == 0:
		return errs.Say("There was nothing in it above the mail that you answered.")
	case !note && !got.proved:
		return errs.Say("Your mail server does not prove that it is from you (DMARC, or DKIM or SPF of your domain), so it does not go to a customer. A note would be taken: begin with #note.")
	}
	return errs.Text{}
}

// refusalsAnHour is how many refusals one address gets: whoever holds a mail of
// ours must not be able to fill its reader's mailbox.
const refusalsAnHour = 10

// refuse tells the agent, and nobody else, that their answer was not posted, with
// what was written, so that nothing is lost.
func (a *Answers) refuse(ctx context.Context, actor *access.Actor, p answerPayload, got *understood, why errs.Text) error {
	now := a.Now()
	n, _, err := automaticSince(ctx, a.DB, inbox.Fold(actor.Email), now.Add(-time.Hour), now.Add(-time.Hour))
	if err != nil {
		return err
	}
	if n >= refusalsAnHour {
		a.Log.Warn("an answer by mail was refused without a word, because there were many", "agent", actor.AgentID, "ledger", p.Ledger)
		return a.ended(ctx, p.Ledger, "")
	}
	if err := a.Post(ctx, refusalMail(actor, got, why, now)); err != nil {
		return err
	}
	return a.ended(context.WithoutCancel(ctx), p.Ledger, inbox.Fold(actor.Email))
}

// ended notes that nothing comes of the answer any more, and whom a refusal went to.
func (a *Answers) ended(ctx context.Context, ledger int64, told string) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if told != "" {
			if err := noteAutomatic(ctx, tx, told, a.Now()); err != nil {
				return err
			}
		}
		return a.Told.AnsweredTx(ctx, tx, ledger, noMessage)
	})
}

// noMessage stands for an answer that became no message and never will.
const noMessage = -1

func refusalMail(actor *access.Actor, got *understood, why errs.Text, now time.Time) mail.Outgoing {
	say := func(t errs.Text) string { return words.Say(actor.Locale, t) }
	body := say(errs.Say("Your answer to a mail of Deskbell was not posted, and nobody else got it.")) + "\n\n" + say(why) + "\n\n" +
		say(errs.Say("This is what was written:")) + "\n\n> " + strings.ReplaceAll(clip(strings.TrimSpace(got.Text), 64<<10), "\n", "\n> ") + "\n"
	m := mail.Outgoing{To: []mail.Address{{Name: oneLine(actor.Name), Address: actor.Email}}, Subject: say(errs.Say("Not posted: %s", oneLine(got.Subject))), Date: now,
		MessageID: "dn.refused." + strings.ToLower(rand.Text()), Automatic: "auto-replied", Text: body, HTML: mail.TextToHTML(body)}
	if id := got.RFCID; id != "" && !strings.ContainsAny(id, " <>\r\n") {
		m.InReplyTo, m.References = id, []string{id}
	}
	return m
}
