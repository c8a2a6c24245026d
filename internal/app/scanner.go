package app

import (
	"context"
	"errors"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/clamd"
)

// scanning has files scanned where an admin named a scanner.
func (a *App) scanning() (err error) {
	if a.Clamd == "" {
		return nil
	}
	if a.scanner, err = clamd.New(a.Clamd); err != nil {
		return err
	}
	a.Conversations.Scanning = &conversation.Scanning{Look: a.scanner.Scan, Open: a.openFile, Pass: a.ClamdAway == "pass",
		Never: func(err error) bool { return errors.Is(err, clamd.ErrTooLarge) }}
	return nil
}

// patience with a scanner that is asked whether it is there.
const scannerPatience = 3 * time.Second

func (a *App) lookAtScanner(ctx context.Context) []Finding {
	if a.scanner == nil {
		return nil
	}
	n, err := a.Conversations.Unchecked(ctx)
	if err != nil {
		return unread("The files that were not scanned", err)
	}
	ctx, cancel := context.WithTimeout(ctx, scannerPatience)
	defer cancel()
	version, err := a.scanner.Version(ctx)
	if err != nil {
		mend := "Start clamd, or correct --clamd. Files wait until it answers; --clamd-away pass hands them out unchecked."
		if a.ClamdAway == "pass" {
			mend = "Start clamd, or correct --clamd. Files are handed out unchecked meanwhile."
		}
		return []Finding{wrong(mend, "The virus scanner at %s does not answer (%v), and %d files wait for it.", a.scanner, err, n)}
	}
	return []Finding{fine("The virus scanner answers (%s); %d files wait for it.", version, n)}
}

func (r reading) scanner(ctx context.Context) {
	if n, err := r.Conversations.Unchecked(ctx); err == nil {
		r.gauge(descUnchecked, float64(n))
	}
	if r.App.scanner == nil {
		r.gauge(descScanner, 1)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, scannerPatience)
	defer cancel()
	_, err := r.App.scanner.Version(ctx)
	r.gauge(descScanner, truth(err == nil))
}
