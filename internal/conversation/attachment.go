package conversation

import "time"

// Attachment is a file of a message. Its bytes are in the blob store.
type Attachment struct {
	ID            int64
	Message       int64 // 0 while it was only uploaded
	Agent         int64 // who uploaded it
	Name          string
	ContentType   string
	Size          int64
	ContentID     string
	Inline        bool
	BlobKey       string // "" = its bytes were deleted
	Blocked       string // why it is not handed out, "" = it is
	WithheldUntil time.Time
	Unchecked     bool   // it waits for the virus scanner
	Malware       string // what the virus scanner found in it
	CreatedAt     time.Time
}

// heldBack says why the file is not handed out, "" = it is.
func (a Attachment) heldBack() string {
	if a.Blocked == "" && a.Unchecked {
		return BlockedUnchecked
	}
	return a.Blocked
}

// Sealed tells whether the file holds a card number, or was deleted as it held one.
func (a Attachment) Sealed() bool { return a.Blocked == BlockedCard || a.Blocked == BlockedCardDeleted }

// Why a file is not handed out, beside what package filekind says of programs.
const (
	BlockedCard        = "card"         // it holds a card number; few may open it
	BlockedCardDeleted = "card_deleted" // and so it was deleted
	BlockedMalware     = "malware"      // the virus scanner found something
	BlockedUnchecked   = "unchecked"    // the virus scanner has not seen it yet
)
