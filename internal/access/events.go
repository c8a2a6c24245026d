package access

import (
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/event"
)

// Changed says that sessions, keys or rights of an agent have changed. It is for
// the nodes alone: they read the agent anew and look at open connections again.
const Changed event.Type = "access.changed"

// whose is the data of [Changed].
type whose struct {
	Agent int64 `json:"agent_id"` // 0 = anybody's
}

func changed(by *Actor, agent int64) event.Event {
	e := event.Event{Type: Changed, ActorType: "system"}
	if by != nil && !by.System {
		e.ActorType, e.ActorID = "agent", by.AgentID
	}
	e.Data, _ = json.Marshal(whose{agent}) // one number
	return e
}

// ChangedAgent is the agent of a [Changed] event, 0 = anybody.
func ChangedAgent(e event.Event) int64 {
	var w whose
	_ = json.Unmarshal(e.Data, &w) // anybody is right when it cannot be read
	return w.Agent
}
