package conversation

import (
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// SideState of a side conversation.
type SideState string

// The states.
const (
	SideOpen SideState = "open"
	SideDone SideState = "done"
)

// Side is what is asked of somebody else about a conversation, such as its
// courier: mail of its own with a subject and people of its own. Whoever sees
// the conversation sees it; the customer never does.
type Side struct {
	ID           int64
	Conversation int64
	Origin       int64 // where it was started; another one after a merge
	Subject      string
	State        SideState
	Recipients   Recipients // to whom the next message goes
	Agent        int64      // who wrote in it last
	Awaited      bool       // the partner has the next word
	LastActivity time.Time
	CreatedAt    time.Time

	// What lists show, filled by reads alone.
	AgentName string
	Messages  int64
	Preview   string
}

// maxSides is how many side conversations one conversation has at most.
const maxSides = 100

// sent applies a message of ours.
func (s *Side) sent(agent int64, to Recipients, at time.Time) {
	s.Recipients = Recipients{To: to.To, Cc: to.Cc, From: to.From}
	s.State, s.Awaited = SideOpen, true
	if agent != 0 {
		s.Agent = agent
	}
	s.LastActivity = at
}

// answered applies a message of somebody who was written to: the next one goes to
// them, and everybody else they wrote to is in Cc.
func (s *Side) answered(from Person, others []Person, at time.Time) {
	rest := slices.Concat(s.Recipients.To, s.Recipients.Cc, others)
	s.Recipients.To, s.Recipients.Cc = []Person{from}, nil
	for _, p := range rest {
		if p.Address != "" && !hasAddress(s.Recipients.To, p.Address) && !hasAddress(s.Recipients.Cc, p.Address) && len(s.Recipients.Cc) < MaxRecipients-1 {
			s.Recipients.Cc = append(s.Recipients.Cc, p)
		}
	}
	s.arrived(at)
}

// arrived applies a message of anybody: somebody here has to look.
func (s *Side) arrived(at time.Time) {
	s.State, s.Awaited = SideOpen, false
	if at.After(s.LastActivity) {
		s.LastActivity = at
	}
}

// knows tells whether the address is of somebody who takes part.
func (s *Side) knows(address string) bool {
	return hasAddress(s.Recipients.To, address) || hasAddress(s.Recipients.Cc, address)
}

func hasAddress(list []Person, address string) bool {
	return slices.ContainsFunc(list, func(p Person) bool { return strings.EqualFold(p.Address, address) })
}

// chooseSide is the newest side conversation that the keys lead to inside the
// inbox or by our own ids, 0 = none.
func chooseSide(inbox int64, leads []found) (id int64) {
	for _, f := range leads {
		if f.inbox == inbox || f.inbox == ownKeys {
			id = max(id, f.side)
		}
	}
	return id
}

func errNoSide() error { return errs.New(errs.NotFound, "There is no such side conversation.") }

func validSideState(s SideState) error {
	if s != SideOpen && s != SideDone {
		return errs.InvalidField("body.state", "The state must be open or done.")
	}
	return nil
}
