package privacy

import (
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Kind of a request.
type Kind string

// The kinds.
const (
	Export Kind = "export"
	Erase  Kind = "erase"
)

// State of a request.
type State string

// The states.
const (
	Waiting State = "waiting"
	Done    State = "done"
	Failed  State = "failed"
)

// Request is an export or an erasure that somebody asked for.
type Request struct {
	ID         int64
	Kind       Kind
	Customer   int64
	Agent      int64
	State      State
	Error      string // a sentence in English
	BlobKey    string
	Size       int64 // of an export, in bytes
	CreatedAt  time.Time
	FinishedAt time.Time
	ExpiresAt  time.Time // when the file of an export is deleted
}

// How long the file of an export is kept, and how long one link to it works.
const (
	KeptFor  = 7 * 24 * time.Hour
	LinkTime = 15 * time.Minute
)

// Plan is what an erasure would take.
type Plan struct {
	Confirm       string // what has to be typed
	Conversations int64
	Messages      int64
	Files         int64
	Bytes         int64
	Addresses     int
	Notes         bool // notes or consents
	Held          bool // a legal hold refuses it
}

var (
	errRunning = errs.New(errs.Conflict, "The same was asked for already and is being done.")
	errConfirm = errs.InvalidField("body.confirm", "Type the name of the customer as it stands there.")
	errErased  = errs.New(errs.Conflict, "Everything known of this customer was erased.")
)

// confirmed compares what was typed with what had to be.
func confirmed(typed, want string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(typed), " "), strings.Join(strings.Fields(want), " "))
}
