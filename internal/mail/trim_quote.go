package mail

import "strings"

// quoteBlock is a run of quoted lines with what introduces it.
type quoteBlock struct {
	from, to   int
	attributed bool
}

// dropQuotes decides on quoted lines: what follows an attribution at the end
// goes, what stands between newly written text stays as its context.
func (t *trimmer) dropQuotes() {
	var blocks []quoteBlock
	for i := 0; i < t.term; i++ {
		if t.kind[i] == kindQuote || t.kind[i] == kindAttribution {
			b := t.quoteBlock(i)
			blocks = append(blocks, b)
			i = b.to - 1
		}
	}
	if len(blocks) == 0 {
		return
	}
	t.countTexts()
	for k, b := range blocks {
		before, after := t.textLines(0, b.from), t.textLines(b.to, t.term)
		cited := t.html && !b.attributed && before > 0 && k+1 < len(blocks) && t.textLines(b.to, blocks[k+1].from) == 0
		last := after == 0 || t.onlySignOff(b.to)
		alone := before == 0 && k == 0 && len(blocks) == 1
		switch {
		case cited: // by the writer; what was answered comes in the next block
		case last && (before > 0 || b.attributed || k > 0 || after > 0), alone && b.attributed:
			t.drop(b.from, b.to)
		}
	}
}

// quoteBlock reads the block that starts at line i and drops the lines that
// only introduce it.
func (t *trimmer) quoteBlock(i int) quoteBlock {
	b := quoteBlock{from: i}
	last := i
scan:
	for ; i < t.term; i++ {
		switch t.kind[i] {
		case kindQuote:
			last = i
		case kindAttribution:
			if t.kind[last] != kindAttribution {
				break scan
			}
			last = i
		case kindText: // a quoted line that lost its mark when it was wrapped
			if i+1 >= t.term || t.kind[i-1] != kindQuote || t.kind[i+1] != kindQuote || !wrapped(t.lines[i-1].text, t.lines[i].text) {
				break scan
			}
			last = i
		case kindBlank, kindDropped:
		default:
			break scan
		}
	}
	b.to = last + 1
	for k := b.from; k < b.to; k++ {
		if t.kind[k] == kindAttribution {
			b.attributed = true
			t.kind[k] = kindDropped
		} else if t.kind[k] == kindQuote && t.inQuoteAttribution(k, b.to) {
			b.attributed = true
		}
	}
	return b
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
