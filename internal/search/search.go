package search

import (
	"html"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/text"
)

// Type of a result.
type Type string

// The types.
const (
	Message      Type = "message"
	Conversation Type = "conversation" // its subject or number matches
	Customer     Type = "customer"     // an address begins with what was typed
)

// Item is one result.
type Item struct {
	Type         Type
	ID           int64
	Conversation int64 // 0 for a customer
	Side         int64 // the side conversation that a message stands in, 0 = none
	Title        string
	Snippet      string // HTML: escaped, with <mark> around what matches
	At           time.Time
	key          int64
}

// Bounds of a search.
const (
	maxCandidates = 20_000 // tested in one call
	maxOutside    = 200    // conversations beside the actor's inboxes
	snippetWidth  = 160    // characters
	maxShown      = 32_768 // characters of a message in which matches are marked
)

// counterBits are the lower bits of a document's key, below the milliseconds.
const counterBits = 20

// keyOf is where a document stands: by time, and by id within a millisecond.
// Times before 1970 and after 2248, which only broken mail has, are moved there.
func keyOf(at time.Time, id int64) int64 {
	ms := min(max(at.UnixMilli(), 1), 1<<43-1)
	return ms<<counterBits | id&(1<<counterBits-1)
}

// marked is an excerpt as HTML: everything is escaped, matches stand in <mark>.
func marked(e text.Excerpt) string {
	var b strings.Builder
	at := 0
	for _, m := range e.Marks {
		b.WriteString(html.EscapeString(e.Text[at:m.Start]))
		b.WriteString("<mark>")
		b.WriteString(html.EscapeString(e.Text[m.Start:m.End]))
		b.WriteString("</mark>")
		at = m.End
	}
	b.WriteString(html.EscapeString(e.Text[at:]))
	return b.String()
}

// scope words of a document.
func inInbox(id int64) string        { return text.Scope("in", id) }
func inConversation(id int64) string { return text.Scope("cv", id) }
