package conversation

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestTheTextOfADraftIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	text := "Hi \"Ada\",\n<b> \\ & がとう 🙂 done"
	stored, err := json.Marshal(Draft{Kind: "note", Text: text, HTML: `<p>"text":"no"</p>`})
	if err != nil {
		t.Fatal(err)
	}
	if got := DraftText(string(stored)); got != text {
		t.Errorf("%q", got)
	}
	runes := []rune(string(stored))
	for n := range runes {
		got := DraftText(string(runes[:n]))
		if len(got) > len(text) || got != text[:len(got)] || !utf8.ValidString(got) {
			t.Fatalf("of %d characters: %q", n, got)
		}
	}
	for _, odd := range []string{"", "{}", `{"kind":"reply"}`, `{"text":"\x"}`, `{"text":"a\`} {
		if got := DraftText(odd); got != "" && got != "a" {
			t.Errorf("%s: %q", odd, got)
		}
	}
}
