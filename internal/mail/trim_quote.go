package mail

import "strings"

// dropQuotes decides on quoted lines: what follows an attribution at the end
// goes, what stands between newly written text stays as its context.
func (t *trimmer) dropQuotes() {
	type block struct{ from, to int }
	var blocks []block
	for i := 0; i < t.term; i++ {
		if t.kind[i] != kindQuote && t.kind[i] != kindAttribution {
			continue
		}
		b := block{from: i}
		last := i
		for ; i < t.term; i++ {
			switch t.kind[i] {
			case kindQuote:
				last = i
				continue
			case kindAttribution:
				if t.kind[last] == kindAttribution {
					last = i
					continue
				}
			case kindBlank, kindDropped:
				continue
			case kindText:
				// a quoted line that lost its mark when it was wrapped
				if i > b.from && i+1 < t.term && t.kind[i-1] == kindQuote && t.kind[i+1] == kindQuote && wrapped(t.lines[i-1].text, t.lines[i].text) {
					last = i
					continue
				}
			}
			break
		}
		b.to = last + 1
		blocks = append(blocks, b)
		i = last
	}
	if len(blocks) == 0 {
		return
	}
	t.countTexts()
	text := t.textLines
	before := text(0, blocks[0].from)
	for k, b := range blocks {
		hasAttr := false
		for i := b.from; i < b.to; i++ {
			if t.kind[i] == kindAttribution {
				hasAttr = true
				t.kind[i] = kindDropped
			} else if t.kind[i] == kindQuote && (t.inQuoteAttribution(i, b.to)) {
				hasAttr = true
			}
		}
		after := text(b.to, t.term)
		signOff := t.onlySignOff(b.to)
		switch {
		case t.html && !hasAttr && before > 0 && k+1 < len(blocks) && text(b.to, blocks[k+1].from) == 0:
			// cited by the writer: what was answered comes in the next block
		case after == 0 || signOff:
			if before > 0 || hasAttr || k > 0 || after > 0 {
				t.drop(b.from, b.to)
			}
		case before == 0 && k == 0 && hasAttr && len(blocks) == 1:
			t.drop(b.from, b.to)
		}
		before += text(b.to, t.term)
	}
}

// inQuoteAttribution: "> On ... wrote:" as the first line of a quote.
func (t *trimmer) inQuoteAttribution(i, to int) bool {
	return attributionSpan(t.bare, i, to, true) > 0
}

// wrapped guesses that b is the end of the quoted line a.
func wrapped(a, b string) bool {
	if len(b) == 0 {
		return false
	}
	return len(a) >= 60 && len(b) < 80 && !strings.ContainsAny(a[len(a)-1:], ".!?:") || b[0] == ' ' || b[len(b)-1] == '>'
}

// onlySignOff: what follows line i is not more than a greeting, a name and a
// signature.
func (t *trimmer) onlySignOff(i int) bool {
	n := 0
	for k := i; k < t.term && k < i+200; k++ {
		switch t.kind[k] {
		case kindBlank, kindDropped:
			continue
		case kindQuote, kindAttribution:
			return false
		}
		if delimiter(t.bare[k]) || t.lines[k].flags&flagSignature != 0 {
			return t.fewLines(k) <= maxSignatureLines
		}
		if t.kind[k] != kindText || mobileSignature(t.bare[k]) {
			continue
		}
		n++
		if n > 3 || len(t.bare[k]) > 60 || n == 1 && !closing(t.bare[k]) {
			return false
		}
	}
	return n > 0
}

// fewLines counts the lines with text from line i on; a quote counts as many.
func (t *trimmer) fewLines(i int) (n int) {
	for ; i < t.term && n <= maxSignatureLines; i++ {
		switch t.kind[i] {
		case kindText:
			n++
		case kindQuote, kindAttribution:
			n += maxSignatureLines
		}
	}
	return n
}
