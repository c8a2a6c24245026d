package notification

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Kind is what a notification is about.
type Kind string

// The kinds.
const (
	Mention       Kind = "mention"        // a colleague named the agent, or a team of theirs, in a note
	Assigned      Kind = "assigned"       // somebody else gave the agent the conversation
	CustomerReply Kind = "customer_reply" // in a conversation that is the agent's or that they follow
	SideReply     Kind = "side_reply"     // somebody answered in a side conversation of one that is the agent's, or that they follow
	TaskAssigned  Kind = "task_assigned"  // somebody else gave the agent a task
	ReplyFailed   Kind = "reply_failed"   // a reply of the agent could not be delivered
	ReplyHeld     Kind = "reply_held"     // a reply of the agent was stopped and waits for them
	DraftTaken    Kind = "draft_taken"    // a colleague took over a draft that the agent shared
	InboxQuiet    Kind = "inbox_quiet"    // no mail has come to an inbox for longer than usual; for those who manage inboxes
)

// Kinds are all of them, in the order in which pages show them.
var Kinds = []Kind{Mention, Assigned, CustomerReply, SideReply, TaskAssigned, ReplyFailed, ReplyHeld, DraftTaken, InboxQuiet}

// concerns tells whether the agent can be told of a kind at all.
func (k Kind) concerns(a *access.Actor) bool { return k != InboxQuiet || a.May(access.InboxesManage) }

// Notification is one, as its reader sees it.
type Notification struct {
	ID           int64 // below zero = about an inbox
	Kind         Kind
	Conversation int64  // 0 = it is about an inbox
	Inbox        int64  // 0 = it is about a conversation
	Subject      string // of the conversation, or the name of the inbox
	Message      int64
	ActorType    string // agent, customer, partner, system
	ActorID      int64
	ActorName    string
	Text         string // the beginning of the message, "" where there is none
	Times        int64
	At           time.Time
	ReadAt       time.Time // zero = unread

	mailFrom int64 // the first message that a mail tells of
}

// Kept is how long notifications can be read.
const Kept = 90 * 24 * time.Hour

// maxCounted is where counting ends: more is "many".
const maxCounted = 1000

// byOthers tells whether an event of an agent's own doing is left out for them.
func byOthers(e event.Event, agent int64) bool {
	return agent != 0 && !(e.ActorType == "agent" && e.ActorID == agent)
}

// answers tells whether a message that came in is the customer's word: neither
// a machine's nor one from before the mailbox was connected.
func answers(e event.Event, f conversation.Fact) bool {
	return !f.Automatic && !f.History && (!f.New || e.Assignee != 0)
}

func held(f conversation.Fact) bool       { return slices.Contains(f.Changed, "held") }
func handedOver(f conversation.Fact) bool { return slices.Contains(f.Changed, "assignee_id") }
