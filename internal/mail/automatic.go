package mail

import "strings"

// classify tells machine mail from mail that a person wrote.
func (w *walker) classify() {
	w.m.noteAutomatic()
}

// noteAutomatic reads what the header says (RFC 3834, RFC 2076 and custom).
func (m *Message) noteAutomatic() {
	h := m.Headers
	auto := strings.ToLower(stripComments(h.Raw("Auto-Submitted")))
	switch {
	case strings.HasPrefix(auto, "auto-replied"), strings.HasPrefix(auto, "auto-notified"):
		m.AutoReply = true
		m.automatic("Auto-Submitted: " + auto)
	case auto != "" && !strings.HasPrefix(auto, "no"):
		m.automatic("Auto-Submitted: " + auto)
	}
	switch p := strings.ToLower(strings.TrimSpace(h.Raw("Precedence"))); p {
	case "auto_reply", "auto-reply":
		m.AutoReply = true
		m.automatic("Precedence: " + p)
	case "bulk", "list", "junk":
		m.automatic("Precedence: " + p)
	}
	if h.Has("List-Id") || h.Has("List-Unsubscribe") || h.Has("List-Post") {
		m.automatic("List-Id")
	}
}

func (m *Message) automatic(reason string) {
	m.Automatic = true
	if m.AutomaticReason == "" {
		m.AutomaticReason = reason
	}
}
