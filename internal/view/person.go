package view

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Spot is a place in what a customer wrote and got: conversation after
// conversation, the one with the newest activity first, each from its end.
type Spot struct {
	Activity     int64 // of the conversation, in milliseconds
	Conversation int64
	Message      int64 // or file
}

// Said is one message of a customer's timeline.
type Said struct {
	Spot
	About   About
	Kind    conversation.Kind
	Author  Person
	ByAgent bool
	Preview string
	At      time.Time
	Flags   conversation.Flags
	Files   int // beside pictures in the text
}

// About is the conversation of a message or file.
type About struct {
	ID      int64
	Subject string
	Status  conversation.Status
	Channel string
	Inbox   int64
}

// CustomerFile is a file of one of a customer's conversations.
type CustomerFile struct {
	conversation.Attachment
	Spot
	About About
}

// maxWalked is how many conversations one call goes through.
const maxWalked = 200

// Timeline lists the messages and notes of all of a customer's conversations
// that the actor may see, behind the spot (nil = the beginning). It reads the
// rows that it returns, and the lines about changes between them.
func (s *Service) Timeline(ctx context.Context, customer int64, from *Spot, limit int) (out []Said, next *Spot, err error) {
	defer errs.Wrap(&err, "read the timeline of customer %d", customer)
	next, err = s.alongOf(ctx, customer, from, limit, func(c along, below int64, want int) (last Spot, full bool, err error) {
		list, err := saidIn(ctx, s.DB, c, below, want)
		out = append(out, list...)
		if len(list) == want && want > 0 {
			last, full = list[want-1].Spot, true
		}
		return last, full, err
	}, func() int { return limit - len(out) })
	if err != nil {
		return nil, nil, err
	}
	return out, next, countFiles(ctx, s.DB, out)
}

// Files lists the files of all of a customer's conversations that the actor may
// see, pictures inside texts left out. A page may be short although more follow.
func (s *Service) Files(ctx context.Context, customer int64, from *Spot, limit int) (out []CustomerFile, next *Spot, err error) {
	defer errs.Wrap(&err, "list the files of customer %d", customer)
	next, err = s.alongOf(ctx, customer, from, limit, func(c along, below int64, want int) (last Spot, full bool, err error) {
		list, err := filesIn(ctx, s.DB, c, below, want)
		out = append(out, list...)
		if len(list) == want && want > 0 {
			last, full = list[want-1].Spot, true
		}
		return last, full, err
	}, func() int { return limit - len(out) })
	return out, next, err
}

// along is a conversation on the way.
type along struct {
	About
	activity int64
}

// alongOf goes through the customer's conversations until left says that nothing
// more is wanted, and tells where to go on, nil at the end.
func (s *Service) alongOf(ctx context.Context, customer int64, from *Spot, limit int, take func(c along, below int64, want int) (Spot, bool, error), left func() int) (*Spot, error) {
	a, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if from == nil {
		from = &Spot{1 << 62, 1 << 62, 1 << 62}
	}
	list, err := conversationsAlong(ctx, s.DB, a, customer, *from, min(limit, maxWalked-1)+1)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		below := int64(1 << 62)
		if c.ID == from.Conversation && c.activity == from.Activity {
			below = from.Message
		}
		last, full, err := take(c, below, left())
		if err != nil || full {
			return &last, err
		}
	}
	if len(list) <= min(limit, maxWalked-1) {
		return nil, nil
	}
	end := list[len(list)-1]
	return &Spot{end.activity, end.ID, 0}, nil
}
