package access

import (
	"sync"
	"time"
)

// remembered is for how long a credential and an agent are not read again. A
// change on this node is seen at once, one made by another node after this.
const remembered = 3 * time.Second

const maxRemembered = 10_000

// credential is a session or a key as the database has it.
type credential struct {
	session, key int64 // one of them is set
	agent        int64
	scopes       []Permission // of a key, nil = all that the agent may
	expires      time.Time    // zero = never
	used         time.Time    // last written use
	created      time.Time
}

// cache keeps both for a moment, so that a request does not read five tables.
type cache struct {
	mu          sync.Mutex
	credentials map[hash]*known
	agents      map[int64]*Actor
	read        map[int64]time.Time
	changes     uint64
}

type known struct {
	credential
	at    time.Time
	base  *Actor // the agent that actor was made from
	actor *Actor
}

func (c *cache) find(h hash, now time.Time) (known, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.credentials[h]
	if k == nil || now.Sub(k.at) >= remembered || now.Before(k.at) {
		return known{}, false
	}
	return *k, true
}

func (c *cache) keep(h hash, k known, seen uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != seen {
		return // read before a change: do not outlive it
	}
	if c.credentials == nil || len(c.credentials) >= maxRemembered {
		c.credentials = map[hash]*known{}
	}
	c.credentials[h] = &k
}

func (c *cache) agent(id int64, now time.Time) (*Actor, uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.agents[id]
	if a == nil || now.Sub(c.read[id]) >= remembered || now.Before(c.read[id]) {
		return nil, c.changes
	}
	return a, c.changes
}

func (c *cache) keepAgent(a *Actor, now time.Time, seen uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != seen {
		return
	}
	if c.agents == nil || len(c.agents) >= maxRemembered {
		c.agents, c.read = map[int64]*Actor{}, map[int64]time.Time{}
	}
	c.agents[a.AgentID], c.read[a.AgentID] = a, now
}

func (c *cache) seen() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// Forget makes the next request of the agent read everything again; 0 means of
// every agent, which is right when an inbox or its members changed.
func (s *Service) Forget(agent int64) {
	c := &s.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	if agent == 0 {
		c.credentials, c.agents = nil, nil
		return
	}
	delete(c.agents, agent)
	for h, k := range c.credentials {
		if k.agent == agent {
			delete(c.credentials, h)
		}
	}
}

// used collects when sessions and keys were used, until it is written.
type used struct {
	mu             sync.Mutex
	sessions, keys map[int64]time.Time
}

func (u *used) note(c credential, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.keys == nil {
		u.sessions, u.keys = map[int64]time.Time{}, map[int64]time.Time{}
	}
	if c.key != 0 {
		u.keys[c.key] = at
	} else {
		u.sessions[c.session] = at
	}
}

func (u *used) take() (sessions, keys map[int64]time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	sessions, keys = u.sessions, u.keys
	u.sessions, u.keys = nil, nil
	return sessions, keys
}
