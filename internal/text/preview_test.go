package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPreviewIsOneShortLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{" Hello,\r\n\r\n  where is\tmy order? ", 40, "Hello, where is my order?"},
		{"Hello, where is my order?", 10, "Hello, wh…"},
		{"Hello where", 7, "Hello…"},
		{"Hello", 5, "Hello"},
		{"Hello", 0, ""},
		{"Hello", 1, "…"},
		{"Sale ͏ \u200c ͏ \u200c \u00ad now", 20, "Sale now"},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 8, "👨‍👩‍👧‍👦…"},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 10, "👨‍👩‍👧‍👦…"},
		{"🇹🇷🇺🇦🇯🇵", 4, "🇹🇷…"},
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{"👍🏽👍🏽", 2, "…"},
		{"返品したいのですが", 5, "返品した…"},
		{"a\x00b\x1bc\xff", 9, "a b c\uFFFD"},
		{"می\u200cخواهم", 20, "می\u200cخواهم"},
		{"\u3000\u00a0\u2003", 9, ""},
	} {
		if got := Preview(c.in, c.n); got != c.want {
			t.Errorf("preview of %q with %d is %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestPreviewKeepsItsBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("a \n👨\u200d\ufe0f🇹🇷e\u0301\u034f\u200c返")), 0, 300, -1)).Draw(t, "text")
		n := rapid.IntRange(0, 200).Draw(t, "n")
		got := Preview(s, n)
		if utf8.RuneCountInString(got) > n {
			t.Fatalf("%q is longer than %d", got, n)
		}
		if strings.ContainsAny(got, "\n\r\t") || strings.Contains(got, "  ") || !utf8.ValidString(got) || strings.TrimSpace(got) != got {
			t.Fatalf("%q is not one tidy line", got)
		}
	})
}
