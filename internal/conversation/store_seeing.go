package conversation

import "github.com/deskbell/deskbell/internal/access"

// SeesEverything tells whether the actor sees every conversation, so that
// nothing has to be tested.
func SeesEverything(a *access.Actor) bool { return a.System || a.Scope.Everything }

// Visible is the rule of seeing as an SQL condition on a conversation with the
// given prefix, such as "c.": by scope, as its assignee, as a follower or
// because the actor was mentioned.
func Visible(a *access.Actor, prefix string) (string, []any) {
	if SeesEverything(a) {
		return "1 = 1", nil
	}
	scope, args := a.Scope.Where(prefix)
	return "(" + scope + " OR " + prefix + "assignee_id = ? OR EXISTS (SELECT 1 FROM conversation_follower w WHERE w.conversation_id = " +
		prefix + "id AND w.agent_id = ?))", append(args, a.AgentID, a.AgentID)
}
