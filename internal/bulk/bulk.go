package bulk

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
)

// State of a run.
type State string

// The states of a run.
const (
	Running State = "running"
	Done    State = "done"
	Undoing State = "undoing"
	Undone  State = "undone"
)

// ItemState is what became of one conversation.
type ItemState string

// The states of an item.
const (
	Waiting ItemState = "waiting"
	Changed ItemState = "done"
	Failed  ItemState = "failed"
	Back    ItemState = "undone"
)

// MaxItems is how many conversations one run takes.
const MaxItems = 5000

// Work is what is done to each conversation: a change, a reply, or a reply with
// a change.
type Work struct {
	Change *conversation.ChangeBody `json:"change,omitempty"`
	Reply  *Reply                   `json:"reply,omitempty"`
}

// Reply is a text that is filled in for each customer.
type Reply struct {
	SavedReply int64  `json:"saved_reply_id,omitempty" minimum:"0" doc:"In the language of each customer; html is left out then"`
	HTML       string `json:"html,omitempty" maxLength:"65536" doc:"With the variables of saved replies"`
	// Undo is how long each reply can be taken back.
	Undo int `json:"undo_seconds,omitempty" minimum:"0" maximum:"30" doc:"Default: the agent's setting"`
}

// Run is a change of many conversations.
type Run struct {
	ID         int64
	Agent      int64
	State      State
	Work       Work
	Total      int
	Counts     map[ItemState]int
	CreatedAt  time.Time
	FinishedAt time.Time
}

// Item is one conversation of a run.
type Item struct {
	Conversation int64
	State        ItemState
	Error        string // an English sentence
	Message      int64
	Was          Was
}

// Was is what a conversation was like before and what the run made of it, so
// that it can be put back.
type Was struct {
	LastSeen int64    `json:"last_seen,omitempty"` // newest message when the run was asked for
	Before   *attrs   `json:"before,omitempty"`
	After    *attrs   `json:"after,omitempty"`
	Added    []string `json:"added,omitempty"`
	Removed  []string `json:"removed,omitempty"`
}

// attrs are the attributes that a run changes.
type attrs struct {
	Status   conversation.Status   `json:"status"`
	Priority conversation.Priority `json:"priority"`
	Assignee int64                 `json:"assignee"`
	Team     int64                 `json:"team"`
	Inbox    int64                 `json:"inbox"`
	Subject  string                `json:"subject"`
	Snoozed  int64                 `json:"snoozed"` // milliseconds
}

func attrsOf(c conversation.Conversation) *attrs {
	a := &attrs{c.Status, c.Priority, c.Assignee, c.Team, c.Inbox, c.Subject, 0}
	if !c.SnoozedUntil.IsZero() {
		a.Snoozed = c.SnoozedUntil.UnixMilli()
	}
	return a
}

// inverse is the change that puts a conversation back: of what the run changed,
// the parts that nobody has changed since. some is false when nothing is left.
func (w Was) inverse(c conversation.Conversation, now time.Time) (ch conversation.Change, some bool) {
	if w.Before == nil || w.After == nil {
		return ch, false
	}
	b, a, is := w.Before, w.After, attrsOf(c)
	if (b.Status != a.Status || b.Snoozed != a.Snoozed) && is.Status == a.Status && is.Snoozed == a.Snoozed {
		status := b.Status
		until := time.UnixMilli(b.Snoozed).UTC()
		if status == conversation.Snoozed && !until.After(now) {
			status = conversation.Open // a moment that has passed cannot be slept until again
		}
		ch.Status = &status
		if status == conversation.Snoozed {
			ch.SnoozedUntil = &until
		}
	}
	if b.Priority != a.Priority && is.Priority == a.Priority {
		ch.Priority = &b.Priority
	}
	if b.Assignee != a.Assignee && is.Assignee == a.Assignee {
		ch.Assignee = &b.Assignee
	}
	if b.Team != a.Team && is.Team == a.Team {
		ch.Team = &b.Team
	}
	if b.Inbox != a.Inbox && is.Inbox == a.Inbox {
		ch.Inbox = &b.Inbox
	}
	if b.Subject != a.Subject && is.Subject == a.Subject {
		ch.Subject = &b.Subject
	}
	ch.AddTags, ch.RemoveTags = w.Removed, w.Added
	some = ch.Status != nil || ch.Priority != nil || ch.Assignee != nil || ch.Team != nil || ch.Inbox != nil || ch.Subject != nil ||
		len(ch.AddTags)+len(ch.RemoveTags) > 0
	return ch, some
}

// tagged are the tags that a change really brings and takes.
func tagged(had []string, ch conversation.Change) (added, removed []string) {
	for _, name := range ch.AddTags {
		if !slices.Contains(had, name) {
			added = append(added, name)
		}
	}
	for _, name := range ch.RemoveTags {
		if slices.Contains(had, name) {
			removed = append(removed, name)
		}
	}
	return added, removed
}
