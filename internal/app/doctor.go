package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/disk"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// Finding is one thing that was looked at.
type Finding struct {
	OK       bool
	Sentence string // what is so
	Mend     string // what to do about it, "" when it is all right
}

// Doctor looks at data, mailboxes, ledger and jobs, and says how to mend what
// is wrong. It changes nothing.
func (a *App) Doctor(ctx context.Context) []Finding {
	var out []Finding
	for _, look := range []func(context.Context) []Finding{a.lookAtSchema, a.lookAtDatabase, a.lookAtDisk, a.lookAtKey,
		a.lookAtClock, a.lookAtNATS, a.lookAtSizes, a.lookAtFiles, a.lookAtScanner, a.lookAtInboxes, a.lookAtDNS, a.lookAtLedger, a.lookAtJobs} {
		out = append(out, look(ctx)...)
	}
	return out
}

func fine(format string, args ...any) Finding {
	return Finding{OK: true, Sentence: fmt.Sprintf(format, args...)}
}

func wrong(mend, format string, args ...any) Finding {
	return Finding{Sentence: fmt.Sprintf(format, args...), Mend: mend}
}

func unread(what string, err error) []Finding {
	return []Finding{wrong("Look at the program's log; if the database is damaged, restore a backup.", "%s could not be read: %v", what, err)}
}

func (a *App) lookAtDisk(context.Context) []Finding {
	out := []Finding{lookAtFolder(a.Data)}
	if files := a.Blobs.Dir(); files != "" && !within(files, a.Data) {
		out = append(out, lookAtFolder(files))
	}
	return out
}

// within tells that a folder lies in another one, and so most likely on its disk.
func within(dir, parent string) bool {
	parent, err := filepath.Abs(parent)
	return err == nil && strings.HasPrefix(dir, parent+string(filepath.Separator))
}

func lookAtFolder(dir string) Finding {
	space, err := disk.Of(dir)
	if err != nil {
		return unread("The disk of "+dir, err)[0]
	}
	gib := float64(space.Free) / (1 << 30)
	switch {
	case space.ReadOnly:
		return wrong("Look why (dmesg tells when the disk is failing), mend it and mount it read-write: no mail is taken until then.", "The disk of %s can only be read.", dir)
	case space.Low():
		return wrong("Make room: no mail is taken until there is some. What is on its way waits where it is.", "The disk of %s is almost full: %.1f GiB are free.", dir, gib)
	}
	probe, err := os.CreateTemp(dir, ".doctor-")
	if err != nil {
		return wrong("Give the program's user the right to write there.", "The folder %s cannot be written.", dir)
	}
	probe.Close()
	os.Remove(probe.Name())
	return fine("The disk of %s has %.1f GiB free and can be written.", dir, gib)
}

func (a *App) lookAtKey(context.Context) []Finding {
	if a.Key == "" && secret.Exposed(a.KeyFile) {
		return []Finding{wrong("Run: chmod 600 "+a.KeyFile, "The key file %s can be read by others on this machine.", a.KeyFile)}
	}
	return []Finding{fine("The secret key fits the database.")}
}

func (a *App) lookAtInboxes(ctx context.Context) []Finding {
	inboxes, err := a.Inboxes.List(ctx, false)
	if err != nil {
		return unread("The list of inboxes", err)
	}
	if len(inboxes) == 0 {
		return []Finding{fine("No inbox is connected yet.")}
	}
	var out []Finding
	for _, i := range inboxes {
		h, err := a.Health(ctx, i)
		switch {
		case err != nil:
			out = append(out, unread("The state of inbox "+i.Address, err)...)
		case h.State == "error":
			out = append(out, wrong("Open Settings, Email inboxes, and test the connection.", "Mail of %s does not come in since %s: %s", i.Address, h.LastErrorAt.Format(time.RFC3339), h.LastError))
		case h.State == "quiet":
			out = append(out, wrong("Send a mail to it and see whether it comes in; look at forwarding and filters of the mailbox.",
				"No mail came to %s since %s, longer than in the last two weeks.", i.Address, h.LastMailAt.Format(time.RFC3339)))
		case h.Sending.LastError != "":
			out = append(out, wrong("Open Settings, Email inboxes, and test the connection.", "Mail of %s does not go out: %s", i.Address, h.Sending.LastError))
		default:
			out = append(out, fine("Inbox %s is all right.", i.Address))
		}
	}
	return out
}

func (a *App) lookAtLedger(ctx context.Context) []Finding {
	b, err := a.Ledger.Balance(ctx, false)
	if err != nil {
		return unread("The ledger", err)
	}
	if b.Balanced {
		return []Finding{fine("The ledger balances: %d messages received, %d on their way in, %d on their way out.", b.Counts["received"], b.PendingIn, b.PendingOut)}
	}
	out := []Finding{wrong("Each message that is missing is named below; dead ones can be retried in Settings, Jobs.", "The ledger does not balance: %d gaps.", len(b.Gaps))}
	for _, g := range b.Gaps {
		out = append(out, wrong("", "Inbox %d, ledger row %d, UID %d is %s since %s: %s", g.Inbox, g.Ledger, g.UID, g.Stage, g.Since.Format(time.RFC3339), g.Reason))
	}
	return out
}

func (a *App) lookAtJobs(ctx context.Context) []Finding {
	counts, err := a.Jobs.Counts(ctx)
	if err != nil {
		return unread("The jobs", err)
	}
	if n := counts[job.Dead]; n > 0 {
		return []Finding{wrong("Look at them in Settings, Jobs, mend the cause and retry them.", "%d jobs were given up.", n)}
	}
	return []Finding{fine("%d jobs wait, none was given up.", counts[job.Waiting])}
}
