package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxAttributionLines = 5
	maxAttributionBytes = 500
)

// findAttributions marks "On ... wrote:" and what follows it.
func (t *trimmer) findAttributions() {
	for i := 0; i < t.term; i++ {
		if t.kind[i] != kindText && t.kind[i] != kindRule {
			continue
		}
		n := 0
		if t.lines[i].flags&flagAttribution != 0 {
			for n = 1; i+n < t.term && t.lines[i+n].flags&flagAttribution != 0; n++ {
			}
		} else {
			if cut, ok := attributionInside(t.bare[i]); ok && t.quoteFollows(i+1) {
				if t.split == nil {
					t.split = map[int]string{}
				}
				t.split[i] = cut
				continue
			}
			n = t.spanAt(i)
		}
		if n == 0 {
			continue
		}
		for k := i; k < i+n; k++ {
			t.kind[k] = kindAttribution
		}
		if t.forward == nil {
			if s := strings.Join(t.bare[i:i+n], " "); strings.Contains(s, "@") {
				t.takeForward(quotedHeader{sender: attributionName(s)}, false)
			}
		}
		t.afterAttribution(i + n)
		i += n - 1
	}
}

// spanAt returns the length of the attribution that starts at line i; text
// that only runs into one does not count.
func (t *trimmer) spanAt(i int) int {
	n := attributionSpan(t.bare, i, t.term, false)
	if n == 0 && t.leadsToQuote(i) {
		return 1
	}
	for k := 1; k < n; k++ {
		if t.kind[i+k] == kindQuote || strongStart(t.bare[i+k]) && attributionSpan(t.bare, i+k, t.term, false) == n-k {
			return 0
		}
	}
	return n
}

// strongStart: "On 3 May", "Am 21.04.2016", "2016-10-24": a word that leads to
// a date, and the date.
func strongStart(s string) bool {
	fields := strings.Fields(strings.TrimLeft(s, "*-_ ><[("))
	if len(fields) < 2 {
		return false
	}
	digit := func(w string) bool { return w[0] >= '0' && w[0] <= '9' }
	low := strings.ToLower(strings.TrimRight(fields[0], ".,:"))
	return digit(fields[0]) && dateLike(strings.ToLower(s)) || startWords[low] && (digit(fields[1]) || dayName(strings.ToLower(fields[1]))) || dayName(low) && digit(fields[1])
}

func (t *trimmer) quoteFollows(i int) bool {
	i = t.nextNonBlank(i)
	return i < t.term && t.kind[i] == kindQuote
}

// afterAttribution: without quote marks the rest of the mail is the quote,
// provided that something was written before it.
func (t *trimmer) afterAttribution(i int) {
	next := t.nextNonBlank(i)
	if next < t.term && (t.kind[next] == kindQuote || strings.HasPrefix(t.bare[next], "|")) {
		for k := next; k < t.term && (strings.HasPrefix(t.bare[k], "|") || t.kind[k] == kindBlank); k++ {
			if t.kind[k] == kindText {
				t.kind[k] = kindQuote
			}
		}
		return
	}
	start := i - 1
	for start > 0 && t.kind[start-1] == kindAttribution {
		start--
	}
	if t.textBefore(start) {
		t.end(start)
	}
}

// attributionSpan returns how many lines from i on form an attribution, 0 for
// none.
func attributionSpan(bare []string, i, to int, quoted bool) int {
	if bare[i] == "" {
		return 0
	}
	joined := ""
	for n := 1; n <= maxAttributionLines && i+n <= to; n++ {
		s := bare[i+n-1]
		if s == "" {
			return 0
		}
		if n > 1 {
			joined += " "
		}
		joined += s
		if len(joined) > maxAttributionBytes {
			return 0
		}
		if n == 1 && !mayStart(s) {
			if one := attributionAlone(s); one > 0 {
				return one
			}
			low := strings.ToLower(s)
			if !strings.Contains(s, "<") || !strings.Contains(s, "@") || !containsWrote(low) {
				return 0
			}
			continue
		}
		if endsAttribution(s) && isAttribution(joined) {
			return n
		}
	}
	return 0
}

// endsAttribution is the cheap test of a last line.
func endsAttribution(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	switch r {
	case ':', '：', '>', '-', ')', '*', '_', '"', ']':
		return true
	}
	return containsWrote(strings.ToLower(s[max(0, len(s)-40):]))
}

// mayStart: the line begins like a date, a name in quotes, an address or one
// of the words that languages put before a date.
func mayStart(s string) bool {
	s = strings.TrimLeft(s, "*-_ ><[(")
	if s == "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	if unicode.IsDigit(r) || r == '"' || r == '«' || r == '“' || r == '\'' || r > 0x2e80 {
		return true
	}
	word := s
	if i := strings.IndexAny(s, " \t,"); i > 0 {
		word = s[:i]
	}
	low := strings.ToLower(word)
	return startWords[low] || startWords[strings.TrimRight(low, ".,:")] || dayName(low)
}

var dayNames = strings.Fields("mon tue wed thu fri sat sun mo di mi do fr sa so lun mar mer jeu ven sam dim mié jue vie sáb dom seg ter qua qui sex gio sab ma wo vr za zo man tir ons tor fre lör lør sön søn pn wt śr czw pt sob niedz po út st čt pá so ne пн вт ср чт пт сб вс нд pzt sal çar per cum cmt paz δευ τρί τετ πέμ παρ σάβ κυρ")

func dayName(low string) bool {
	low = strings.TrimRight(low, ".,:")
	for _, d := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "понеділок", "вівторок", "середа", "четвер", "п'ятниця", "субота", "неділя"} {
		if low == d {
			return true
		}
	}
	for _, d := range dayNames {
		if low == d {
			return true
		}
	}
	return false
}

// isAttribution judges lines that begin like one.
func isAttribution(s string) bool {
	low := strings.ToLower(strings.Trim(s, "*-_ "))
	digits := strings.IndexFunc(low, unicode.IsDigit) >= 0
	addr := strings.Contains(low, "@")
	colon := strings.HasSuffix(low, ":") || strings.HasSuffix(low, "：")
	if colon && bracketedAddress(low) && clockLike(low) {
		return true // in any language
	}
	if containsWrote(low) {
		if wroteAtEnd(low) {
			return digits || addr
		}
		return digits && addr && colon || digits && colon && dateLike(low)
	}
	if !addr || !digits || !dateLike(low) {
		return false
	}
	// "26.06.2014, 14:41, "Name" <a@b.c>:" and "2013/7/20 Name <a@b.c>"
	return (strings.HasSuffix(low, ">:") || strings.HasSuffix(low, ">") || strings.HasSuffix(low, "):") || colon) && len(low) < 300 && dateFirst(low)
}

// bracketedAddress: "<a@b>" or "(a@b)".
func bracketedAddress(low string) bool {
	at := strings.IndexByte(low, '@')
	return at > 0 && strings.ContainsAny(low[:at], "<(") && strings.ContainsAny(low[at:], ">)")
}

// clockLike: a time of day.
func clockLike(low string) bool {
	for i := 1; i+2 < len(low); i++ {
		if (low[i] == ':' || low[i] == '.') && low[i-1] >= '0' && low[i-1] <= '9' && low[i+1] >= '0' && low[i+1] <= '5' && low[i+2] >= '0' && low[i+2] <= '9' {
			return true
		}
	}
	return false
}

// wroteAtEnd: the verb closes the line but for a colon or an adverb.
func wroteAtEnd(low string) bool {
	for _, w := range wroteWords {
		i := strings.LastIndex(low, w)
		if i < 0 || !wordAt(low, i, len(w)) {
			continue
		}
		rest := strings.Trim(low[i+len(w):], " :：*-_()>\"")
		if len(rest) <= 24 && (rest == "" || strings.HasPrefix(rest, "(a") || rest == "a" || strings.Contains(low[i:], ":") || strings.Contains(low[i:], "：")) {
			return true
		}
	}
	return false
}

// dateLike: a clock time, or a year or date written with digits.
func dateLike(low string) bool {
	run, seps := 0, 0
	for i := 0; i < len(low); i++ {
		c := low[i]
		if c >= '0' && c <= '9' {
			run++
			if run == 4 {
				return true
			}
			continue
		}
		if run > 0 && (c == ':' || c == '.' || c == '/' || c == '-') && i+1 < len(low) && low[i+1] >= '0' && low[i+1] <= '9' {
			if seps++; seps >= 1 && c == ':' || seps >= 2 {
				return true
			}
		}
		run = 0
	}
	return false
}

func dateFirst(low string) bool {
	at := strings.IndexByte(low, '@')
	d := strings.IndexFunc(low, unicode.IsDigit)
	return d >= 0 && d < at && d < 40
}

// attributionAlone judges a line that begins with a name: "Bob <b@c.d> wrote:".
func attributionAlone(s string) int {
	low := strings.ToLower(strings.Trim(s, "*-_ "))
	if len(low) > 250 || !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, "：") && !strings.HasSuffix(s, "---") {
		return 0
	}
	if bracketedAddress(low) && clockLike(low) {
		return 1
	}
	if containsWrote(low) && (strings.Contains(low, "@") || dateLike(low) || strings.HasSuffix(s, "---")) && (wroteAtEnd(low) || bracketedAddress(low)) {
		return 1
	}
	return 0
}

// leadsToQuote: the last line before a quote, with any sign of a sender, date
// or verb and a colon at its end.
func (t *trimmer) leadsToQuote(i int) bool {
	s := t.bare[i]
	if !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, "：") || len(s) > 250 || !t.quoteFollows(i+1) {
		return false
	}
	low := strings.ToLower(s)
	return containsWrote(low) && (wroteAtEnd(low) || dateLike(low)) || strings.Contains(low, "@") && (dateLike(low) || bracketedAddress(low))
}

// attributionInside finds "text On Wed, Apr 4, 2012 at 3:59 PM, bob wrote:" on
// one line and returns the text.
func attributionInside(s string) (before string, ok bool) {
	if !strings.HasSuffix(s, ":") || len(s) > maxAttributionBytes {
		return "", false
	}
	for at := len(s); ; {
		i := strings.LastIndex(s[:at], "On ")
		if i <= 0 {
			return "", false
		}
		at = i
		rest := s[i:]
		if fields := strings.Fields(rest); len(fields) > 2 && (dayName(strings.ToLower(fields[1])) || fields[1][0] <= '9') && isAttribution(rest) {
			return strings.TrimRight(strings.TrimSpace(s[:i]), "-"), true
		}
	}
}

// attributionName is what stands around the address in an attribution.
func attributionName(s string) string {
	at := strings.IndexByte(s, '@')
	from := at
	for from > 0 && addressByte(s[from-1]) {
		from--
	}
	before := s[:from]
	for _, q := range []string{`"`, "„", "“", "«"} {
		if i := strings.Index(before, q); i >= 0 {
			if name := strings.Trim(before[i:], ` "„“”«»<(`); name != "" {
				return name + " <" + s[from:]
			}
		}
	}
	if i := strings.LastIndexAny(before, ",0123456789"); i >= 0 {
		before = before[i+1:]
	}
	return before + s[from:]
}
