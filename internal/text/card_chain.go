package text

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// end looks for card numbers in the chain and begins a new one.
func (c *cardScan) end() {
	if len(c.digits) >= minCardDigits {
		was := len(c.masked)
		for i := c.behindIBAN(); i < len(c.groups); {
			if j := c.cardAt(i); j > 0 {
				c.mask(i, j)
				i = j
			} else {
				i++
			}
		}
		if len(c.masked) > was { // beside those in tags between the digits
			slices.SortFunc(c.masked[c.sorted:], func(a, b cardDigit) int { return cmp.Compare(a.from, b.from) })
		}
	}
	c.sorted = len(c.masked)
	c.digits, c.groups = c.digits[:0], c.groups[:0]
	c.gap, c.blank, c.line = 0, false, false
}

// behindIBAN is the first group of the line behind an account number that begins
// the chain (ISO 13616: two letters, two digits, then groups of four).
func (c *cardScan) behindIBAN() int {
	before := c.s[:c.digits[0].from]
	if c.groups[0].n != 2 || lettersAtEnd(before) != 2 {
		return 0
	}
	for i := 1; i < len(c.groups); i++ {
		if c.groups[i].line {
			return i
		}
	}
	return len(c.groups)
}

// mask notes the digits of the groups i to j, without the last ones.
func (c *cardScan) mask(i, j int) {
	digits := c.of(i, j)
	c.masked = append(c.masked, digits[:len(digits)-CardDigitsShown]...)
}

func (c *cardScan) of(i, j int) []cardDigit {
	last := c.groups[j-1]
	return c.digits[c.groups[i].first : last.first+last.n]
}

// cardAt is behind the last group of the longest card number that begins with
// group i, 0 when none does. A number whose end could also be the security code
// behind a shorter one is taken whole: less of it is shown.
func (c *cardScan) cardAt(i int) (behind int) {
	var values [maxCardDigits]byte
	n, lines := 0, 0
	for j := i; j < len(c.groups); j++ {
		g := c.groups[j]
		if j > i && g.line {
			lines++
		}
		if n+g.n > maxCardDigits || lines > 1 {
			break
		}
		for k, d := range c.digits[g.first : g.first+g.n] {
			values[n+k] = d.value
		}
		n += g.n
		if n >= minCardDigits && cardNumber(values[:n]) && c.written(i, j+1) && !(j == i && ean13(values[:n])) {
			behind = j + 1
		}
	}
	return behind
}

// written tells whether the groups i to j are written as card numbers are, and
// are not a part of something else.
func (c *cardScan) written(i, j int) bool {
	if !plausibleGroups(c.groups[i:j]) {
		return false
	}
	size := c.groups[i].n
	before, after := i > 0, j < len(c.groups)
	if j-i > 1 && size < 4 && (before && c.groups[i-1].n == size || after && c.groups[j].n == size) {
		return false // somewhere in a long list of digits
	}
	if before && after && j-i > 1 && c.groups[i-1].n == size && c.groups[j].n <= size {
		return false // the middle of a longer number, such as an IBAN
	}
	digits := c.of(i, j)
	return freeBefore(c.s[:digits[0].from]) && freeBehind(c.s[digits[len(digits)-1].to:])
}

// plausibleGroups knows how people write the numbers of their cards.
func plausibleGroups(g []cardGroup) bool {
	if len(g) == 1 {
		return true
	}
	fours, same := true, true
	for n, one := range g {
		last := n == len(g)-1
		if one.n%4 != 0 && !last {
			fours = false
		}
		if one.n != g[0].n && (!last || one.n > g[0].n) {
			same = false
		}
	}
	if fours || same && g[0].n != 3 && g[0].n != 7 {
		return true
	}
	switch len(g) {
	case 2:
		return g[0].n == 6 // UnionPay's 6 and 13
	case 3:
		return g[0].n == 4 && g[1].n == 6 // American Express, Diners Club
	case 4:
		return g[0].n == 4 && g[1].n == 3 && g[2].n == 3 && g[3].n == 3 // Visa's 13
	}
	return false
}

// freeBefore tells whether a number may begin behind what stands before it.
func freeBefore(before string) bool {
	r, n := utf8.DecodeLastRuneInString(before)
	switch {
	case n == 0:
		return true
	case r == '@' || r == '+':
		return false
	case (r == '.' || r == ',') && len(before) > 1 && asciiDigit(before[len(before)-2]): // a decimal point
		return false
	case r < utf8.RuneSelf && asciiLetter(byte(r)) && lettersAtEnd(before) < 3: // not as in Visa4111
		return false
	}
	return !inURL(before)
}

// freeBehind tells whether a number may end before what stands behind it.
func freeBehind(rest string) bool {
	if rest == "" || !asciiLetter(rest[0]) {
		return rest == "" || rest[0] != '@'
	}
	n := 0
	for n < len(rest) && n < 3 && asciiLetter(rest[n]) {
		n++
	}
	return n == 3 // as in 1111cvv
}

// lettersAtEnd counts the ASCII letters at the end, 0 when a digit stands before them.
func lettersAtEnd(s string) int {
	n := 0
	for n < len(s) && n < 20 && asciiLetter(s[len(s)-1-n]) {
		n++
	}
	if n < len(s) && asciiDigit(s[len(s)-1-n]) {
		return 0
	}
	return n
}

func asciiDigit(b byte) bool { return b >= '0' && b <= '9' }

func asciiLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// inURL tells whether the text ends inside of an address on the web.
func inURL(before string) bool {
	before = before[max(0, len(before)-maxURLStart):]
	if n := strings.LastIndexAny(before, " \t\r\n<>\"'()|"); n >= 0 {
		before = before[n+1:]
	}
	if strings.Contains(before, "://") || strings.HasPrefix(strings.ToLower(before), "www.") {
		return true
	}
	host, _, ok := strings.Cut(before, "/")
	dot := strings.LastIndexByte(host, '.')
	return ok && dot > 0 && dot+2 < len(host) && lettersAtEnd(host[dot+1:]) == len(host)-dot-1
}
