package text

const (
	minPhone    = 9
	maxPhone    = 15
	phoneTail   = 9  // digits by which two spellings of a number are the same
	maxPhoneGap = 3  // characters between two groups of digits
	maxGroups   = 10 // of digits in one number
)

// phoneRun is a series of groups of digits that may be a telephone number.
type phoneRun struct {
	digits     [maxPhone]byte
	n          int
	groups     int
	start, end int // in the source
}

// addPhone continues or begins a series of digits. After each group the series
// so far counts as a number, since more digits may follow a number by chance.
func (x *indexer) addPhone(t token) {
	if t.flags&^nonASCII != hasDigit || t.to-t.from > maxPhone {
		x.endPhone()
		return
	}
	w := x.words[t.from:t.to]
	p := &x.phone
	if p.n > 0 && (p.n+len(w) > maxPhone || p.groups == maxGroups || !phoneGap(x.s[p.end:t.start])) {
		x.endPhone()
	}
	if p.n == 0 {
		p.start = t.start
	}
	p.n += copy(p.digits[p.n:], w)
	p.groups++
	p.end = t.end
	if p.n < minPhone || x.onChunk != nil {
		return
	}
	if p.groups > 1 {
		x.extra(p.digits[:p.n], p.start, p.end)
	}
	x.extra(x.tail(p.digits[:p.n]), p.start, p.end)
}

func (x *indexer) tail(digits []byte) []byte {
	b := append(x.buf[:0], string(joinMark)+string(joinMark)...)
	x.buf = append(b, digits[len(digits)-phoneTail:]...)
	return x.buf
}

func (x *indexer) endPhone() {
	if x.onPhone != nil && x.phone.n >= minPhone {
		x.onPhone(x.phone)
	}
	x.phone = phoneRun{}
}

// phoneGap reports what may stand between the groups of a telephone number.
func phoneGap(gap string) bool {
	n := 0
	for _, r := range gap {
		n++
		switch r {
		case ' ', '-', '.', '(', ')', '/', '‐', '–':
		default:
			return false
		}
	}
	return n <= maxPhoneGap
}
