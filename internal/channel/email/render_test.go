package email

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
)

func TestTheAuthorsSignatureStandsAboveTheInboxs(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct{ agent, inbox, want string }{
		"both":    {"Anna", "Linden & Loom", "Hi\n\n-- \nAnna\nLinden & Loom\n"},
		"author":  {"Anna", "", "Hi\n\n-- \nAnna\n"},
		"inbox":   {"", "Linden & Loom", "Hi\n\n-- \nLinden & Loom\n"},
		"neither": {" ", "\n", "Hi\n"},
	} {
		text, page := body(&inbox.Inbox{Signature: x.inbox}, &conversation.Outgoing{Text: "Hi", AgentSignature: x.agent}, nil, linkedFiles{})
		if text != x.want {
			t.Errorf("%s: %q, want %q", name, text, x.want)
		}
		if strings.Contains(page, "Loom") != (x.inbox == "Linden & Loom") || strings.Contains(page, "& Loom") {
			t.Errorf("%s: page %q", name, page)
		}
	}
}

func TestAPlainMessageHasNoHTMLPart(t *testing.T) {
	t.Parallel()
	o := &conversation.Outgoing{Text: "Hi", Plain: true, RFCID: "a@shop.test", Quote: &conversation.Quote{Text: "Where is it?", HTML: "<p>Where is it?</p>"}}
	m := render(t.Context(), nil, &inbox.Inbox{Address: "support@shop.test", Signature: "Shop"}, o, time.Unix(0, 0), linkedFiles{})
	if m.HTML != "" || !strings.Contains(m.Text, "> Where is it?") || !strings.Contains(m.Text, "-- \nShop") {
		t.Errorf("text %q, page %q", m.Text, m.HTML)
	}
}
