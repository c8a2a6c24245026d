package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Sort is the order of a list.
type Sort string

// The orders.
const (
	Newest  Sort = "newest"  // last activity first
	Oldest  Sort = "oldest"  // last activity last
	Waiting Sort = "waiting" // who has waited longest first, then who does not wait
	Urgency Sort = "urgency" // what is due first
)

// Nobody as [Filter.Assignee] asks for conversations without an assignee.
const Nobody int64 = -1

// Filter chooses conversations; zero parts choose all.
type Filter struct {
	Statuses []conversation.Status // none = all but spam and trash
	Inbox    int64
	Team     int64
	Assignee int64 // or Nobody
	Customer int64
	Tag      string // name
	Priority conversation.Priority
	Channel  string
	Query    string // words, looked up by Service.Match
	Mentions bool   // where the actor was mentioned
	Drafts   bool   // where the actor has a draft
	Follows  bool   // that the actor follows
	Sent     bool   // in which the actor answered
	Waits    bool   // where a reply failed or was stopped
	NoTeam   bool   // that no team has
	NoTag    bool
	Own      string // one of the shop's own fields has the value OwnValue; "" of it = has none
	OwnValue string
	Saved    int64 // a saved view
	extra    cond  // of the saved view
	// ownKey and ownValues: one of the shop's own fields has one of these values, which extra tests too.
	ownKey    string
	ownValues []string
	spans     map[string]cond // by sort key: bounds that every row keeps, which extra tests too
	Sort      Sort            // "" = newest
}

// Where adds a condition on conversation c in SQL, with its values.
func (f *Filter) Where(sql string, args ...any) {
	if sql != "" {
		f.extra = f.extra.and(when("("+sql+")", args...))
	}
}

// Place is where a row stands in a list: its sort key and id.
type Place struct{ Key, ID int64 }

// Person is an agent or customer as a list names them.
type Person struct {
	ID    int64
	Name  string
	Email string
}

// Tag of a conversation.
type Tag struct {
	ID    int64
	Name  string
	Color string
}

// Item is a conversation as a list shows it to one agent.
type Item struct {
	conversation.Conversation
	Brand    int64
	Customer Person
	Assignee Person // ID 0 = nobody
	TeamName string
	DueAt    time.Time
	Tags     []Tag
	Unread   bool
	Draft    bool   // of the actor
	Written  string // the beginning of that draft
	// Fields are values of the shop's own fields by key, as JSON shows them; only those that were asked for.
	Fields map[string]any
}

// Link is another conversation that belongs to this one.
type Link struct {
	ID      int64
	Subject string
	Status  string
	Reason  string
}

// Detail is one conversation on its own.
type Detail struct {
	Item
	Participants int
	Following    bool
	Held         bool // by a legal hold
	Links        []Link
}

// preset fills in what a view of the console asks for; parts that are set stay.
func (f *Filter) preset(view string, me int64) error {
	status := conversation.Open
	switch view {
	case "", "all":
		return nil
	case "mine":
		f.Assignee = orElse(f.Assignee, me)
	case "unassigned":
		f.Assignee = orElse(f.Assignee, Nobody)
	case "mentions":
		f.Mentions = true
		return nil
	case "drafts":
		f.Drafts = true
		return nil
	case "following":
		f.Follows = true
		return nil
	case "sent":
		f.Sent = true
		return nil
	case "needs_attention":
		f.Waits = true
		if len(f.Statuses) == 0 {
			f.Statuses = []conversation.Status{conversation.Open, conversation.Pending, conversation.Snoozed}
		}
		return nil
	case "open", "pending", "snoozed", "closed", "spam", "trash":
		status = conversation.Status(view)
	default:
		return errs.InvalidField("query.view", "The view must be one of mine, unassigned, needs_attention, mentions, following, drafts, sent, open, pending, snoozed, closed, all, spam and trash.")
	}
	if len(f.Statuses) == 0 {
		f.Statuses = []conversation.Status{status}
	}
	return nil
}

func orElse(v, other int64) int64 {
	if v == 0 {
		return other
	}
	return v
}

// assignee reads "me", "none" or an id.
func assignee(s string, me int64) (int64, error) {
	switch s {
	case "":
		return 0, nil
	case "me":
		return me, nil
	case "none":
		return Nobody, nil
	}
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.InvalidField("query.assignee_id", "The assignee must be an agent's id, me or none.")
	}
	return id, nil
}

// statuses checks the names of statuses and drops repeats.
func statuses(names []string) ([]conversation.Status, error) {
	var out []conversation.Status
	for _, n := range names {
		s := conversation.Status(n)
		if !slices.Contains(conversation.Statuses, s) {
			return nil, errs.InvalidField("query.status", "The status must be one of open, pending, snoozed, closed, spam and trash.")
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// usual are the statuses of a list that names none.
var usual = []conversation.Status{conversation.Open, conversation.Pending, conversation.Snoozed, conversation.Closed}

// without reads the names of what is to be missing.
func (f *Filter) without(names []string) error {
	for _, n := range names {
		switch n {
		case "team":
			f.NoTeam = true
		case "tag":
			f.NoTag = true
		default:
			return errs.InvalidField("query.without", "Conversations can be without team and tag.")
		}
	}
	return nil
}

// own reads one of the shop's own fields with its value.
func (f *Filter) own(text string) error {
	key, value, ok := strings.Cut(text, ":")
	if text != "" && (!ok || key == "") {
		return errs.InvalidField("query.field", "A field is asked for with its value, such as reason:damaged.")
	}
	f.Own, f.OwnValue = key, value
	return nil
}

func (f *Filter) statuses() []conversation.Status {
	if len(f.Statuses) == 0 {
		return usual
	}
	return f.Statuses
}
