package access

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/team"
)

// Config connects the service.
type Config struct {
	DB   *db.DB
	Team *team.Service
	Now  func() time.Time
	Log  *slog.Logger
	// PublicURL is where links point to, without a slash at the end. https makes
	// the cookie Secure.
	PublicURL string
	Version   string
	Demo      bool
	// Secrets seals what the second step is computed from.
	Secrets Sealer
	// Jobs takes work that runs later; nil = there are none, as on the command line.
	Jobs *job.Queue
	// Ended is told after a commit that an agent's sessions, keys or rights may
	// have ended (0 = anybody's), for other nodes and open connections.
	Ended func(agent int64)
	// Feed gets [Changed] in the transaction of the change; nil = nobody follows it.
	Feed *event.Feed
}

// Sealer encrypts what only the program may read. A sealed value opens for its
// table, column and row alone.
type Sealer interface {
	Seal(table, column string, row int64, plain []byte) []byte
	Open(table, column string, row int64, sealed []byte) ([]byte, error)
}

// Service knows who calls and lets people in.
type Service struct {
	cfg       Config
	passwords *passwords
	mail      Mailer
	cache     cache
	used      used
	owned     atomic.Bool // an owner exists, which never becomes untrue
}

// New makes the service.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	s := &Service{cfg: cfg, passwords: newPasswords()}
	cfg.Team.OnChange(s.endedTx)
	cfg.Team.OnRevoke(func(ctx context.Context, tx *db.Tx, agent int64) error {
		return endSessions(ctx, tx, agent, 0)
	})
	cfg.Team.OnLeave(func(ctx context.Context, tx *db.Tx, agent int64) error {
		return s.revokeAllTx(ctx, tx, agent)
	})
	return s
}

// endedTx says in the feed that an agent's sessions, keys or rights have changed
// (0 = anybody's), so that no node can miss it, and after the commit makes this
// node read the agent anew and tells everybody else at once.
func (s *Service) endedTx(ctx context.Context, tx *db.Tx, agent int64) error {
	tx.AfterCommit(func() {
		s.Forget(agent)
		if s.cfg.Ended != nil {
			s.cfg.Ended(agent)
		}
	})
	if s.cfg.Feed == nil {
		return nil
	}
	return s.cfg.Feed.Publish(ctx, tx, changed(From(ctx), agent))
}

// Need refuses the caller of ctx without the permission; "" asks only for a sign-in.
func Need(ctx context.Context, permission string) error {
	a := From(ctx)
	if permission == "" && a != nil {
		if a.MustSetUp {
			return errSetUpFirst
		}
		return nil
	}
	return a.Need(Permission(permission))
}

// Seed adds the roles of a fresh installation where they are missing.
func (s *Service) Seed(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "seed the roles")
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.cfg.Team.SeedRolesTx(ctx, tx, roles()); err != nil {
			return err
		}
		return s.grantNewTx(ctx, tx)
	})
}

// granted is the setting that names what [added] has been given already.
const granted = "access.granted"

// grantNewTx gives roles of an older installation what came into the program
// since, once: whoever takes it away again afterwards means it.
func (s *Service) grantNewTx(ctx context.Context, tx *db.Tx) error {
	done, err := db.Setting(ctx, tx, granted)
	if err != nil {
		return err
	}
	for _, n := range added {
		if strings.Contains(done, string(n.permission)) {
			continue
		}
		if err := s.cfg.Team.GrantTx(ctx, tx, string(n.having), string(n.permission)); err != nil {
			return err
		}
		done += " " + string(n.permission)
	}
	return db.SetSetting(ctx, tx, granted, strings.TrimSpace(done))
}

// Run writes when sessions and keys were used and forgets what has expired,
// until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			return s.Flush(last)
		case <-t.C:
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				s.cfg.Log.Warn("the use of sessions and keys was not written", "error", err)
			}
		}
	}
}

// Flush is one round of [Service.Run].
func (s *Service) Flush(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "write the use of sessions and keys")
	sessions, keys := s.used.take()
	now := s.cfg.Now()
	stale, err := someExpired(ctx, s.cfg.DB, now)
	if err != nil || len(sessions) == 0 && len(keys) == 0 && !stale {
		return err
	}
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		for id, at := range sessions {
			agent, err := touchSession(ctx, tx, id, at)
			if err != nil {
				return err
			}
			if agent == 0 {
				continue // it has ended meanwhile
			}
			if err := s.cfg.Team.SeenTx(ctx, tx, agent, at); err != nil {
				return err
			}
		}
		for id, at := range keys {
			if err := touchKey(ctx, tx, id, at); err != nil {
				return err
			}
		}
		return deleteExpired(ctx, tx, now)
	})
}
