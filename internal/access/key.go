package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// APIKey lets a program act for an agent.
type APIKey struct {
	ID         int64
	Agent      int64
	Name       string
	Prefix     string
	Scopes     []Permission // empty = all that the agent may
	CreatedAt  time.Time
	LastUsedAt time.Time // zero = never; written at most once a minute
	ExpiresAt  time.Time // zero = never
}

// CreateAPIKey makes a key for an agent and returns it in full, which happens
// only here. by may give no scope that they do not have themselves. done runs
// last in the transaction and may be nil.
func (s *Service) CreateAPIKey(ctx context.Context, by *Actor, k APIKey, done func(*db.Tx, APIKey, string) error) (_ APIKey, key string, err error) {
	defer errs.Wrap(&err, "create an API key")
	if k, err = s.checkKey(by, k); err != nil {
		return APIKey{}, "", err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.cfg.Team.AgentTx(ctx, tx, k.Agent)
		if err != nil {
			return err
		}
		if !a.Active {
			return errs.New(errs.Invalid, "This agent is not active, so a key would not work.")
		}
		key = newKey()
		k.Prefix = key[:len(keyPrefix)+8]
		if k.ID, err = insertKey(ctx, tx, k, hashOf(key)); err != nil || done == nil {
			return err
		}
		return done(tx, k, key)
	})
	return k, key, err
}

func (s *Service) checkKey(by *Actor, k APIKey) (APIKey, error) {
	k.Name = strings.TrimSpace(k.Name)
	if k.Name == "" || len(k.Name) > 200 {
		return k, errs.InvalidField("body.name", "A key has a name of 1 to 200 bytes.")
	}
	k.CreatedAt = s.cfg.Now()
	if !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(k.CreatedAt) {
		return k, errs.InvalidField("body.expires_at", "This lies in the past.")
	}
	if by.KeyID != 0 && len(k.Scopes) == 0 {
		return k, errs.InvalidField("body.scopes", "A key that makes a key must say what the new one may do.")
	}
	for _, p := range k.Scopes {
		if !slices.Contains(All, p) {
			return k, errs.InvalidFieldf("body.scopes", "There is no permission %s.", clip(string(p), 60))
		}
		if !by.May(p) {
			return k, errs.Newf(errs.Forbidden, "You cannot give a permission that you do not have: %s.", p)
		}
	}
	return k, nil
}

// APIKeys lists all keys, newest first.
func (s *Service) APIKeys(ctx context.Context, before int64, limit int) (_ []APIKey, err error) {
	defer errs.Wrap(&err, "list API keys")
	return readKeys(ctx, s.cfg.DB, before, limit)
}

// RevokeAPIKey makes a key useless.
func (s *Service) RevokeAPIKey(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "revoke API key %d", id)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		agent, err := deleteKey(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.AfterCommit(func() { s.Forget(agent) })
		return nil
	})
}
