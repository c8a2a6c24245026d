package conversation

import (
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Status of a conversation.
type Status string

// The statuses. Spam and trash lie apart: nothing leaves them by itself.
const (
	Open    Status = "open"
	Pending Status = "pending"
	Snoozed Status = "snoozed"
	Closed  Status = "closed"
	Spam    Status = "spam"
	Trash   Status = "trash"
)

// Merged is the stored status of a conversation that is part of another one. It
// stands in no list, nobody can set it, and answers show it as closed.
const Merged Status = "merged"

// Statuses in the order of their use.
var Statuses = []Status{Open, Pending, Snoozed, Closed, Spam, Trash}

// Priority of a conversation.
type Priority string

// The priorities.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// hoursByPriority is how soon a waiting customer is due until there are SLA policies.
var hoursByPriority = map[Priority]time.Duration{
	Urgent: time.Hour, High: 4 * time.Hour, Normal: 24 * time.Hour, Low: 72 * time.Hour,
}

// Never stands for "nobody waits" in the columns that lists are sorted by. It
// is the largest integer that JSON numbers hold exactly, in milliseconds.
const Never int64 = 1<<53 - 1

// Conversation is one exchange with one customer in one inbox. 0 and the zero
// time stand for none.
type Conversation struct {
	ID             int64
	Inbox          int64
	Channel        string
	Customer       int64
	Subject        string
	Preview        string
	Status         Status
	Priority       Priority
	Assignee       int64
	Team           int64
	SnoozedUntil   time.Time
	LastActivityAt time.Time
	WaitingSince   time.Time // of the oldest customer message without an answer
	LastMessage    int64
	LastInbound    int64
	ReadFloor      int64
	ReplyAddress   string
	MergedInto     int64
	ClosedAt       time.Time
	CreatedAt      time.Time
	Version        int64 // counts changes of attributes, not messages
	Woken          Rest  // what a mere thanks ended, zero = none
}

// Rest is how a conversation was put away until a moment.
type Rest struct {
	Status Status // Snoozed, or Pending where it comes back only if nobody has answered
	Until  time.Time
	At     time.Time // when the customer ended it
}

// DueAt is when the nearest promise falls due: the urgency of the conversation.
func (c *Conversation) DueAt() time.Time {
	if c.WaitingSince.IsZero() {
		return time.Time{}
	}
	return c.WaitingSince.Add(hoursByPriority[c.Priority])
}

// Receive applies a customer's message: the conversation opens, waiting begins
// if it had not, a snooze ends. Spam and trash stay where they are.
func (c *Conversation) Receive(message int64, at time.Time, preview string) {
	c.arrive(message, at, preview)
	c.LastInbound = max(c.LastInbound, message)
	c.Woken = Rest{}
	if c.Status == Spam || c.Status == Trash {
		return
	}
	if c.Status != Open {
		c.setStatus(Open, at)
	}
	if c.WaitingSince.IsZero() {
		c.WaitingSince = at
	}
}

// ReceiveSpam applies a message that nobody wants: nobody is told and nobody waits.
func (c *Conversation) ReceiveSpam(message int64, at time.Time, preview string) {
	c.arrive(message, at, preview)
	c.LastInbound = max(c.LastInbound, message)
	if c.Status != Trash {
		c.setStatus(Spam, at)
	}
	c.WaitingSince = time.Time{}
}

// ReceiveAutomatic applies mail that no person wrote: it is shown and changes nothing else.
func (c *Conversation) ReceiveAutomatic(message int64, at time.Time) {
	c.LastMessage = max(c.LastMessage, message)
	if at.After(c.LastActivityAt) {
		c.LastActivityAt = at
	}
}

// Bounced applies a report that our answer did not arrive: somebody has to act.
func (c *Conversation) Bounced(at time.Time) {
	if c.Status == Spam || c.Status == Trash {
		return
	}
	c.setStatus(Open, at)
	if c.WaitingSince.IsZero() {
		c.WaitingSince = at
	}
}

// Reply applies an agent's answer: the author takes an unassigned
// conversation, nobody waits any more, and the status follows.
func (c *Conversation) Reply(author, message int64, then Status, at time.Time, preview string) {
	c.arrive(message, at, preview)
	if c.Assignee == 0 {
		c.Assignee = author
		c.Version++
	}
	c.WaitingSince = time.Time{}
	c.SnoozedUntil, c.Woken = time.Time{}, Rest{}
	c.setStatus(then, at)
}

func (c *Conversation) arrive(message int64, at time.Time, preview string) {
	c.LastMessage = max(c.LastMessage, message)
	if at.After(c.LastActivityAt) {
		c.LastActivityAt = at
	}
	c.Preview = preview
}

func (c *Conversation) setStatus(to Status, at time.Time) {
	if c.Status == to {
		return
	}
	c.Status = to
	c.Version++
	c.ClosedAt, c.SnoozedUntil, c.Woken = time.Time{}, time.Time{}, Rest{}
	if to == Closed {
		c.ClosedAt = at
		c.WaitingSince = time.Time{}
	}
}

// Change is a partial update of a conversation's attributes; nil stays.
type Change struct {
	Status       *Status
	Priority     *Priority
	Assignee     *int64 // 0 = nobody
	Team         *int64 // 0 = none
	Inbox        *int64
	SnoozedUntil *time.Time // with Pending: it comes back then if nobody has answered
	Subject      *string
	AddTags      []string
	RemoveTags   []string
	Fields       map[string]any // by key; null takes a value away
	Version      *int64         // refused with a conflict when another
}

// Apply is the rule of a change. Tags are not a column and are applied by the service.
func (c *Conversation) Apply(ch Change, at time.Time) error {
	if ch.Version != nil && *ch.Version != c.Version {
		return staleVersion()
	}
	if ch.SnoozedUntil != nil && ch.Status == nil && !ch.SnoozedUntil.IsZero() {
		snoozed := Snoozed
		ch.Status = &snoozed
	}
	if err := ch.check(at); err != nil {
		return err
	}
	before := *c
	c.rest(ch, at)
	if ch.Priority != nil {
		c.Priority = *ch.Priority
	}
	if ch.Assignee != nil {
		c.Assignee = *ch.Assignee
	}
	if ch.Team != nil {
		c.Team = *ch.Team
	}
	if ch.Inbox != nil && *ch.Inbox != c.Inbox {
		c.Inbox, c.ReplyAddress = *ch.Inbox, "" // answers leave from the inbox where it is now
	}
	if ch.Subject != nil {
		c.Subject = *ch.Subject
	}
	if c.Version == before.Version && *c != before {
		c.Version++
	}
	return nil
}

// rest applies the status of a change and until when it holds. Whoever puts a
// conversation away again that a mere thanks woke has answered the thanks.
func (c *Conversation) rest(ch Change, at time.Time) {
	if ch.Status == nil {
		return
	}
	woken := c.Woken
	c.setStatus(*ch.Status, at)
	c.SnoozedUntil = time.Time{}
	if ch.SnoozedUntil != nil && (c.Status == Snoozed || c.Status == Pending) {
		c.SnoozedUntil = *ch.SnoozedUntil
	}
	again := !woken.Until.IsZero() && c.Status == woken.Status && c.SnoozedUntil.Sub(woken.Until).Abs() < time.Second
	if again && !c.WaitingSince.Before(woken.At) {
		c.WaitingSince = time.Time{}
	}
}

// resting is how the conversation is put away until a moment, zero when it is not.
func (c *Conversation) resting() Rest {
	if c.SnoozedUntil.IsZero() || c.Status != Snoozed && c.Status != Pending {
		return Rest{}
	}
	return Rest{Status: c.Status, Until: c.SnoozedUntil}
}

// wokenBy keeps what the conversation slept for where a mere thanks of the
// customer ended it, so that it can be put away again as it was.
func (c *Conversation) wokenBy(before Conversation, thanks bool, at time.Time) {
	if !thanks || c.Status != Open {
		return
	}
	if c.Woken = before.Woken; c.Woken.Until.IsZero() {
		if c.Woken = before.resting(); !c.Woken.Until.IsZero() {
			c.Woken.At = at
		}
	}
	if !c.Woken.Until.After(at) {
		c.Woken = Rest{}
	}
}

func (ch Change) check(at time.Time) error {
	if ch.Status != nil && !validStatus(*ch.Status) {
		return errs.InvalidField("body.status", "The status must be one of open, pending, snoozed, closed, spam and trash.")
	}
	if ch.Priority != nil && hoursByPriority[*ch.Priority] == 0 {
		return errs.InvalidField("body.priority", "The priority must be one of low, normal, high and urgent.")
	}
	if ch.Status != nil && *ch.Status == Snoozed && (ch.SnoozedUntil == nil || !ch.SnoozedUntil.After(at)) {
		return errs.InvalidField("body.snoozed_until", "Say until when: a time in the future.")
	}
	if ch.Status != nil && *ch.Status == Pending && ch.SnoozedUntil != nil && !ch.SnoozedUntil.After(at) {
		return errs.InvalidField("body.snoozed_until", "Say until when: a time in the future.")
	}
	if ch.SnoozedUntil != nil && ch.SnoozedUntil.After(at.AddDate(5, 0, 0)) {
		return errs.InvalidField("body.snoozed_until", "A conversation can be snoozed for five years at most.")
	}
	if ch.Subject != nil && (len(*ch.Subject) > 998 || *ch.Subject == "") {
		return errs.InvalidField("body.subject", "The subject must have between 1 and 998 characters.")
	}
	return nil
}

func validStatus(s Status) bool {
	for _, known := range Statuses {
		if s == known {
			return true
		}
	}
	return false
}

// staleVersion is the conflict of a change based on an older version.
func staleVersion() error {
	return errs.Stale("Somebody else changed this conversation. Look again, then repeat.")
}

// errNotFound also answers what the caller may not see.
func errNotFound() error { return errs.New(errs.NotFound, "There is no such conversation.") }

// Shown is the status as people and programs know it.
func (c *Conversation) Shown() Status {
	if c.Status == Merged {
		return Closed
	}
	return c.Status
}

// TooOldToReopen tells whether a customer's message begins a new conversation
// because this one was closed more than days ago.
func (c *Conversation) TooOldToReopen(at time.Time, days int) bool {
	return c.Status == Closed && !c.ClosedAt.IsZero() && days > 0 && at.Sub(c.ClosedAt) > time.Duration(days)*24*time.Hour
}
