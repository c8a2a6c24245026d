package access

import (
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Level is how much of an inbox an agent sees.
type Level string

// The levels, from nothing to everything.
const (
	None Level = "none"
	Own  Level = "own"  // conversations assigned to the agent
	Team Level = "team" // and those of the agent's teams
	Any  Level = "all"
)

// Scope is what one actor sees. It reads no conversation table: the
// conversation store adds what the actor follows or was mentioned in.
type Scope struct {
	Everything bool            // all inboxes at level all, present and future
	Inboxes    map[int64]Level // level of each inbox, absent = none
	Agent      int64
	Teams      []int64
}

// Level is how much of the inbox is visible.
func (s Scope) Level(inbox int64) Level {
	if s.Everything {
		return Any
	}
	if l, ok := s.Inboxes[inbox]; ok {
		return l
	}
	return None
}

// Sees tells whether something with these columns is visible; 0 = no team, no assignee.
func (s Scope) Sees(inbox, team, assignee int64) bool {
	switch s.Level(inbox) {
	case Any:
		return true
	case Team:
		return assignee != 0 && assignee == s.Agent || team != 0 && slices.Contains(s.Teams, team)
	case Own:
		return assignee != 0 && assignee == s.Agent
	}
	return false
}

// InboxesAt lists the inboxes of a level in ascending order.
func (s Scope) InboxesAt(l Level) []int64 {
	var out []int64
	for id, have := range s.Inboxes {
		if have == l {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// Where is the scope as an SQL condition over columns inbox_id, team_id and
// assignee_id with the given prefix, such as "c.".
func (s Scope) Where(prefix string) (string, []any) {
	if s.Everything {
		return "1 = 1", nil
	}
	var or []string
	var args []any
	in := func(column string, ids []int64) string {
		for _, id := range ids {
			args = append(args, id)
		}
		return prefix + column + " IN (" + db.Marks(len(ids)) + ")"
	}
	if any := s.InboxesAt(Any); len(any) > 0 {
		or = append(or, in("inbox_id", any))
	}
	if team := s.InboxesAt(Team); len(team) > 0 {
		cond := "(" + in("inbox_id", team) + " AND (" + prefix + "assignee_id = ?"
		args = append(args, s.Agent)
		if len(s.Teams) > 0 {
			cond += " OR " + in("team_id", s.Teams)
		}
		or = append(or, cond+"))")
	}
	if own := s.InboxesAt(Own); len(own) > 0 {
		or = append(or, "("+in("inbox_id", own)+" AND "+prefix+"assignee_id = ?)")
		args = append(args, s.Agent)
	}
	if len(or) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(or, " OR ") + ")", args
}
