package conversation

import (
	"encoding/json"
	"time"
)

// Kind of a message.
type Kind string

// The kinds.
const (
	KindInbound  Kind = "inbound"
	KindOutbound Kind = "outbound"
	KindNote     Kind = "note"
	KindEvent    Kind = "event"
	// Of a side conversation: they stand in no thread and no customer sees them.
	KindSideInbound  Kind = "side_inbound"
	KindSideOutbound Kind = "side_outbound"
)

// goesOut tells that messages of the kind are sent.
func (k Kind) goesOut() bool { return k == KindOutbound || k == KindSideOutbound }

// Flags of a message, stored as bits.
type Flags int64

// The bits. They are stored: never renumber.
const (
	FlagFull         Flags = 1 << iota // the original holds more than the shown text
	FlagAutomatic                      // no person wrote it
	FlagUnverified                     // from somebody who was not part of the conversation
	FlagRemoteImages                   // the HTML refers to images elsewhere
	FlagMaybeTwice                     // may have been sent twice after a crash
	FlagBounce                         // a report about one of our messages
	FlagHistory                        // came with the first connection of a mailbox
	FlagElsewhere                      // written in a mail program and found among its sent mail
)

// Has tells whether all bits of g are set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// Recipients of a message.
type Recipients struct {
	To  []Person `json:"to,omitempty"`
	Cc  []Person `json:"cc,omitempty"`
	Bcc []Person `json:"bcc,omitempty"`
	// From is our address that the author chose, "" = the one that the customer wrote to.
	From string `json:"from,omitempty"`
	Manner
}

// Manner is how an outgoing message is put into a mail.
type Manner struct {
	Plain    bool `json:"plain,omitempty"`         // text alone, without formatting
	Unquoted bool `json:"without_quote,omitempty"` // what the customer wrote last is not quoted below
}

// Message is one entry of a conversation.
type Message struct {
	ID               int64
	Conversation     int64
	Origin           int64 // the conversation it came to or was written in; another one after a merge
	Side             int64 // the side conversation that it belongs to, 0 = the thread itself
	Kind             Kind
	AuthorType       string // customer, agent, partner, system
	AuthorID         int64
	AuthorName       string
	AuthorAddress    string
	Subject          string
	Text, HTML       string
	Recipients       Recipients
	Flags            Flags
	RFCID            string
	EventName        string
	EventData        json.RawMessage
	Delivery         Delivery // of an outgoing message
	UndoUntil        time.Time
	SanitizerVersion int
	LedgerID         int64
	CreatedAt        time.Time
	Attachments      []Attachment
	Facts            *Facts // nil when nothing was found out
}

// MaxText bounds what is kept of a text, in bytes; the raw mail has the rest.
const MaxText = 1 << 20

// Event names of messages of kind event. Their words are in the catalog.
const (
	EventCreated         = "conversation_created"
	EventStatusChanged   = "status_changed"
	EventAssigned        = "assigned"
	EventTeamChanged     = "team_changed"
	EventTagged          = "tagged"
	EventPriorityChanged = "priority_changed"
	EventSnoozed         = "snoozed"
	EventUnsnoozed       = "unsnoozed"
	EventSubjectChanged  = "subject_changed"
	EventFieldChanged    = "field_changed"
	EventInboxChanged    = "inbox_changed"
	EventMerged          = "merged"
	EventUnmerged        = "unmerged"
	EventSplit           = "split"
	EventLinked          = "linked"
	EventUnlinked        = "unlinked"
	EventLaterCancelled  = "later_cancelled"
	EventDeliveryFailed  = "delivery_failed"
	EventBounced         = "bounced"
	EventComplained      = "complained"
	EventCustomerChanged = "customer_changed"
	EventSideStarted     = "side_started"
	EventSideAnswered    = "side_answered"
	EventSideFailed      = "side_failed"
	EventSideDone        = "side_done"
	EventSideReopened    = "side_reopened"
)
