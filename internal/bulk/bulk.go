package bulk

import (
	"cmp"
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
	// Fields are the shop's own fields that became different, by their keys.
	Fields map[string]fieldWas `json:"fields,omitempty"`
	Tasks  []int64             `json:"tasks,omitempty"` // that were given
}

// fieldWas is the value of a field before and after; nil = none.
type fieldWas struct {
	Before any `json:"before"`
	After  any `json:"after"`
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
// the parts that nobody has changed since. fields are the values of the shop's
// own fields now. some is false when nothing is left.
func (w Was) inverse(c conversation.Conversation, fields map[string]any, now time.Time) (ch conversation.Change, some bool) {
	if w.Before == nil || w.After == nil {
		return ch, false
	}
	b, a, is := w.Before, w.After, attrsOf(c)
	if (b.Status != a.Status || b.Snoozed != a.Snoozed) && is.Status == a.Status && is.Snoozed == a.Snoozed {
		ch.Status, ch.SnoozedUntil = rested(b, now)
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
	for key, f := range w.Fields {
		if fields[key] != f.After {
			continue // somebody has written something else there
		}
		if ch.Fields == nil {
			ch.Fields = map[string]any{}
		}
		ch.Fields[key] = f.Before
	}
	some = ch.Status != nil || ch.Priority != nil || ch.Assignee != nil || ch.Team != nil || ch.Inbox != nil || ch.Subject != nil ||
		len(ch.AddTags)+len(ch.RemoveTags)+len(ch.Fields) > 0
	return ch, some
}

// rested are the status of before and until when it held. A moment that has
// passed cannot be waited for again.
func rested(before *attrs, now time.Time) (*conversation.Status, *time.Time) {
	status := before.Status
	until := time.UnixMilli(before.Snoozed).UTC()
	switch {
	case before.Snoozed > 0 && until.After(now):
		return &status, &until
	case status == conversation.Snoozed:
		status = conversation.Open
	}
	return &status, nil
}

// different are the fields that have another value than before.
func different(before, after map[string]any) map[string]fieldWas {
	out := map[string]fieldWas{}
	for key, v := range after {
		if before[key] != v {
			out[key] = fieldWas{before[key], v}
		}
	}
	for key, v := range before {
		if _, still := after[key]; !still {
			out[key] = fieldWas{v, nil}
		}
	}
	return out
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

// above is a change with another above it, which counts where both speak; nil
// changes nothing.
func above(first, second *conversation.ChangeBody) *conversation.ChangeBody {
	if first == nil || second == nil {
		return cmp.Or(first, second)
	}
	out := *first
	if second.Status != nil {
		out.Status, out.SnoozedUntil = second.Status, second.SnoozedUntil
	}
	for _, one := range []struct {
		into **int64
		from *int64
	}{{&out.AssigneeID, second.AssigneeID}, {&out.TeamID, second.TeamID}, {&out.InboxID, second.InboxID}} {
		if one.from != nil {
			*one.into = one.from
		}
	}
	if second.Priority != nil {
		out.Priority = second.Priority
	}
	if second.Subject != nil {
		out.Subject = second.Subject
	}
	if second.CustomFields != nil {
		out.CustomFields = second.CustomFields
	}
	out.AddTags = append(without(first.AddTags, second.RemoveTags), second.AddTags...)
	out.RemoveTags = append(without(first.RemoveTags, second.AddTags), second.RemoveTags...)
	return &out
}

// without leaves words out of a list.
func without(list, words []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(words, s) })
}
