package team

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Owner is the key of the role that at least one active agent always has.
const Owner = "owner"

// Role is a set of permissions.
type Role struct {
	ID          int64
	Key         string
	Name        string
	Permissions []string
}

// Agent is somebody who answers customers.
type Agent struct {
	ID        int64
	Email     string // folded
	Name      string
	Role      Role
	Active    bool
	Teams     []int64
	Inboxes   []InboxAccess // where this agent has other access than the inbox's default
	CreatedAt time.Time
	// LastSeenAt is when they last used a session, to the minute; zero = never.
	LastSeenAt time.Time
	Profile
}

// Profile is what agents set for themselves.
type Profile struct {
	Locale             string
	Theme              string
	Density            string
	UndoSeconds        int
	Signature          string
	SingleKeyShortcuts bool
	SwipeToEnd         string          // what drawing a row towards its end does, one of [Swipes]
	SwipeToStart       string          // towards its start
	PlainReplies       bool            // new replies begin as plain text
	Away               bool            // signed in and taking nothing on
	Onboarding         json.RawMessage // an object that belongs to the console
}

// InboxAccess is how much an agent sees of one inbox: own, team, all or none.
type InboxAccess struct {
	InboxID int64  `json:"inbox_id"`
	Access  string `json:"access" enum:"own,team,all,none"`
}

// Team is a group of agents.
type Team struct {
	ID     int64
	Name   string
	Agents []int64
}

// Locales that the console speaks.
var Locales = []string{"en", "ja", "tr", "uk"}

// Swipes are what drawing a row of a list aside can do.
var Swipes = []string{"close", "snooze", "assign_me", "unread", "none"}

const (
	maxName      = 100
	maxSignature = 10_000
	maxBoarding  = 8 << 10
)

// FoldEmail is the form in which two spellings of an address are the same.
func FoldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// CheckEmail folds an address and refuses what is none.
func CheckEmail(s string) (string, error) {
	s = FoldEmail(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 {
		return "", errs.InvalidField("body.email", "This is not an e-mail address.")
	}
	return s, nil
}

// CheckName trims a name and refuses an empty or endless one.
func CheckName(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", errs.InvalidField("body.name", "A name is needed.")
	case len([]rune(s)) > maxName:
		return "", errs.InvalidField("body.name", "A name has at most 100 characters.")
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", errs.InvalidField("body.name", "A name is one line of text.")
	}
	return s, nil
}

// CheckLocale refuses a language that the console does not speak; empty is English.
func CheckLocale(s string) (string, error) {
	if s == "" {
		return "en", nil
	}
	if !slices.Contains(Locales, s) {
		return "", errs.InvalidField("body.locale", "The languages are en, ja, tr and uk.")
	}
	return s, nil
}

func errSwipe(location string) error {
	return errs.InvalidField(location, "A swipe does one of close, snooze, assign_me, unread and none.")
}

func (p Profile) check() error {
	if _, err := CheckLocale(p.Locale); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{"auto", "light", "dark"}, p.Theme):
		return errs.InvalidField("body.theme", "The theme is auto, light or dark.")
	case !slices.Contains([]string{"comfortable", "compact"}, p.Density):
		return errs.InvalidField("body.density", "The density is comfortable or compact.")
	case p.UndoSeconds < 0 || p.UndoSeconds > 30:
		return errs.InvalidField("body.undo_seconds", "A reply can be taken back for 0 to 30 seconds.")
	case !slices.Contains(Swipes, p.SwipeToEnd):
		return errSwipe("body.swipe_to_end")
	case !slices.Contains(Swipes, p.SwipeToStart):
		return errSwipe("body.swipe_to_start")
	case len(p.Signature) > maxSignature:
		return errs.InvalidField("body.signature", "A signature has at most 10,000 bytes.")
	case len(p.Onboarding) > maxBoarding:
		return errs.InvalidField("body.onboarding", "This is too large.")
	}
	return nil
}

// May tells whether the role has the permission.
func (r Role) May(permission string) bool { return slices.Contains(r.Permissions, permission) }
