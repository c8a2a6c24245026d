package text

import (
	"unicode/utf8"
)

const (
	hasDigit uint8 = 1 << iota
	hasLatin
	hasCyrillic
	hasArabic
	hasOther
	nonASCII
	isRun // characters of a script without spaces
)

// token is a word, or a run of characters of a script without spaces. Offsets
// with from and to are in words (a run owns several terms there), the others in
// the source.
type token struct {
	from, to   int
	start, end int
	flags      uint8
}

// span records where a term came from; positions are those of words, -1 for
// extras.
type span struct {
	from, to   int
	start, end int
	pos        int
}

// indexer reads one document or query. It is reused and keeps its memory.
type indexer struct {
	a       *Analyzer
	s       string
	words   []byte
	extras  []byte
	nWords  int
	nExtras int
	seen    hashSet
	chunk   []token // words joined by single signs, such as those of an address
	phone   phoneRun
	buf     []byte
	mark    []byte
	onChunk func([]token) // instead of indexing the chunk
	onPhone func(phoneRun)
	record  bool
	spans   []span
}

// reset forgets the document; memory that one huge document took is given back.
func (x *indexer) reset() {
	if cap(x.words) > 1<<20 || cap(x.seen.slots) > 1<<15 {
		*x = indexer{a: x.a}
		return
	}
	x.s, x.words, x.extras = "", x.words[:0], x.extras[:0]
	x.nWords, x.nExtras = 0, 0
	x.chunk, x.phone, x.spans = x.chunk[:0], phoneRun{}, x.spans[:0]
	x.onChunk, x.onPhone, x.record = nil, nil, false
	x.seen.clear()
}

// scan reads normalised text.
func (x *indexer) scan(s string) {
	x.s = s
	for i := 0; i < len(s) && !x.full(); {
		if c := s[i]; c < utf8.RuneSelf {
			if asciiFold[c] == 0 {
				i++
				continue
			}
			i = x.word(i)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch classOf(r) {
		case wordRune:
			i = x.word(i)
		case pairRune:
			i = x.run(i)
		default:
			i += n
		}
	}
	x.flush()
	x.endPhone()
}

func (x *indexer) full() bool {
	return x.nWords >= maxWords || len(x.words)+len(x.extras) > maxTermBytes
}

// word folds the word that begins at start and returns where it ends.
func (x *indexer) word(start int) int {
	s, b := x.s, x.separate()
	t := token{from: len(b), start: start, end: start}
	runes, i := 0, start
loop:
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			k := asciiFold[c]
			if k == 0 {
				if c != '\'' {
					break
				}
				i++
				continue
			}
			if k <= '9' {
				t.flags |= hasDigit
			} else {
				t.flags |= hasLatin
			}
			if runes < MaxTermRunes {
				b = append(b, k)
				runes++
			}
			i++
			t.end = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch classOf(r) {
		case wordRune:
			var took int
			b, took = appendFolded(b, r, MaxTermRunes-runes)
			runes += took
			t.flags |= script(r)
			t.end = i + n
		case ignored:
		default:
			break loop
		}
		i += n
	}
	t.to = len(b)
	x.words = b
	x.nWords++
	x.add(t)
	return i
}

func script(r rune) uint8 {
	switch {
	case r < latinEnd, r >= latinAdd && r < latinAddEnd:
		return hasLatin | nonASCII
	case r >= 0x0400 && r <= 0x052F:
		return hasCyrillic | nonASCII
	case r >= 0x0621 && r <= 0x064A:
		return hasArabic | nonASCII
	}
	if d := lower(r); d <= '9' {
		return hasDigit | nonASCII
	}
	return hasOther | nonASCII
}

// separate returns words ready for one more term.
func (x *indexer) separate() []byte {
	if len(x.words) > 0 {
		return append(x.words, ' ')
	}
	return x.words
}

// run indexes the run of paired characters that begins at start: each pair and
// the last character alone. A line break inside a run does not end it, for mail
// in these scripts is wrapped anywhere.
func (x *indexer) run(start int) int {
	x.flush()
	s := x.s
	t := token{from: -1, start: start, flags: isRun}
	prev, prevAt, prevEnd := rune(0), 0, 0
	i := start
	for i < len(s) && !x.full() {
		r, n := utf8.DecodeRuneInString(s[i:])
		c := classOf(r)
		if c == separator && (r == '\n' || r == '\r') {
			if next := lineBreak(s[i:]); next > 0 {
				i += next
				continue
			}
		}
		if c != pairRune && c != ignored {
			break
		}
		if c == pairRune {
			if prev != 0 {
				x.pair(&t, prev, r, prevAt, i+n)
			}
			prev, prevAt, prevEnd = r, i, i+n
		}
		i += n
	}
	t.end = prevEnd
	x.pair(&t, prev, 0, prevAt, prevEnd)
	t.to = len(x.words)
	if x.onChunk != nil {
		x.onChunk([]token{t})
	}
	return i
}

// lineBreak returns the length of one line break that stands between two paired
// characters, else 0.
func lineBreak(s string) int {
	n := 1
	if len(s) > 1 && s[0] == '\r' && s[1] == '\n' {
		n = 2
	}
	r, _ := utf8.DecodeRuneInString(s[n:])
	if classOf(r) != pairRune {
		return 0
	}
	return n
}

func (x *indexer) pair(t *token, a, b rune, start, end int) {
	x.words = x.separate()
	from := len(x.words)
	if t.from < 0 {
		t.from = from
	}
	x.words, _ = appendSafe(x.words, a, MaxTermRunes)
	if b != 0 {
		x.words, _ = appendSafe(x.words, b, MaxTermRunes)
	}
	x.nWords++
	x.note(from, start, end)
}

func (x *indexer) note(from, start, end int) {
	if x.record {
		x.spans = append(x.spans, span{from: from, to: len(x.words), start: start, end: end, pos: x.nWords})
	}
}
