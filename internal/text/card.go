package text

import "strings"

// cardMark stands where a digit of a card number stood.
const cardMark = "•"

// CardDigitsShown are the digits at the end of a card number that stay readable
// (PCI DSS 4.0, requirement 3.4.1, allows the first six beside them).
const CardDigitsShown = 4

// MaskCards replaces the digits of card numbers in plain text by marks, all but
// the last four; what stands between the digits stays. It reports whether there
// was any.
//
// A card number has the length and the beginning of a network (Visa, Mastercard,
// American Express, Discover, JCB, Diners Club, UnionPay, Mir, Troy), passes the
// check of ISO/IEC 7812-1, annex B, and is written together or in groups, as
// cards are. What is longer, part of a word or of an address on the web, or an
// EAN of 13 digits is none.
func MaskCards(s string) (string, bool) { return maskCards(s, false) }

// MaskCardsHTML is [MaskCards] for what is read in HTML: in its text, also where
// tags stand between the digits or characters are written as references, and in
// the words of its attributes.
func MaskCardsHTML(s string) (string, bool) { return maskCards(s, true) }

// minCardDigits is the length of the shortest number.
const minCardDigits = 13

func maskCards(s string, html bool) (string, bool) {
	if !mayHoldCard(s) {
		return s, false
	}
	c := cardScan{s: s, html: html}
	c.scan()
	if len(c.masked) == 0 {
		return s, false
	}
	var b strings.Builder
	b.Grow(len(s) + len(c.masked)*len(cardMark))
	at := 0
	for _, d := range c.masked {
		b.WriteString(s[at:d.from])
		b.WriteString(cardMark)
		at = d.to
	}
	b.WriteString(s[at:])
	return b.String(), true
}

// mayHoldCard is a quick look: most texts have few digits.
func mayHoldCard(s string) bool {
	n := 0
	for i := 0; i < len(s) && n < minCardDigits; i++ {
		if c := s[i]; c >= '0' && c <= '9' || c == 0xEF || c == '&' || c == 0xD9 || c == 0xDB {
			n++ // the others begin a full-width digit, a reference, an Arabic digit
		}
	}
	return n >= minCardDigits
}

// cardNumber tells whether digits have beginning, length and check digit of a card.
func cardNumber(digits []byte) bool {
	return cardLength(digits) && luhn(digits)
}

// cardRange is a range of first digits, and the lengths of the numbers in it.
type cardRange struct {
	from, to int // of width digits
	width    int
	min, max int
}

// cardRanges are those of the networks (ISO/IEC 7812-1; the networks publish them).
var cardRanges = []cardRange{
	{4, 4, 1, 13, 13}, {4, 4, 1, 16, 16}, {4, 4, 1, 19, 19}, // Visa
	{51, 55, 2, 16, 16}, {2221, 2720, 4, 16, 16}, // Mastercard
	{34, 34, 2, 15, 15}, {37, 37, 2, 15, 15}, // American Express
	{6011, 6011, 4, 16, 19}, {644, 649, 3, 16, 19}, {65, 65, 2, 16, 19}, // Discover; Troy shares 65
	{3528, 3589, 4, 16, 19},                                                                        // JCB
	{300, 305, 3, 14, 14}, {300, 305, 3, 16, 19}, {3095, 3095, 4, 14, 14}, {3095, 3095, 4, 16, 19}, // Diners Club
	{36, 36, 2, 14, 14}, {36, 36, 2, 16, 19}, {38, 39, 2, 14, 14}, {38, 39, 2, 16, 19},
	{62, 62, 2, 16, 19}, {8100, 8171, 4, 16, 19}, // UnionPay
	{2200, 2204, 4, 16, 19}, // Mir
	{9792, 9792, 4, 16, 16}, // Troy
}

func cardLength(digits []byte) bool {
	for _, r := range cardRanges {
		if len(digits) < r.min || len(digits) > r.max {
			continue
		}
		begins := 0
		for _, d := range digits[:r.width] {
			begins = begins*10 + int(d)
		}
		if begins >= r.from && begins <= r.to {
			return true
		}
	}
	return false
}

// luhn is the check of ISO/IEC 7812-1, annex B. Digits are values, not characters.
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d)
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// ean13 tells an article number (GS1 General Specifications, 7.9). Those of
// several countries begin as Visa's old numbers of 13 digits do, and stand in
// the mails of shops much more often.
func ean13(digits []byte) bool {
	if len(digits) != 13 {
		return false
	}
	sum := 0
	for i, d := range digits {
		sum += int(d) * (1 + i%2*2)
	}
	return sum%10 == 0
}
