package app

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/platform/db"
)

const (
	// maxDrift is far below the 15 seconds after which a node loses its leases.
	maxDrift = 5 * time.Second
	// maxMailDrift is what the clocks of mail servers may be wrong themselves.
	maxMailDrift = 2 * time.Minute
	// slowMail is longer than a mail waits in its mailbox while we watch it.
	slowMail = 30 * time.Minute
	// enoughMails must agree that the clock is ahead: one may have waited.
	enoughMails = 10
)

const setClock = "Let the machine take its time from the network (timedatectl set-ntp true)."

func (a *App) lookAtClock(ctx context.Context) []Finding {
	ahead, err := clockAhead(ctx, a.DB, a.Now)
	if err != nil {
		return unread("The clock of the database", err)
	}
	const mend = "Let both machines take their time from the network (timedatectl set-ntp true)."
	mails := a.lookAtMailClock(ctx)
	switch {
	case a.DB.Dialect == db.SQLite && ahead < -maxDrift:
		return append(mails, wrong("Set the clock right (timedatectl set-ntp true): what was written later seems to lie in the future.", "The clock of this machine was set back: the newest entry is %s ahead of it.", -ahead.Round(time.Second)))
	case a.DB.Dialect == db.SQLite:
		return append(mails, fine("The clock of this machine goes on from the newest entry."))
	case ahead > maxDrift:
		return append(mails, wrong(mend, "The clock of this machine is %s ahead of the database's.", ahead.Round(time.Second)))
	case ahead < -maxDrift:
		return append(mails, wrong(mend, "The clock of this machine is %s behind the database's.", -ahead.Round(time.Second)))
	}
	return append(mails, fine("The clocks of this machine and of the database agree."))
}

// lookAtMailClock compares the clock with those of the mail servers: each says
// when a mail came to it, which is before we had it. Nobody is asked for that.
func (a *App) lookAtMailClock(ctx context.Context) []Finding {
	quickest, mails, err := email.QuickestMail(ctx, a.DB)
	switch {
	case err != nil:
		return unread("When the newest mails came in", err)
	case mails == 0:
		return nil
	case quickest < -maxMailDrift:
		return []Finding{wrong(setClock, "The clock of this machine is about %s behind those of the mail servers.", -quickest.Round(time.Second))}
	case quickest > slowMail && mails >= enoughMails:
		return []Finding{wrong(setClock+" If the time is right, look at the inbox's connection.",
			"The clock of this machine is about %s ahead of those of the mail servers, or mail comes in that late.", quickest.Round(time.Second))}
	}
	return []Finding{fine("The clock of this machine fits those of the mail servers (%d mails compared).", mails)}
}
