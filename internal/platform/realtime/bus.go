package realtime

import (
	"sync"
	"time"
)

// Subjects of the hints. Jobs are here because the bus is one for the program.
const (
	SubjectFeed     = "feed"     // the feed has grown; no data
	SubjectPresence = "presence" // who is where
	SubjectTell     = "tell"     // a word to one agent
	SubjectJob      = "job"      // a kind of job has work; the data is its name
)

// Bus carries hints to all nodes, the publishing one included. A hint may be
// lost and may come twice. Data is UTF-8 text of at most [MaxHint] bytes; what
// is larger stays on this node.
type Bus interface {
	// Publish never waits for the network.
	Publish(subject string, data []byte)
	// Subscribe calls f for each hint until cancel is called. f must not block.
	Subscribe(subject string, f func(data []byte)) (cancel func())
	// Status tells whether hints reach the other nodes right now.
	Status() Status
}

// MaxHint is the size of a hint in bytes.
const MaxHint = 64 << 10

// Status is how a bus is. One that is not up loses hints, and every node polls.
type Status struct {
	Via   string // "memory", "postgres" or "nats"
	Up    bool
	Since time.Time // of the last change; zero for memory
}

// Local is the bus of a single node.
type Local struct {
	mu   sync.RWMutex
	next int
	subs map[string]map[int]func([]byte)
}

// Status implements [Bus].
func (l *Local) Status() Status { return Status{Via: "memory", Up: true} }

// Publish implements [Bus].
func (l *Local) Publish(subject string, data []byte) {
	l.mu.RLock()
	var list []func([]byte)
	for _, f := range l.subs[subject] {
		list = append(list, f)
	}
	l.mu.RUnlock()
	for _, f := range list {
		f(data)
	}
}

// Subscribe implements [Bus].
func (l *Local) Subscribe(subject string, f func([]byte)) (cancel func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.subs == nil {
		l.subs = map[string]map[int]func([]byte){}
	}
	if l.subs[subject] == nil {
		l.subs[subject] = map[int]func([]byte){}
	}
	l.next++
	id := l.next
	l.subs[subject][id] = f
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.subs[subject], id)
	}
}
