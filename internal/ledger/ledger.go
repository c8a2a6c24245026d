package ledger

import (
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// State is how far a message has come.
type State string

// The states. Received is the only open one of what comes in, Queued of what goes out.
const (
	Received State = "received" // on disk, not yet a message
	Threaded State = "threaded" // a message in a conversation
	Dropped  State = "dropped"  // not made a message, with the reason
	Dead     State = "dead"     // given up, waiting for an admin: a gap

	Queued    State = "queued"
	Sent      State = "sent"
	Delivered State = "delivered"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Row is what the ledger knows of one message.
type Row struct {
	ID           int64
	Direction    string // in, out
	Inbox        int64
	State        State
	Reason       string
	Conversation int64
	Message      int64
	UID          int64
	ReceivedAt   time.Time
}

// In opens the row of a message that arrived.
type In struct {
	Inbox int64
	UID   int64 // at the mail server, 0 = none
	At    time.Time
}

// Gap is a message that did not get where it should.
type Gap struct {
	Inbox  int64
	UID    int64
	Ledger int64
	Stage  string
	Since  time.Time
	Reason string
}

// Balance is the state of the whole ledger.
type Balance struct {
	Balanced   bool
	CheckedAt  time.Time // of the comparison with mailboxes, zero before the first
	PendingIn  int64
	PendingOut int64
	InDoubt    int64
	Counts     map[string]int64
	Gaps       []Gap
}

// CountNames are the keys of [Balance.Counts].
var CountNames = []string{"received", "stored", "threaded", "dropped", "dead", "answered", "sent", "delivered", "failed"}

// holds is the sum that must hold for what came in.
func (b Balance) holds() bool {
	c := b.Counts
	return c["received"] == c["threaded"]+c["dropped"]+b.PendingIn+c["dead"]
}

var errNotFound = errs.New(errs.NotFound, "There is no such ledger row.")
