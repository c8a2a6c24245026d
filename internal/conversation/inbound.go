package conversation

import "time"

// Person is a name with an address of the channel (an e-mail address).
type Person struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Inbound is one message that arrived through a channel, understood as far as
// it can be. It is what [Service.ReceiveTx] takes.
type Inbound struct {
	Inbox    int64
	Channel  string // "email"
	LedgerID int64  // the ledger row opened when the bytes were kept, 0 = none

	From       Person
	To, Cc     []Person // our own addresses left out
	Verified   bool     // the sender's address was proved (DMARC pass)
	ReplyTo    string   // our address that the customer wrote to, "" = the inbox's
	At         time.Time
	ReceivedAt time.Time

	Subject string
	// Text and HTML are what was newly written; HTML is sanitised.
	Text, HTML string
	// OriginalText and OriginalHTML are the whole, set when Full.
	OriginalText, OriginalHTML string
	Full                       bool
	RemoteImages               bool
	SanitizerVersion           int
	Attachments                []NewAttachment

	RFCID string // Message-ID without angle brackets, "" = none
	// ThreadIDs are the ids that lead to a conversation: in-reply-to first, then references newest first, at most 50.
	ThreadIDs []string
	// Tokens are reply tokens found in recipients' addresses.
	Tokens []string
	// SubjectNumber is the conversation number named in the subject, 0 = none.
	SubjectNumber int64
	// SameHash tells the same mail in other bytes apart from another mail (house rule "the same mail"); nil = never a repeat.
	SameHash []byte

	// Automatic mail (bounces, vacation, lists) is stored and shown and changes nothing else.
	Automatic bool
	Bounce    *Bounce
	Complaint *Complaint
	// Spam says why the mail is spam, nil when it is not. Allowed tells that its
	// sender's mail never is.
	Spam    *SpamReason
	Allowed bool
	// Facts are what was found out beyond the words.
	Facts Facts
	// History came with the first connection: closed, read, with its own date, without reactions.
	History bool

	// fromCustomer is set on the way in: the conversation is the sender's own.
	fromCustomer bool
}

// Bounce is what a delivery report says about one of our messages.
type Bounce struct {
	OriginalRFCID string `json:"original_rfc_id"`
	Recipient     string `json:"recipient"`
	Status        string `json:"status"` // RFC 3463, such as 5.1.1
	Action        string `json:"action"` // failed, delayed, delivered
	Reason        string `json:"reason"`
	Hard          bool   `json:"hard"`
}

// NewAttachment is a file whose bytes are in the blob store already.
type NewAttachment struct {
	Name        string
	ContentType string
	Size        int64
	ContentID   string
	Inline      bool
	BlobKey     string
	Blocked     string // why it is not handed out, "" = it is

	unchecked bool // it waits for the virus scanner
}

// Received says what became of an [Inbound].
type Received struct {
	Conversation int64
	Message      int64
	Repeat       bool // the same mail was here before; Conversation and Message are the first one's
	New          bool // began a conversation
	// Masked says that the message held a card number, which was masked: what is
	// kept of it elsewhere, such as the raw mail, must be sealed.
	Masked bool
}
