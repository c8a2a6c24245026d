package text

import (
	"bytes"
	"hash/maphash"
	"unicode/utf8"
)

const (
	maxChunk  = 16 // words joined by signs that are looked at together
	maxJoined = 4  // of them written as one
)

// add takes a word that was just folded into words.
func (x *indexer) add(t token) {
	x.note(t.from, t.start, t.end)
	if n := len(x.chunk); n > 0 && (n == maxChunk || !connected(x.s[x.chunk[n-1].end:t.start])) {
		x.flush()
	}
	x.chunk = append(x.chunk, t)
	x.addPhone(t)
	if t.flags&hasDigit == 0 && x.onChunk == nil {
		x.stem(x.words[t.from:t.to], t)
	}
}

// connected reports whether two words with this between them are parts of one.
func connected(gap string) bool {
	switch gap {
	case "-", "_", ".", "/", "@", "+", "‐", "–", "−":
		return true
	}
	return false
}

// flush ends a chunk and adds what it is as a whole.
func (x *indexer) flush() {
	c := x.chunk
	if len(c) == 0 {
		return
	}
	x.chunk = c[:0]
	if x.onChunk != nil {
		x.onChunk(c)
		return
	}
	for _, t := range c {
		if t.flags&hasDigit != 0 {
			x.splitNumber(t)
		}
	}
	if len(c) == 1 {
		return
	}
	for i := 1; i < len(c); i++ {
		if x.sign(c, i) == '@' {
			x.indexAddress(c, i)
		}
	}
	if x.joinable(c) {
		j := x.joined(c)
		if x.extra(j.word, j.start, j.end) && j.flags&hasDigit == 0 {
			x.stem(j.word, token{start: j.start, end: j.end, flags: j.flags})
		}
	}
}

// sign is the character between the words i-1 and i of a chunk.
func (x *indexer) sign(c []token, i int) rune {
	r, _ := utf8.DecodeRuneInString(x.s[c[i-1].end:])
	if r > utf8.RuneSelf {
		return '-'
	}
	return r
}

// joinable reports chunks that people also write as one word: order numbers
// with any sign between their parts, words with hyphens.
func (x *indexer) joinable(c []token) bool {
	if len(c) < 2 || len(c) > maxJoined {
		return false
	}
	digits, hyphens, size := false, true, 0
	for i, t := range c {
		digits = digits || t.flags&hasDigit != 0
		size += t.to - t.from
		if i == 0 {
			continue
		}
		switch x.sign(c, i) {
		case '@', '+':
			return false
		case '-', '_':
		default:
			hyphens = false
		}
	}
	return size <= MaxTermRunes && (digits || hyphens)
}

type joinedWord struct {
	word       []byte
	start, end int
	flags      uint8
}

func (x *indexer) joined(c []token) joinedWord {
	j := joinedWord{start: c[0].start, end: c[len(c)-1].end}
	b := x.buf[:0]
	for _, t := range c {
		b = append(b, x.words[t.from:t.to]...)
		j.flags |= t.flags
	}
	x.buf, j.word = b, b
	return j
}

// indexAddress adds the mail address around the @ before word i, and its domain.
func (x *indexer) indexAddress(c []token, i int) {
	from, to, ok := x.address(c, i)
	if !ok {
		return
	}
	x.extra(x.whole(c[from:to]), c[from].start, c[to-1].end)
	x.extra(x.whole(c[i:to]), c[i].start, c[to-1].end)
}

// address finds the words of the mail address around the @ before word i.
func (x *indexer) address(c []token, i int) (from, to int, ok bool) {
	for from = i - 1; from > 0; from-- {
		if s := x.sign(c, from); s == '/' || s == '@' {
			break
		}
	}
	dots := 0
	for to = i + 1; to < len(c); to++ {
		s := x.sign(c, to)
		if s != '.' && s != '-' {
			break
		}
		if s == '.' {
			dots++
		}
	}
	return from, to, dots > 0
}

// whole writes the parts of an address as one term.
func (x *indexer) whole(c []token) []byte {
	b, room := x.buf[:0], MaxTermRunes
	for i, t := range c {
		part := x.words[t.from:t.to]
		if i > 0 {
			b = utf8.AppendRune(b, joinMark)
			room--
		}
		if n := utf8.RuneCount(part); n > room {
			part = part[:len(clipRunes(string(part), max(room, 0)))]
		}
		room -= utf8.RuneCount(part)
		b = append(b, part...)
		if room <= 1 {
			break
		}
	}
	x.buf = b
	return b
}

// splitNumber adds the parts of an order number written without a sign, so that
// the digits of LL10482 are found.
func (x *indexer) splitNumber(t token) {
	if t.flags&^hasDigit == 0 || t.to-t.from > MaxTermRunes {
		return
	}
	w := x.words[t.from:t.to]
	letters, digits, ok := orderNumber(w)
	if ok {
		x.extra(letters, t.start, t.end)
		x.extra(digits, t.start, t.end)
		return
	}
	for i := 0; i < len(w); {
		n := digitsAt(w[i:])
		if n >= 4 {
			x.extra(w[i:i+n], t.start, t.end)
		}
		i += n + 1
	}
}

// orderNumber splits letters followed by at least three digits.
func orderNumber(w []byte) (letters, digits []byte, ok bool) {
	i := bytes.IndexAny(w, "0123456789")
	if i <= 0 || utf8.RuneCount(w[:i]) > 6 {
		return nil, nil, false
	}
	n := digitsAt(w[i:])
	return w[:i], w[i:], n >= 3 && i+n == len(w)
}

func digitsAt(w []byte) int {
	n := 0
	for n < len(w) && w[n] >= '0' && w[n] <= '9' {
		n++
	}
	return n
}

// extra adds a term without a position unless the document has it already, and
// reports whether it did.
func (x *indexer) extra(w []byte, start, end int) bool {
	if len(w) == 0 || x.nExtras >= maxExtras || len(x.words)+len(x.extras) > maxTermBytes {
		return false
	}
	if !x.seen.add(hash(w)) && !x.record {
		return false
	}
	if len(x.extras) > 0 {
		x.extras = append(x.extras, ' ')
	}
	from := len(x.extras)
	x.extras = append(x.extras, w...)
	x.nExtras++
	if x.record {
		x.spans = append(x.spans, span{from: from, to: len(x.extras), start: start, end: end, pos: -1})
	}
	return true
}

var seed = maphash.MakeSeed()

func hash(b []byte) uint64 { return maphash.Bytes(seed, b) | 1 }

// hashSet is a set of hashes other than 0.
type hashSet struct {
	slots []uint64
	n     int
}

func (h *hashSet) clear() {
	clear(h.slots)
	h.n = 0
}

// add reports whether v is new.
func (h *hashSet) add(v uint64) bool {
	if h.n*2 >= len(h.slots) {
		old := h.slots
		h.slots = make([]uint64, max(256, len(old)*2))
		for _, o := range old {
			if o != 0 {
				h.slots[h.find(o)] = o
			}
		}
	}
	i := h.find(v)
	if h.slots[i] == v {
		return false
	}
	h.slots[i] = v
	h.n++
	return true
}

// find returns the slot of v, or the empty one where it belongs.
func (h *hashSet) find(v uint64) int {
	mask := len(h.slots) - 1
	for i := int(v>>1) & mask; ; i = (i + 1) & mask {
		if h.slots[i] == 0 || h.slots[i] == v {
			return i
		}
	}
}
