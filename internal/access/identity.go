package access

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

var (
	errSession = errs.New(errs.Unauthorized, "You were signed out. Sign in again.")
	errKey     = errs.New(errs.Unauthorized, "This API key is not known, was revoked or has expired.")
)

// useEvery is how often the use of a session or key is written at most.
const useEvery = time.Minute

// BySession is the actor of a session token; an unknown or expired one is
// unauthorized. The actor is shared: nobody changes it.
func (s *Service) BySession(ctx context.Context, token string) (*Actor, error) {
	return s.by(ctx, hashOf("session "+token), errSession, func() (credential, error) {
		return findSession(ctx, s.cfg.DB, hashOf(token))
	})
}

// ByKey is the actor of an API key, as [Service.BySession].
func (s *Service) ByKey(ctx context.Context, key string) (*Actor, error) {
	return s.by(ctx, hashOf("key "+key), errKey, func() (credential, error) {
		return findKey(ctx, s.cfg.DB, hashOf(key))
	})
}

// by finds a credential; kind and token together are its name in the cache.
func (s *Service) by(ctx context.Context, h hash, unknown error, find func() (credential, error)) (*Actor, error) {
	now := s.cfg.Now()
	k, ok := s.cache.find(h, now)
	if !ok {
		seen := s.cache.seen()
		c, err := find()
		if errs.Is(err, errs.NotFound) {
			return nil, unknown
		}
		if err != nil {
			return nil, err
		}
		k = known{credential: c, at: now}
		defer func() { s.cache.keep(h, k, seen) }()
	}
	if !k.expires.IsZero() && !now.Before(k.expires) {
		return nil, unknown
	}
	base, err := s.agent(ctx, k.agent)
	if errs.Is(err, errs.NotFound) {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	if k.base != base {
		k.base, k.actor = base, k.credential.actor(base)
	}
	if now.Sub(k.used) >= useEvery || now.Before(k.used) {
		k.used = now
		s.used.note(k.credential, now)
		s.cache.keep(h, k, s.cache.seen())
	}
	return k.actor, nil
}

// actor is the agent as seen through this credential.
func (c credential) actor(base *Actor) *Actor {
	a := *base
	a.SessionID, a.KeyID = c.session, c.key
	if c.key != 0 {
		a.UndoSeconds = 0 // a program does not change its mind
		a.MustSetUp = false
	}
	if c.scopes != nil {
		a.Permissions = map[Permission]bool{}
		for _, p := range c.scopes {
			if base.Permissions[p] {
				a.Permissions[p] = true
			}
		}
	}
	return &a
}

// Agent is the actor of an active agent without session or key, for work that
// is done in their name. An inactive or unknown one is not found.
func (s *Service) Agent(ctx context.Context, id int64) (*Actor, error) { return s.agent(ctx, id) }

func (s *Service) agent(ctx context.Context, id int64) (_ *Actor, err error) {
	defer errs.Wrap(&err, "read who agent %d is", id)
	now := s.cfg.Now()
	a, seen := s.cache.agent(id, now)
	if a != nil {
		return a, nil
	}
	if a, err = s.load(ctx, id); err != nil {
		return nil, err
	}
	s.cache.keepAgent(a, now, seen)
	return a, nil
}

func (s *Service) load(ctx context.Context, id int64) (*Actor, error) {
	m, err := s.cfg.Team.Agent(ctx, id)
	if err != nil {
		return nil, err
	}
	if !m.Active {
		return nil, errs.New(errs.NotFound, "This agent is not active.")
	}
	a := &Actor{AgentID: m.ID, Name: m.Name, Email: m.Email, Locale: m.Locale, UndoSeconds: m.UndoSeconds,
		Permissions: map[Permission]bool{}, Scope: Scope{Agent: m.ID, Teams: m.Teams}}
	for _, p := range m.Role.Permissions {
		a.Permissions[Permission(p)] = true
	}
	if a.MustSetUp, err = s.mustSetUp(ctx, id); err != nil {
		return nil, err
	}
	a.Scope.Everything = a.Permissions[ConversationsSeeAll]
	if a.Scope.Everything {
		return a, nil
	}
	a.Scope.Inboxes, err = inboxLevels(ctx, s.cfg.DB, id)
	return a, err
}

// mustSetUp tells whether everybody needs a second step and this agent has none.
func (s *Service) mustSetUp(ctx context.Context, agent int64) (bool, error) {
	required, err := secondStepRequired(ctx, s.cfg.DB)
	if err != nil || !required {
		return false, err
	}
	t, err := readTOTP(ctx, s.cfg.DB, agent, "")
	return !t.confirmed(), err
}

// Recheck reads a long-lived caller again: unauthorized when the session or key
// has ended meanwhile, forbidden when they have yet to set up the second step.
func (s *Service) Recheck(ctx context.Context, was *Actor) (a *Actor, err error) {
	c, err := findByID(ctx, s.cfg.DB, was.SessionID, was.KeyID)
	if errs.Is(err, errs.NotFound) || err == nil && !c.expires.IsZero() && !s.cfg.Now().Before(c.expires) {
		return nil, errSession
	}
	if err != nil {
		return nil, err
	}
	base, err := s.agent(ctx, c.agent)
	if errs.Is(err, errs.NotFound) {
		return nil, errSession
	}
	if err != nil {
		return nil, err
	}
	a = c.actor(base)
	if a.MustSetUp {
		return nil, errSetUpFirst
	}
	return a, nil
}
