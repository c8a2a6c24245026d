package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
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
		if k.ID, err = insertKey(ctx, tx, k, hashOf(key)); err != nil {
			return err
		}
		if err := s.auditKey(ctx, tx, "api_key.created", nil, &k); err != nil || done == nil {
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
	return k, mayGive(by, "body.scopes", k.Scopes)
}

// mayGive refuses permissions that do not exist, or that the giver does not have.
func mayGive(by *Actor, location string, list []Permission) error {
	for _, p := range list {
		if !slices.Contains(All, p) {
			return errs.InvalidFieldf(location, "There is no permission %s.", clip(string(p), 60))
		}
		if !by.May(p) {
			return errs.Newf(errs.Forbidden, "You cannot give a permission that you do not have: %s.", p)
		}
	}
	return nil
}

// auditedKey is what the audit log keeps of a key.
type auditedKey struct {
	Agent     int64        `json:"agent_id"`
	Name      string       `json:"name"`
	Prefix    string       `json:"prefix"`
	Scopes    []Permission `json:"scopes"`
	ExpiresAt *time.Time   `json:"expires_at"`
}

func (s *Service) auditKey(ctx context.Context, tx *db.Tx, action string, before, after *APIKey) error {
	e := audit.Entry{Action: action, Subject: "api_key"}
	of := func(k *APIKey) auditedKey {
		e.ID, e.Name = k.ID, k.Name
		return auditedKey{k.Agent, k.Name, k.Prefix, append([]Permission{}, k.Scopes...), web.MaybeTime(k.ExpiresAt)}
	}
	if before != nil {
		e.Before = of(before)
	}
	if after != nil {
		e.After = of(after)
	}
	return audit.RecordTx(ctx, tx, s.cfg.Now(), e)
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
		was, err := readKey(ctx, tx, id)
		if err != nil {
			return err
		}
		agent, err := deleteKey(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.endedTx(ctx, tx, agent); err != nil {
			return err
		}
		return s.auditKey(ctx, tx, "api_key.revoked", &was, nil)
	})
}
