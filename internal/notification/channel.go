package notification

import (
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Channel is a way to tell an agent beside the bell in the console.
type Channel string

// The channels.
const (
	ByMail  Channel = "mail"
	ByPush  Channel = "push"  // the browser, also when no tab is open
	BySound Channel = "sound" // a tab that is open
)

// Channels are all of them, in the order in which pages show them.
var Channels = []Channel{ByMail, ByPush, BySound}

// byDefault tells what an agent hears of who has chosen nothing: by mail what
// somebody waits for in person, and what they believe done that is not.
func (c Channel) byDefault(k Kind) bool {
	return c == ByMail && slices.Contains([]Kind{Mention, ReplyFailed, ReplyHeld, InboxQuiet}, k)
}

// Setting says where an agent is told of a kind.
type Setting struct {
	Kind  Kind
	App   bool // in the console
	Mail  bool
	Push  bool
	Sound bool
}

func (s *Setting) of(c Channel) *bool {
	switch c {
	case ByMail:
		return &s.Mail
	case ByPush:
		return &s.Push
	}
	return &s.Sound
}

// SettingChange is what changes of the setting of a kind; nil stays.
type SettingChange struct {
	Kind                   Kind
	App, Mail, Push, Sound *bool
}

func (c SettingChange) check(a *access.Actor) error {
	if !slices.Contains(Kinds, c.Kind) || !c.Kind.concerns(a) {
		return errs.InvalidField("body.items", "There is no such kind of notification.")
	}
	return nil
}

func (c SettingChange) of(ch Channel) *bool {
	switch ch {
	case ByMail:
		return c.Mail
	case ByPush:
		return c.Push
	}
	return c.Sound
}
