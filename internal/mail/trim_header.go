package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// headerLine reads "From: x", "*De :* x" or "差出人：x".
func headerLine(s string) (kind byte, value string) {
	s = strings.TrimLeft(s, "*_ |\t•·")
	if len(s) > 4000 {
		s = s[:4000]
	}
	i := strings.IndexByte(s, ':')
	j := strings.Index(s, "：")
	size := 1
	if j >= 0 && (i < 0 || j < i) {
		i, size = j, len("：")
	}
	if i <= 0 || i > 40 {
		return 0, ""
	}
	label := strings.ToLower(strings.TrimSpace(strings.Trim(trimInvisible(s[:i]), "*_ \u00a0")))
	kind = headerLabels[label]
	if kind == 0 && label != "" {
		if first, _ := utf8.DecodeRuneInString(label); first > 0x2e80 { // "收件 人"
			kind = headerLabels[strings.ReplaceAll(label, " ", "")]
		}
	}
	return kind, strings.TrimSpace(strings.Trim(strings.TrimSpace(s[i+size:]), "*_"))
}

// quotedHeader is a header block found in the text.
type quotedHeader struct {
	from, to int // lines
	sender   string
	subject  string

	seen      map[byte]bool
	last      byte
	mailish   bool // holds an address or a subject
	dated     bool
	addressed bool
}

func (h *quotedHeader) field(kind byte, value string) {
	h.seen[kind], h.last = true, kind
	low := strings.ToLower(value)
	h.mailish = h.mailish || strings.Contains(value, "@") || kind == labelSubj || kind == labelDate && dateLike(low)
	h.dated = h.dated || kind == labelDate && dateLike(low) && clockLike(value)
	h.addressed = h.addressed || kind == labelTo && strings.Contains(value, "@")
	switch {
	case kind == labelFrom && h.sender == "":
		h.sender = value
	case kind == labelSubj && h.subject == "":
		h.subject = value
	}
}

// more takes a wrapped value.
func (h *quotedHeader) more(text string, adjacent bool) {
	if h.last == labelSubj && adjacent {
		h.subject = strings.TrimSpace(h.subject + " " + text)
	} else if h.last == labelFrom && !strings.Contains(h.sender, "@") {
		h.sender += " " + text
	}
	h.mailish = h.mailish || strings.Contains(text, "@")
}

// valid weighs what was found. ruled says that a rule or a divider stands
// above, which makes less enough.
func (h *quotedHeader) valid(ruled bool) bool {
	from, date, subject := h.seen[labelFrom], h.seen[labelDate], h.seen[labelSubj]
	address := strings.Contains(h.sender, "@")
	known := address || date && subject && len(h.seen) >= 3
	if known && from && h.mailish && (date || h.seen[labelTo] || subject) {
		return true
	}
	return ruled && from && address || h.dated && h.addressed || ruled && h.dated && subject
}

// headerAt reads a header block that starts at line i.
func (t *trimmer) headerAt(i int, ruled bool) (quotedHeader, bool) {
	kind, value := headerLine(t.bare[i])
	if kind == 0 || kind == labelCc || kind == labelMisc {
		return quotedHeader{}, false
	}
	h := quotedHeader{from: i, to: i + 1, seen: map[byte]bool{}}
	h.field(kind, value)
	blanks, loose := 0, 0
	quoted := t.kind[i] == kindQuote
	for k := i + 1; k < len(t.lines) && k < i+40; k++ {
		if t.bare[k] == "" {
			if blanks++; blanks > 1 {
				break
			}
			continue
		}
		if quoted != (t.kind[k] == kindQuote) {
			break
		}
		kind, value := headerLine(t.bare[k])
		if kind == 0 {
			// a wrapped value; an empty label's value may stand below it
			if blanks > 0 && (h.last != labelFrom || loose > 0) || loose >= 6 || !t.wrapsHeader(k, h.last) {
				break
			}
			loose++
			h.more(t.bare[k], blanks == 0)
			h.to = k + 1
			continue
		}
		if h.seen[kind] && (kind == labelFrom || kind == labelSubj) {
			break
		}
		blanks, loose = 0, 0
		h.field(kind, value)
		h.to = k + 1
	}
	return h, h.valid(ruled)
}

// wrapsHeader tells a continued value from the text below the header.
func (t *trimmer) wrapsHeader(k int, last byte) bool {
	if k+1 >= len(t.lines) {
		return false
	}
	s := t.bare[k]
	if last == labelTo || last == labelCc || last == labelFrom {
		if strings.Contains(s, "@") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ",") {
			return true
		}
	}
	// any line, when another label follows before a blank line
	for j := k + 1; j < len(t.lines) && j < k+4; j++ {
		if t.bare[j] == "" {
			return false
		}
		if kind, _ := headerLine(t.bare[j]); kind != 0 {
			return true
		}
	}
	return last == labelSubj && k > 0 && t.bare[k-1] != "" && t.bare[k+1] == "" && len(s) < 60 && !t.html && utf8.RuneCountInString(t.bare[k-1]) > 50
}

// divider recognises "-----Original Message-----" and its kin.
func divider(s string) (ok, forward bool) {
	if len(s) > 120 || len(s) < 8 {
		return false, false
	}
	trimmed := strings.Trim(s, "-_=*–—─━~#>< :：\t")
	if trimmed == "" {
		return false, false
	}
	low := strings.ReplaceAll(strings.ToLower(trimmed), "’", "'")
	dashed := strings.HasPrefix(strings.TrimLeft(s, "* "), "--") || strings.HasPrefix(s, "__") || strings.HasPrefix(s, "==") || strings.HasPrefix(s, "——") || strings.HasPrefix(s, "──")
	if !dashed && !(strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")) {
		return false, false
	}
	for _, w := range originalWords {
		if strings.Contains(low, w) {
			if !dashed && utf8.RuneCountInString(low) > utf8.RuneCountInString(w)+14 {
				continue
			}
			return true, containsAny(low, forwardWords)
		}
	}
	if dashed && strings.HasSuffix(strings.TrimRight(s, "* :"), "--") && containsAny(low, forwardWords) {
		return true, true
	}
	return false, false
}

var replyAbove = []string{
	"reply above this line", "type your reply above", "write your reply above", "antworten sie oberhalb dieser zeile", "bitte antworten sie über dieser linie",
	"répondez au-dessus de cette ligne", "ajouter une réponse au-dessus de cette ligne", "responda por encima de esta línea", "escriba su respuesta por encima", "rispondi sopra questa riga",
	"antwoord boven deze regel", "typ uw antwoord boven", "ответьте выше этой линии", "напишите ответ выше", "відповідайте вище цієї лінії", "bu satırın üstüne", "この行より上に", "请在此行上方回复", "svara ovanför", "svar over denne linje", "odpowiedz powyżej tej linii", "responda acima desta linha",
}

// findHeaders finds the first place from where on another mail is quoted or
// forwarded, and drops what introduces it.
func (t *trimmer) findHeaders() {
	for i := 0; i < t.term; i++ {
		if t.kind[i] == kindBlank {
			continue
		}
		s := t.bare[i]
		if t.kind[i] != kindQuote && (t.lines[i].flags&flagTerminal != 0 || containsAny(strings.ToLower(s[:min(len(s), 200)]), replyAbove)) && t.textBefore(i) {
			t.noteForward(i, i, false)
			t.end(i)
			return
		}
		if h, ok := forwardOnOneLine(s); ok {
			t.takeForward(h, true)
			h.from, h.to = i, i+1
			t.cutAtHeader(i, h)
			return
		}
		div, fwd := divider(s)
		start := i
		if div {
			i = t.nextBare(i + 1)
			if i >= len(t.lines) {
				if t.textBefore(start) {
					t.end(start)
				}
				return
			}
		}
		ruled := div || t.lines[i].flags&(flagRule|flagTerminal) != 0 || t.ruleAbove(i)
		h, ok := t.headerAt(i, ruled)
		if !ok {
			if ok = t.inlineHeader(i, ruled); ok {
				h = quotedHeader{from: i, to: i + 1, sender: t.bare[i]}
			}
		}
		if !ok && !div {
			continue
		}
		if !ok {
			i, h = start, quotedHeader{from: start, to: start + 1}
		}
		if t.kind[start] == kindQuote && !fwd {
			if t.opensQuote(start) {
				t.takeForward(h, false)
			}
			i = h.to - 1
			continue
		}
		t.takeForward(h, fwd)
		t.cutAtHeader(start, h)
		return
	}
}

// opensQuote: at most one line of the same quote stands above line i.
func (t *trimmer) opensQuote(i int) bool {
	above := 0
	for k := i - 1; k >= 0 && above < 2; k-- {
		if t.bare[k] == "" {
			continue
		}
		if t.kind[k] != kindQuote {
			break
		}
		above++
	}
	return above < 2
}

func (t *trimmer) nextBare(i int) int {
	for i < len(t.lines) && t.bare[i] == "" {
		i++
	}
	return i
}

// inlineHeader: a program that puts the whole header on one line.
func (t *trimmer) inlineHeader(i int, ruled bool) bool {
	if !ruled {
		return false
	}
	kind, value := headerLine(t.bare[i])
	if kind != labelFrom {
		return false
	}
	low := strings.ToLower(value)
	return strings.Contains(low, "@") && (strings.Contains(low, "date:") || strings.Contains(low, "sent:") || strings.Contains(low, "to:"))
}

func (t *trimmer) ruleAbove(i int) bool {
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if t.kind[k] == kindRule {
			return true
		}
		if t.kind[k] != kindBlank {
			return false
		}
	}
	return false
}

// cutAtHeader ends the reply above the header; with nothing above it the
// header goes and what it introduces stays.
func (t *trimmer) cutAtHeader(start int, h quotedHeader) {
	top := start
	for top > 0 && (t.kind[top-1] == kindBlank || t.kind[top-1] == kindRule && t.lines[top-1].flags&flagSignature == 0 || dashedTitle(t.bare[top-1])) {
		top--
	}
	if t.textBefore(top) {
		t.end(top)
		return
	}
	t.drop(0, h.to)
}

// dashedTitle: "------ any words ------".
func dashedTitle(s string) bool {
	return len(s) > 8 && len(s) < 120 && strings.HasPrefix(s, "---") && strings.HasSuffix(s, "---")
}

// takeForward remembers the sender of the first mail that is quoted. Whether
// it was forwarded or only answered is judged against the recipients.
func (t *trimmer) takeForward(h quotedHeader, fwd bool) {
	if t.forward != nil || h.sender == "" {
		return
	}
	a := senderOf(h.sender)
	if a.Address == "" && a.Name == "" {
		return
	}
	t.forward, t.fwdWord = &Forwarded{From: a, Subject: strings.TrimSpace(h.subject)}, fwd
}

// forwardOnOneLine reads "--- Forwarded Message --- From: A <a@b>To: ...
// Subject: x", the whole header run together.
func forwardOnOneLine(s string) (h quotedHeader, ok bool) {
	if !strings.HasPrefix(s, "---") || len(s) > 4000 {
		return h, false
	}
	rest := strings.TrimLeft(s, "-")
	i := strings.Index(rest, "---")
	if i <= 0 || i > 80 {
		return h, false
	}
	rest = strings.TrimSpace(strings.TrimLeft(rest[i:], "-"))
	kind, value := headerLine(rest)
	if kind != labelFrom {
		return h, false
	}
	end := strings.IndexByte(value, '>')
	if end < 0 {
		return h, false
	}
	h.sender = value[:end+1]
	tail := value[end+1:]
	for i := len(tail) - 1; i > 0; i-- {
		if tail[i] != ':' {
			continue
		}
		low := strings.ToLower(strings.TrimSpace(tail[max(0, i-40):i]))
		for label, kind := range headerLabels {
			if kind == labelSubj && len(label) > 3 && strings.HasSuffix(low, label) {
				h.subject = strings.TrimSpace(tail[i+1:])
				return h, true
			}
		}
	}
	return h, true
}

func (t *trimmer) noteForward(from, _ int, fwd bool) {
	for i := from; i < len(t.lines) && i < from+6; i++ {
		if h, ok := t.headerAt(i, true); ok {
			t.takeForward(h, fwd)
			return
		}
	}
}

// senderOf reads the sender of a quoted header: "Name <a@b>", "Name
// [mailto:a@b]", "<a@b<mailto:a@b>>", "a@b (Name)".
func senderOf(s string) Address {
	s = strings.NewReplacer("[mailto:", "<", "<mailto:", "<", "(mailto:", "<").Replace(trimInvisible(s))
	at := strings.IndexByte(s, '@')
	if at < 0 {
		return Address{Name: strings.Trim(s, " \"'*")}
	}
	from := at
	for from > 0 && addressByte(s[from-1]) {
		from--
	}
	to := at + 1
	for to < len(s) && addressByte(s[to]) {
		to++
	}
	a := Address{Address: strings.Trim(s[from:to], ".'")}
	name := strings.TrimSpace(s[:from])
	if name == "" || strings.Trim(name, "<[(\"' ") == "" {
		name = s[to:]
		if i := strings.IndexAny(name, "("); i >= 0 {
			name, _, _ = strings.Cut(name[i+1:], ")")
		} else {
			name = ""
		}
	}
	a.Name = collapseSpace(strings.Trim(strings.TrimRightFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<[(\"'*,;:", r) }), " \"'*<>"))
	return a
}

func addressByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(".!#$%&'+-/=?^_`{|}~", c) >= 0 || c >= 0x80
}
