package conversation

import "time"

// DeliveryState is how far a message that goes out has come.
type DeliveryState string

// The states of a delivery.
const (
	Queued    DeliveryState = "queued"
	Sending   DeliveryState = "sending"
	InDoubt   DeliveryState = "in_doubt" // found in sending after a crash
	Sent      DeliveryState = "sent"
	Delivered DeliveryState = "delivered" // only on a provider's or a report's word
	Failed    DeliveryState = "failed"
	Cancelled DeliveryState = "cancelled"
)

// Delivery is the state of one outgoing message.
type Delivery struct {
	State      DeliveryState       `json:"state" enum:"queued,sending,in_doubt,sent,delivered,failed,cancelled"`
	MaybeTwice bool                `json:"maybe_twice"`
	Error      string              `json:"error"` // a sentence, "" while all is well
	Recipients []RecipientDelivery `json:"recipients"`
	// SentAs are the Message-IDs that the provider put in the place of ours, so
	// that answers and reports name them.
	SentAs []string `json:"sent_as,omitempty"`
	// ReplacedBy is the message that was sent in the place of this failed one.
	ReplacedBy int64 `json:"replaced_by,omitempty"`
}

// RecipientDelivery is the state of one recipient.
type RecipientDelivery struct {
	Address string        `json:"address"`
	State   DeliveryState `json:"state" enum:"queued,sending,in_doubt,sent,delivered,failed,cancelled"`
	Error   string        `json:"error"`
}

// Outgoing is everything a channel needs to render and send one message.
type Outgoing struct {
	Message        int64
	Conversation   int64
	Inbox          int64
	LedgerID       int64
	AgentID        int64
	AgentName      string
	AgentSignature string // of the author, put above the inbox's
	FromAddress    string // the alias that the customer wrote to, "" = the inbox's address
	To, Cc, Bcc    []Person
	Subject        string
	Text, HTML     string // HTML is sanitised, "" = made from the text
	Plain          bool   // text alone is sent
	Attachments    []Attachment
	RFCID          string // made when the reply was accepted, without angle brackets
	InReplyTo      string
	References     []string // oldest first
	Quote          *Quote   // the message answered, nil = none
	ToAutomatic    bool     // a machine wrote the mail that this one answers
	Delivery       Delivery
	At             time.Time
}

// Quote is the customer's last message as it is quoted under a reply.
type Quote struct {
	From Person
	At   time.Time
	Text string
	HTML string
	// Pictures are those that HTML shows.
	Pictures []Attachment
}
