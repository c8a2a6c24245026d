package task

import (
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Bounds.
const (
	maxText = 500 // characters
	maxMade = 50  // at once
	maxOpen = 200 // of one conversation, done ones included
	maxDue  = 5   // years ahead
	counted = 1000
)

// Task is one thing to do.
type Task struct {
	ID           int64
	Conversation int64
	Text         string
	Assignee     int64     // 0 = nobody
	DueAt        time.Time // zero = no day
	DoneAt       time.Time // zero = open
	DoneBy       int64
	CreatedBy    int64
	CreatedAt    time.Time

	// What lists show, filled by reads alone.
	AssigneeName string
	Subject      string // of the conversation
}

// New is a task to be made.
type New struct {
	Text     string
	Assignee int64
	DueAt    time.Time
}

// Change is a partial update; nil stays.
type Change struct {
	Text     *string
	Assignee *int64     // 0 = nobody
	DueAt    *time.Time // zero = no day
	Done     *bool
}

// apply is the rule of a change.
func (t *Task) apply(ch Change, by int64, at time.Time) error {
	if ch.Text != nil {
		t.Text = clean(*ch.Text)
	}
	if ch.Assignee != nil {
		t.Assignee = *ch.Assignee
	}
	if ch.DueAt != nil {
		t.DueAt = *ch.DueAt
	}
	if ch.Done != nil && *ch.Done != !t.DoneAt.IsZero() {
		t.DoneAt, t.DoneBy = time.Time{}, 0
		if *ch.Done {
			t.DoneAt, t.DoneBy = at, by
		}
	}
	return t.check("body", at)
}

func (t *Task) check(location string, at time.Time) error {
	switch n := len([]rune(t.Text)); {
	case n == 0:
		return errs.InvalidField(location+".text", "Say what is to be done.")
	case n > maxText:
		return errs.InvalidField(location+".text", "A task has at most 500 characters.")
	case t.DueAt.After(at.AddDate(maxDue, 0, 0)):
		return errs.InvalidField(location+".due_at", "A task is due within five years.")
	}
	return nil
}

// clean makes one line of what was typed, without the number of a card.
func clean(s string) string {
	s, _ = text.MaskCards(strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")), " "))
	return s
}

func at(i int) string { return fmt.Sprintf("body.tasks[%d]", i) }
