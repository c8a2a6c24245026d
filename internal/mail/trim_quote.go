package mail

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
		attr := t.kind[i] == kindAttribution
		last := i
		for ; i < t.term; i++ {
			switch t.kind[i] {
			case kindQuote:
				last = i
				continue
			case kindAttribution:
				if attr && last == i-1 || t.kind[last] == kindAttribution {
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
	text := func(from, to int) (n int) {
		for k := from; k < to; k++ {
			if t.kind[k] == kindText && !mobileSignature(t.bare[k]) {
				n++
			}
		}
		return n
	}
	before, attributed := text(0, blocks[0].from), false
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
		attributed = attributed || hasAttr
		after := text(b.to, t.term)
		signOff := t.onlySignOff(b.to)
		switch {
		case after == 0 || signOff:
			if before > 0 || hasAttr || k > 0 || after > 0 {
				t.drop(b.from, b.to)
			}
		case before == 0 && k == 0 && hasAttr && len(blocks) == 1:
			t.drop(b.from, b.to)
		}
		before += text(b.to, t.term)
	}
	_ = attributed
}

// inQuoteAttribution: "> On ... wrote:" as the first line of a quote.
func (t *trimmer) inQuoteAttribution(i, to int) bool {
	return attributionSpan(t.bare, i, to, true) > 0
}

// wrapped guesses that b is the end of the quoted line a.
func wrapped(a, b string) bool {
	return len(a) > 60 && len(b) < 40 || len(b) > 0 && (b[0] == ' ' || b[len(b)-1] == '>')
}

// onlySignOff: what follows line i is not more than a greeting and a name.
func (t *trimmer) onlySignOff(i int) bool {
	n := 0
	for k := i; k < t.term; k++ {
		if t.kind[k] != kindText || mobileSignature(t.bare[k]) {
			continue
		}
		if t.kind[k] == kindText && (delimiter(t.bare[k]) || t.lines[k].flags&flagSignature != 0) {
			return true
		}
		n++
		if n > 2 || len(t.bare[k]) > 60 || n == 1 && !closing(t.bare[k]) {
			return false
		}
	}
	return n > 0
}
