package email

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// How many automatic mails one address gets at most, so that two machines that
// answer each other stop (RFC 3834, section 2).
const (
	automaticPerHour = 4
	automaticPerDay  = 12
)

// brake stops automatic mail to whoever must not get it. It stands in the
// sender, because whoever makes such mail may forget it. What an agent wrote is
// never stopped.
func (a *attempt) brake(ctx context.Context) (err error) {
	if a.out.AgentID != 0 || a.row != nil {
		return nil
	}
	own, err := ownAddresses(ctx, a.DB)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for n := range a.d.Recipients {
			if !open(a.d.Recipients[n].State) {
				continue
			}
			why, err := a.stopped(ctx, tx, own, a.d.Recipients[n].Address)
			if err != nil {
				return err
			}
			if !why.IsZero() {
				a.settle(n, conversation.Cancelled, why)
				a.d.Error = why.String()
			}
		}
		return nil
	})
}

// stopped is why the address gets no automatic mail now, nothing when it gets it.
func (a *attempt) stopped(ctx context.Context, tx *db.Tx, own addresses, address string) (errs.Text, error) {
	folded := inbox.Fold(address)
	local, _, _ := strings.Cut(folded, "@")
	_, _, _, ours := own.owner(address)
	switch {
	case a.out.ToAutomatic:
		return errs.Say("Not sent: a machine wrote the mail that this would answer."), nil
	case ours:
		return errs.Say("Not sent: automatic mail never goes to your own addresses."), nil
	case robots[local]:
		return errs.Say("Not sent: nobody reads mail to this address."), nil
	}
	gone, err := bouncedForGood(ctx, tx, folded)
	if err != nil {
		return errs.Text{}, err
	}
	if gone {
		return errs.Say("Not sent: this address takes no mail."), nil
	}
	hour, day, err := automaticSince(ctx, tx, folded, a.Now().Add(-time.Hour), a.Now().AddDate(0, 0, -1))
	if err != nil {
		return errs.Text{}, err
	}
	if hour >= automaticPerHour || day >= automaticPerDay {
		return errs.Say("Not sent: this address has had too many automatic mails. Two machines may be answering each other."), nil
	}
	return errs.Text{}, noteAutomatic(ctx, tx, folded, a.Now())
}

// robots are local parts behind which nobody reads.
var robots = map[string]bool{"mailer-daemon": true, "no-reply": true, "noreply": true, "no_reply": true, "donotreply": true, "do-not-reply": true, "do_not_reply": true}
