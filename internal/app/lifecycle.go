package app

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// stopping tells readyz that no new work should come.
type stopping struct{ atomic.Bool }

// Run serves until ctx ends, then stops in order: no new requests, workers
// finish what they have, and the data is closed.
func (a *App) Run(ctx context.Context) (err error) {
	defer a.Close()
	workers, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wg sync.WaitGroup
	failed := make(chan error, 8)
	start := func(name string, run func(context.Context) error) {
		wg.Go(func() {
			if err := run(workers); err != nil && workers.Err() == nil {
				a.Log.Error("a part of the program stopped", "part", name, "error", err)
				failed <- err
			}
		})
	}
	if bus, ok := a.Bus.(interface{ Run(context.Context) error }); ok {
		start("bus", bus.Run)
	}
	start("realtime", a.Hub.Run)
	start("jobs", a.Jobs.Run)
	start("access", a.Access.Run)
	start("mail", a.Email.Run)
	start("housekeeping", a.housekeeping)
	start("memory", giveBack)
	if err := a.doors(start); err != nil {
		stop()
		wg.Wait()
		return err
	}
	if a.outbox != nil {
		start("outbox", func(ctx context.Context) error { return a.Outbox.Serve(ctx, a.outbox) })
	}
	server := a.server()
	start("http", func(context.Context) error { return a.serve(server) })

	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	a.stopping.Store(true)
	if err == nil {
		server.SetKeepAlivesEnabled(false) // clients that come back find another node
		err = a.drain(failed)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	stop()
	if server.Shutdown(end) != nil {
		_ = server.Close()
	}
	wg.Wait()
	return err
}

// drain goes on working while readyz says 503 already, so that a load balancer
// has seen it before connections are refused.
func (a *App) drain(failed <-chan error) error {
	timer := time.NewTimer(a.Drain)
	defer timer.Stop()
	select {
	case err := <-failed:
		return err
	case <-timer.C:
		return nil
	}
}

// doors opens the SMTP and LMTP listeners that were asked for.
func (a *App) doors(start func(string, func(context.Context) error)) error {
	for _, d := range []struct {
		addr, flag string
		lmtp       bool
	}{{a.SMTPAddr, "--smtp-addr", false}, {a.LMTPAddr, "--lmtp-addr", true}} {
		if d.addr == "" {
			continue
		}
		on, err := net.Listen("tcp", d.addr)
		if err != nil {
			return errs.Newf(errs.Unavailable, "Nothing can listen at %s, which %s asks for: another program may use that port.", d.addr, d.flag).Because(err)
		}
		door := a.Email.Listener(d.lmtp)
		start(d.flag, func(ctx context.Context) error { return door.Serve(ctx, on) })
	}
	return nil
}

func (a *App) server() *http.Server {
	s := &http.Server{Handler: a.API.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	if a.certificate != nil {
		s.TLSConfig = a.certificate.config()
	}
	return s
}

func (a *App) serve(s *http.Server) (err error) {
	if a.certificate != nil {
		err = s.ServeTLS(a.listener, "", "")
	} else {
		err = s.Serve(a.listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// purgeSpam deletes spam and trash that have lain for as long as an admin wants them kept.
func (a *App) purgeSpam(ctx context.Context) error {
	spam, trash, err := a.Senders.KeepDays(ctx)
	if err == nil && spam > 0 {
		_, err = a.Conversations.PurgeSpam(ctx, a.Now().AddDate(0, 0, -spam), 1000)
	}
	if err == nil && trash > 0 {
		_, err = a.Conversations.PurgeTrash(ctx, a.Now().AddDate(0, 0, -trash), 1000)
	}
	return err
}

// housekeeping is what happens by the clock, each on one node of all.
func (a *App) housekeeping(ctx context.Context) error {
	var wg sync.WaitGroup
	every := func(name string, period time.Duration, do func(ctx context.Context) error) {
		wg.Go(func() {
			_ = a.Leases.Every(ctx, name, period, func(ctx context.Context, _ int64) error { return do(ctx) })
		})
	}
	every("counter.fold", time.Second, func(ctx context.Context) error {
		_, err := counter.Fold(ctx, a.DB, 20_000)
		return err
	})
	every("conversation.wake", 5*time.Second, func(ctx context.Context) error {
		_, err := a.Conversations.WakeSnoozed(ctx, 100)
		return err
	})
	every("notification.mail", 5*time.Second, func(ctx context.Context) error {
		_, err := a.Notifications.PlanMails(ctx, 200)
		return err
	})
	every("retention", time.Hour, a.unlessDoubted(a.retain))
	every("spam.purge", time.Hour, a.unlessDoubted(a.purgeSpam))
	every("mail.sealed", time.Hour, a.unlessDoubted(a.removeSealed))
	every("blob.sweep", 6*time.Hour, a.unlessDoubted(a.sweepBlobs))
	every("privacy.expire", time.Hour, a.unlessDoubted(a.Privacy.Expire))
	every("mail.pulse", 5*time.Minute, a.Email.Pulse.Look)
	every("consent.renew", time.Minute, a.Consents.RenewDue)
	every("storage.measure", time.Hour, a.Storage.MeasureIfDue)
	every("search.reindex", time.Minute, func(ctx context.Context) error {
		_, err := a.Search.Reindex(ctx, 200)
		return err
	})
	every("search.scrub", time.Hour, a.Search.Scrub)
	every("search.old_files", 10*time.Second, func(ctx context.Context) error {
		_, err := a.Search.ReadOldFiles(ctx, 200)
		return err
	})
	wg.Wait()
	return nil
}

// removeSealed deletes files with card numbers, and the raw form of mails that held one.
func (a *App) removeSealed(ctx context.Context) error {
	n, err := a.Email.RemoveSealed(ctx)
	if n > 0 {
		a.Log.Info("raw mail with card numbers was deleted", "count", n)
	}
	return errors.Join(err, a.RemoveSealedFiles(ctx))
}

const removedTogether = 200

// RemoveSealedFiles deletes files with card numbers whose time is over.
func (a *App) RemoveSealedFiles(ctx context.Context) error {
	for {
		keys, err := a.Conversations.RemoveSealed(ctx, removedTogether)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := a.Blobs.Delete(ctx, key); err != nil {
				a.Log.Warn("a file with a card number is swept later", "error", err)
			}
		}
		if len(keys) < removedTogether {
			return nil
		}
	}
}

// sweepBlobs deletes what a killed program left without a row.
func (a *App) sweepBlobs(ctx context.Context) error {
	n, err := a.Blobs.Sweep(ctx, a.Now(), func(ctx context.Context, keys []string) (map[string]bool, error) {
		files, err := a.Conversations.Blobs(ctx, keys)
		if err != nil {
			return nil, err
		}
		saved, err := a.Replies.Blobs(ctx, keys)
		if err != nil {
			return nil, err
		}
		exports, err := a.Privacy.OwnsBlobs(ctx, keys)
		if err != nil {
			return nil, err
		}
		mails, err := email.Blobs(ctx, a.DB, keys)
		maps.Copy(files, saved)
		maps.Copy(files, exports)
		maps.Copy(files, mails)
		return files, err
	})
	if n > 0 {
		a.Log.Info("blobs without a row were deleted", "count", n)
	}
	return err
}
