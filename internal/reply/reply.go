package reply

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Kind tells a saved reply, which is a text, from a macro, which is actions and
// may be a text, too.
type Kind string

// The kinds.
const (
	Text  Kind = "reply"
	Macro Kind = "macro"
)

// Locales that a text may be in, and in which order another one is taken.
var Locales = []string{"en", "ja", "tr", "uk"}

// Bounds of what is kept.
const (
	MaxName    = 120
	MaxFolder  = 120
	MaxSource  = 64 << 10 // bytes of one text
	MaxReplies = 5000     // of an installation
	MaxFiles   = 10       // beside the text
	MaxBytes   = 25 << 20 // of all files together, as one mail can carry
	MaxTasks   = 20

	maxPictures = 20 // in the texts of all languages
	maxDueDays  = 366
)

// ReviewAfter is how long a text counts as looked at.
const ReviewAfter = 180 * 24 * time.Hour

// Reply is a saved reply or a macro.
type Reply struct {
	ID            int64
	Kind          Kind
	Name          string
	Folder        string // "" = none; levels are parted by a slash
	Owner         int64
	OwnerName     string
	OwnerLeft     bool // does not work here any more
	Shared        bool // everybody's, otherwise the owner's own
	DefaultLocale string
	Texts         map[string]string // HTML by locale
	Actions       Actions
	Starter       string
	Uses, MyUses  int64
	LastUsedAt    time.Time // by me
	ReviewedAt    time.Time
	ExpiresAt     time.Time // zero = it stays
	UpdatedAt     time.Time
	CreatedAt     time.Time
	Version       int64
	Files         []File
}

// Expired tells that it is not to be used any more.
func (r *Reply) Expired(at time.Time) bool { return !r.ExpiresAt.IsZero() && !at.Before(r.ExpiresAt) }

// ReviewDue tells that nobody has looked at it for long.
func (r *Reply) ReviewDue(at time.Time) bool { return !at.Before(r.ReviewedAt.Add(ReviewAfter)) }

// Actions are what a macro changes; nil and empty parts stay.
type Actions struct {
	Status      *string     `json:"status,omitempty" enum:"open,pending,closed,spam,trash"`
	Priority    *string     `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	AssigneeID  *int64      `json:"assignee_id,omitempty" doc:"0 = nobody"`
	AssignMe    bool        `json:"assign_me,omitempty" doc:"Whoever uses it"`
	TeamID      *int64      `json:"team_id,omitempty" doc:"0 = none"`
	AddTags     []string    `json:"add_tags,omitempty" maxItems:"20"`
	RemoveTags  []string    `json:"remove_tags,omitempty" maxItems:"20"`
	SnoozeHours int         `json:"snooze_hours,omitempty" minimum:"0" maximum:"8760"`
	Note        string      `json:"note,omitempty" maxLength:"10000" doc:"Plain text with variables"`
	Tasks       []GivenTask `json:"tasks,omitempty" maxItems:"20" doc:"A checklist, or a follow-up"`
}

// GivenTask is a task that the conversation gets.
type GivenTask struct {
	Text       string `json:"text" minLength:"1" maxLength:"500" doc:"Plain text with variables"`
	AssigneeID int64  `json:"assignee_id,omitempty" minimum:"0" doc:"0 = nobody"`
	AssignMe   bool   `json:"assign_me,omitempty" doc:"Whoever uses it"`
	DueDays    *int   `json:"due_days,omitempty" minimum:"0" maximum:"366" doc:"By the end of the day so many days later, 0 = of the same day; absent = no day"`
}

// Empty tells whether nothing is changed.
func (a Actions) Empty() bool {
	return a.Status == nil && a.Priority == nil && a.AssigneeID == nil && !a.AssignMe && a.TeamID == nil &&
		len(a.AddTags)+len(a.RemoveTags)+len(a.Tasks) == 0 && a.SnoozeHours == 0 && a.Note == ""
}

var statuses = []string{"open", "pending", "closed", "spam", "trash"}
var priorities = []string{"low", "normal", "high", "urgent"}

func (a Actions) check() error {
	switch {
	case a.Status != nil && !slices.Contains(statuses, *a.Status):
		return errs.InvalidField("body.actions.status", "The status must be one of open, pending, closed, spam and trash.")
	case a.Priority != nil && !slices.Contains(priorities, *a.Priority):
		return errs.InvalidField("body.actions.priority", "The priority must be one of low, normal, high and urgent.")
	case a.SnoozeHours < 0 || a.SnoozeHours > 8760:
		return errs.InvalidField("body.actions.snooze_hours", "A conversation can be snoozed for between 1 hour and a year.")
	case a.SnoozeHours > 0 && a.Status != nil:
		return errs.InvalidField("body.actions.snooze_hours", "A macro either snoozes or sets the status.")
	case a.AssignMe && a.AssigneeID != nil:
		return errs.InvalidField("body.actions.assignee_id", "A macro assigns either whoever uses it or somebody else.")
	case len(a.AddTags) > 20 || len(a.RemoveTags) > 20:
		return errs.InvalidField("body.actions.add_tags", "A macro changes at most 20 tags.")
	}
	if _, err := Parse(a.Note); err != nil {
		return inField("body.actions.note", err)
	}
	return a.checkTasks()
}

func (a Actions) checkTasks() error {
	if len(a.Tasks) > MaxTasks {
		return errs.InvalidField("body.actions.tasks", "A checklist has at most 20 tasks.")
	}
	for i, t := range a.Tasks {
		field := fmt.Sprintf("body.actions.tasks[%d]", i)
		switch n := utf8.RuneCountInString(strings.TrimSpace(t.Text)); {
		case n == 0:
			return errs.InvalidField(field+".text", "Say what is to be done.")
		case n > 500:
			return errs.InvalidField(field+".text", "A task has at most 500 characters.")
		case t.DueDays != nil && (*t.DueDays < 0 || *t.DueDays > maxDueDays):
			return errs.InvalidField(field+".due_days", "A task is due within 366 days.")
		case t.AssignMe && t.AssigneeID != 0:
			return errs.InvalidField(field+".assignee_id", "A macro assigns either whoever uses it or somebody else.")
		}
		if _, err := Parse(t.Text); err != nil {
			return inField(field+".text", err)
		}
	}
	return nil
}

// inField says which part of the input an error of [Parse] is about.
func inField(location string, err error) error {
	text := errs.TextOf(err)
	e := errs.Said(errs.Invalid, text)
	e.Fields = []errs.Field{errs.FieldOf(location, text)}
	return e
}

// check tidies r and refuses what cannot be kept. Every text must be a template
// that can be read.
func (r *Reply) check() error {
	r.Name = strings.TrimSpace(r.Name)
	r.Folder = strings.Trim(strings.TrimSpace(r.Folder), "/")
	switch {
	case r.Name == "" || utf8.RuneCountInString(r.Name) > MaxName || strings.ContainsAny(r.Name, "\r\n\x00"):
		return errs.InvalidField("body.name", "A name has between 1 and 120 characters.")
	case utf8.RuneCountInString(r.Folder) > MaxFolder || strings.ContainsAny(r.Folder, "\r\n\x00"):
		return errs.InvalidField("body.folder", "A folder has at most 120 characters.")
	case !slices.Contains(Locales, r.DefaultLocale):
		return errs.InvalidField("body.default_locale", "The language must be one of en, ja, tr and uk.")
	}
	for locale, source := range r.Texts {
		field := "body.texts." + locale
		if !slices.Contains(Locales, locale) {
			return errs.InvalidField(field, "The language must be one of en, ja, tr and uk.")
		}
		if len(source) > MaxSource {
			return errs.InvalidField(field, "The text is longer than 64 KB.")
		}
		if _, err := Parse(source); err != nil {
			return inField(field, err)
		}
	}
	if err := r.Actions.check(); err != nil {
		return err
	}
	if r.Kind == Text && r.Texts[r.DefaultLocale] == "" {
		return errs.InvalidField("body.texts."+r.DefaultLocale, "Write the text in its first language.")
	}
	if r.Kind == Macro && r.Actions.Empty() {
		return errs.InvalidField("body.actions", "A macro changes something. Without that it is a saved reply.")
	}
	return nil
}

// In is the text in a language, or in the one that comes nearest: that of the
// locale without its region, the first language, or any. locale is the one taken.
func (r *Reply) In(locale string) (source, taken string) {
	base, _, _ := strings.Cut(strings.ToLower(locale), "-")
	for _, l := range append([]string{base, r.DefaultLocale}, Locales...) {
		if r.Texts[l] != "" {
			return r.Texts[l], l
		}
	}
	return "", r.DefaultLocale
}

// Searchable is what words are looked for in.
func (r *Reply) searchable() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Name, r.Folder)
	for _, l := range Locales {
		b.WriteByte(' ')
		b.WriteString(r.Texts[l])
	}
	return b.String()
}

// before is the order of a list: what the agent used last, what everybody uses
// most, then by name.
func (r *Reply) before(other *Reply) bool {
	if !r.LastUsedAt.Equal(other.LastUsedAt) {
		return r.LastUsedAt.After(other.LastUsedAt)
	}
	if r.Uses != other.Uses {
		return r.Uses > other.Uses
	}
	if r.Name != other.Name {
		return r.Name < other.Name
	}
	return r.ID < other.ID
}
