package realtime

import (
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/event"
)

// frame is what travels: {id, type, data}. The id is the feed's cursor; what is
// not in the feed has none.
type frame struct {
	ID    string     `json:"id,omitempty"`
	Type  string     `json:"type"`
	Actor *actorJSON `json:"actor,omitempty"`
	Data  any        `json:"data,omitempty"`
}

type actorJSON struct {
	Type string `json:"type"`
	ID   int64  `json:"id,omitempty"`
}

// entry is an event with its frame, encoded once for all connections.
type entry struct {
	event.Event
	frame []byte
}

func newEntry(e event.Event) *entry {
	data := map[string]json.RawMessage{}
	if err := json.Unmarshal(e.Data, &data); err != nil || data == nil {
		data = map[string]json.RawMessage{}
	}
	for name, id := range map[string]int64{
		"conversation_id": e.Conversation, "inbox_id": e.Inbox, "team_id": e.Team, "assignee_id": e.Assignee,
	} {
		if _, have := data[name]; !have && id != 0 {
			data[name], _ = json.Marshal(id)
		}
	}
	return &entry{e, encode(frame{ID: e.Cursor.String(), Type: string(e.Type), Actor: &actorJSON{e.ActorType, e.ActorID}, Data: data})}
}

// encode never fails on what this package sends.
func encode(f frame) []byte {
	b, err := json.Marshal(f)
	if err != nil {
		b, _ = json.Marshal(frame{ID: f.ID, Type: f.Type})
	}
	return b
}

// ring keeps the end of the feed: everything behind start.
type ring struct {
	start event.Cursor
	list  []*entry
	keep  int
}

// add appends entries that follow what is there, and forgets old ones.
func (r *ring) add(list []*entry) {
	r.list = append(r.list, list...)
	if cut := len(r.list) - r.keep; cut > r.keep {
		r.start = r.list[cut-1].Cursor
		r.list = append(make([]*entry, 0, 2*r.keep), r.list[cut:]...)
	}
}

// after returns up to limit entries behind the cursor; ok is false when some
// that follow it are forgotten. The slice must not be changed.
func (r *ring) after(c event.Cursor, limit int) (part []*entry, ok bool) {
	if c.Less(r.start) {
		return nil, false
	}
	lo, hi := 0, len(r.list)
	for lo < hi {
		if mid := (lo + hi) / 2; c.Less(r.list[mid].Cursor) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return r.list[lo:min(lo+limit, len(r.list))], true
}
