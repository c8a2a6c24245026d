package conversation

import "time"

// Attachment is a file of a message. Its bytes are in the blob store.
type Attachment struct {
	ID          int64
	Message     int64 // 0 while it was only uploaded
	Agent       int64 // who uploaded it
	Name        string
	ContentType string
	Size        int64
	ContentID   string
	Inline      bool
	BlobKey     string
	Blocked     string // why it is not handed out, "" = it is
	CreatedAt   time.Time
}
