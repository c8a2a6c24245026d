package realtime

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// State is what an agent does at a conversation.
type State string

// The states, from the weakest. Left ends presence.
const (
	Background State = "background" // the page is open behind another
	Viewing    State = "viewing"
	Typing     State = "typing"
	Left       State = "left"
)

var strength = map[State]int{Left: 0, Background: 1, Viewing: 2, Typing: 3}

// Someone is an agent at a conversation.
type Someone struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	State State  `json:"state"`
}

// present knows who is where, on all nodes, and who of this node wants to know.
type present struct {
	mu       sync.Mutex
	at       map[int64]map[string]*visit // conversation, connection
	where    map[string]map[int64]bool   // connection, conversation
	watchers map[int64]map[*conn]bool
}

type visit struct {
	Someone
	seen time.Time
}

func newPresent() present {
	return present{at: map[int64]map[string]*visit{}, where: map[string]map[int64]bool{}, watchers: map[int64]map[*conn]bool{}}
}

// put notes what a connection does at a conversation, and reports whether that is new.
func (p *present) put(connection string, conversation int64, who Someone, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if who.State == Left {
		return p.remove(connection, conversation)
	}
	if v := p.at[conversation][connection]; v != nil {
		v.seen = now
		was := v.Someone
		v.Someone = who
		return was != who
	}
	if len(p.where[connection]) >= maxAt {
		return false
	}
	if p.at[conversation] == nil {
		p.at[conversation] = map[string]*visit{}
	}
	if p.where[connection] == nil {
		p.where[connection] = map[int64]bool{}
	}
	p.at[conversation][connection] = &visit{who, now}
	p.where[connection][conversation] = true
	return true
}

func (p *present) remove(connection string, conversation int64) bool {
	if p.at[conversation][connection] == nil {
		return false
	}
	delete(p.at[conversation], connection)
	if len(p.at[conversation]) == 0 {
		delete(p.at, conversation)
	}
	delete(p.where[connection], conversation)
	if len(p.where[connection]) == 0 {
		delete(p.where, connection)
	}
	return true
}

// gone forgets a connection and returns the conversations that it was at.
func (p *present) gone(connection string) (conversations []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range p.where[connection] {
		conversations = append(conversations, id)
	}
	for _, id := range conversations {
		p.remove(connection, id)
	}
	return conversations
}

// decay forgets who has not been heard of for [Decay].
func (p *present) decay(now time.Time) (conversations []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, visits := range p.at {
		for connection, v := range visits {
			if now.Sub(v.seen) >= Decay {
				p.remove(connection, id)
				conversations = append(conversations, id)
			}
		}
	}
	return conversations
}

// list is who is at a conversation but the agent who asks, each with the
// strongest state over their windows.
func (p *present) list(conversation, asking int64) []Someone {
	p.mu.Lock()
	defer p.mu.Unlock()
	best := map[int64]Someone{}
	for _, v := range p.at[conversation] {
		if v.ID != asking && strength[v.State] > strength[best[v.ID].State] {
			best[v.ID] = v.Someone
		}
	}
	out := make([]Someone, 0, len(best))
	for _, who := range best {
		out = append(out, who)
	}
	slices.SortFunc(out, func(a, b Someone) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// watch changes what a connection wants to know.
func (p *present) watch(c *conn, add, remove []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, id := range remove {
		delete(p.watchers[id], c)
		if len(p.watchers[id]) == 0 {
			delete(p.watchers, id)
		}
	}
	for _, id := range add {
		if p.watchers[id] == nil {
			p.watchers[id] = map[*conn]bool{}
		}
		p.watchers[id][c] = true
	}
}

func (p *present) watching(conversation int64) (list []*conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.watchers[conversation] {
		list = append(list, c)
	}
	return list
}

// changed lets everybody who watches the conversations know.
func (h *Hub) changed(conversations []int64) {
	for _, id := range conversations {
		for _, c := range h.present.watching(id) {
			c.presenceChanged(id)
		}
	}
}

// rumour is presence as nodes tell it each other. Conversation 0 with Left means
// that the connection has ended.
type rumour struct {
	Node         string  `json:"node"`
	Connection   string  `json:"connection"`
	Conversation int64   `json:"conversation"`
	Who          Someone `json:"who"`
}

// arrived notes presence of a connection of this node and tells the others, who
// need the heartbeat too.
func (h *Hub) arrived(c *conn, conversation int64, s State) {
	who := Someone{c.agent, c.name, s}
	if h.present.put(c.id, conversation, who, h.cfg.Now()) {
		h.changed([]int64{conversation})
	}
	h.spreadRumour(rumour{h.node, c.id, conversation, who})
}

// departed forgets a connection of this node.
func (h *Hub) departed(c *conn) {
	if list := h.present.gone(c.id); len(list) > 0 {
		h.changed(list)
		h.spreadRumour(rumour{h.node, c.id, 0, Someone{State: Left}})
	}
}

func (h *Hub) spreadRumour(r rumour) {
	if text, err := json.Marshal(r); err == nil {
		h.cfg.Bus.Publish(SubjectPresence, text)
	}
}

func (h *Hub) heardPresence(text []byte) {
	var r rumour
	if json.Unmarshal(text, &r) != nil || r.Node == h.node {
		return
	}
	if r.Conversation == 0 {
		h.changed(h.present.gone(r.Connection))
	} else if h.present.put(r.Connection, r.Conversation, r.Who, h.cfg.Now()) {
		h.changed([]int64{r.Conversation})
	}
}
