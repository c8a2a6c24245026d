package text

// Word is a word of a text with the forms under which it is compared.
type Word struct {
	Span
	Form string // folded
	Stem string // the same as Form where there is no other
}

// Words returns the words of a text in order, for scripts that put spaces
// between them: runs of the others are left out, see [Normalize]. The stem is
// that of the first of the analyzer's languages that has one for the word. Only
// the first 64 KiB are read.
func (a *Analyzer) Words(s string) []Word {
	s = clip(s, maxHighlighted)
	norm, at := normalizeMapped(s)
	x := a.pool.Get().(*indexer)
	defer func() {
		x.reset()
		a.pool.Put(x)
	}()
	var out []Word
	x.onPhone = func(phoneRun) {}
	x.onChunk = func(chunk []token) {
		for _, t := range chunk {
			if t.flags&isRun == 0 && t.to > t.from {
				out = append(out, x.wordOf(t, at))
			}
		}
	}
	x.scan(norm)
	return out
}

func (x *indexer) wordOf(t token, at []Span) Word {
	folded := x.words[t.from:t.to]
	w := Word{Span: sourceOf(at, t.start, t.end), Form: string(folded)}
	w.Stem = w.Form
	if t.flags&hasDigit != 0 || len(folded) < minStemmed || len(folded) > maxStemmed {
		return w
	}
	if st := x.stemsOf(folded, t); len(st.plain) > 0 {
		w.Stem = st.plain[0]
	}
	return w
}

// Normal is a text in the form in which texts without spaces are compared: NFKC,
// ASCII letters small. It knows where each part came from.
type Normal struct {
	Text string
	at   []Span
}

// Normalize brings at most 1 MiB of a text into that form.
func Normalize(s string) Normal {
	norm, at := normalizeMapped(clip(s, maxInput))
	b := []byte(norm)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return Normal{string(b), at}
}

// Source is the part of the original text that Text[from:to] came from.
func (n Normal) Source(from, to int) Span { return sourceOf(n.at, from, to) }

func sourceOf(at []Span, from, to int) Span {
	if at == nil || to <= from {
		return Span{from, to}
	}
	return Span{at[from].Start, at[to-1].End}
}
