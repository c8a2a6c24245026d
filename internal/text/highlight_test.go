package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func marked(s string, spans []Span) string {
	var b strings.Builder
	at := 0
	for _, sp := range spans {
		b.WriteString(s[at:sp.Start] + "<" + s[sp.Start:sp.End] + ">")
		at = sp.End
	}
	return b.String() + s[at:]
}

func TestMatchesAreMarkedInTheTextAsItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, query, want string }{
		{"I returned the boxes.", "return box", "I <returned> the <boxes>."},
		{"Where is my shipment?", "ship", "Where is my <shipment>?"},
		{"Siparişim gelmedi, SİPARİŞ!", "siparis", "<Siparişim> gelmedi, <SİPARİŞ>!"},
		{"П’ять посилок", "посилка п'ять", "<П’ять> <посилок>"},
		{"返品したい、返品", "返品", "<返品>したい、<返品>"},
		{"ﾊｶﾞｷを発送", "ハガキ", "<ﾊｶﾞｷ>を発送"},
		{"ﬁnal Ｏrder™ LL-10482!", "order ll10482 final", "<ﬁnal> <Ｏrder>™ <LL-10482>!"},
		{"write to <anna.k@example.com>", "anna.k@example.com", "write to <<anna.k@example.com>>"},
		{"tel (0532) 123 45 67.", "+905321234567", "tel (<0532) 123 45 67>."},
		{"my order, order my", `"my order"`, "<my order>, order my"},
		{"cafe\u0301 au lait", "cafe", "<cafe\u0301> au lait"},
		{"nothing here", "other", "nothing here"},
	} {
		if got := marked(c.text, shop.Highlight(c.text, typing(c.query))); got != c.want {
			t.Errorf("%s in %s: %s", c.query, c.text, got)
		}
	}
}

func TestSnippetShowsTheBestPlace(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("lorem ipsum dolor\n", 40) + "the parcel was\r\n\r\nreturned by the courier " + strings.Repeat("sit amet ", 40) + "parcel"
	got := shop.Snippet(long, typing("parcel return"), 60)
	if !strings.Contains(marked(got.Text, got.Marks), "the <parcel> was <returned> by the courier") {
		t.Errorf("snippet %q", marked(got.Text, got.Marks))
	}
	if !strings.HasPrefix(got.Text, "…") || !strings.HasSuffix(got.Text, "…") {
		t.Errorf("snippet %q does not show that it was cut", got.Text)
	}
	got = shop.Snippet("a\n b", typing("zzz"), 60)
	if got.Text != "a b" || got.Marks != nil {
		t.Errorf("snippet without a match: %+v", got)
	}
	got = shop.Snippet("お世話になります。"+strings.Repeat("これはテストです。", 30)+"返品したい"+strings.Repeat("これはテストです。", 30), typing("返品"), 30)
	if !strings.Contains(marked(got.Text, got.Marks), "<返品>") {
		t.Errorf("snippet %+v", got)
	}
}

func TestSnippetsKeepTheirBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "text")
		q := anyText().Draw(t, "query")
		width := rapid.IntRange(0, 100).Draw(t, "width")
		e := typing(q)
		at := 0
		for _, sp := range shop.Highlight(s, e) {
			if sp.Start < at || sp.End <= sp.Start || sp.End > len(s) {
				t.Fatalf("span %v of %d bytes", sp, len(s))
			}
			at = sp.End
		}
		got := shop.Snippet(s, e, width)
		if n := utf8.RuneCountInString(got.Text); n > max(width, 8)+2+maxCluster {
			t.Fatalf("%d characters for width %d", n, width)
		}
		if strings.ContainsAny(got.Text, "\r\n") || !utf8.ValidString(got.Text) {
			t.Fatalf("%q is not one line", got.Text)
		}
		at = 0
		for _, m := range got.Marks {
			if m.Start < at || m.End <= m.Start || m.End > len(got.Text) {
				t.Fatalf("mark %v in %q", m, got.Text)
			}
			at = m.End
		}
	})
}
