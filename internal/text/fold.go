package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Letters that NFKC replaces by others and that folded text can therefore never
// contain. The doc of the package says what each stands for.
const (
	stemMark  = 'º'
	joinMark  = 'ª'
	runeMark  = 'ŀ'
	hexDigits = "0123456789abcdef"
)

type class uint8

const (
	separator class = iota
	ignored         // neither a letter nor the end of a word
	wordRune
	pairRune // of a script written without spaces
)

// asciiFold holds the folded form of ASCII letters and digits, 0 for the rest.
var asciiFold = func() (t [utf8.RuneSelf]byte) {
	for c := '0'; c <= '9'; c++ {
		t[c] = byte(c)
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] = byte(c)
		t[c-'a'+'A'] = byte(c)
	}
	return t
}()

const (
	latinEnd    = 0x250
	latinAdd    = 0x1E00
	latinAddEnd = 0x1F00
)

type pair [2]byte

// Base letters of Latin letters with marks; zero where there is none in ASCII.
var (
	latinBase    = baseLetters(0, latinEnd)
	latinAddBase = baseLetters(latinAdd, latinAddEnd)
)

// Letters that Unicode does not take apart but readers do.
var latinPlain = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d",
	'ð': "d", 'þ': "th", 'ħ': "h", 'ı': "i", 'İ': "i",
}

func baseLetters(from, to rune) []pair {
	out := make([]pair, to-from)
	for r := from; r < to; r++ {
		if !unicode.IsLetter(r) {
			continue
		}
		low := unicode.ToLower(r)
		plain, ok := latinPlain[r]
		if !ok {
			plain, ok = latinPlain[low]
		}
		if !ok {
			plain = withoutMarks(low)
		}
		if len(plain) > 0 && len(plain) <= 2 && isASCII(plain) {
			copy(out[r-from][:], plain)
		}
	}
	return out
}

func withoutMarks(r rune) string {
	var out []rune
	for _, d := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, d) {
			continue
		}
		if plain, ok := latinPlain[d]; ok {
			out = append(out, []rune(plain)...)
			continue
		}
		out = append(out, d)
	}
	return string(out)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// classOf sorts a character of normalised text.
func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if asciiFold[r] != 0 {
			return wordRune
		}
		if r == '\'' {
			return ignored
		}
		return separator
	case r < latinEnd:
		if r == 0xAD {
			return ignored
		}
		if r >= 0xC0 && r != 0xD7 && r != 0xF7 {
			return wordRune
		}
		return separator
	case r == 0x02BC, r == 0x2019, r == utf8.RuneError:
		if r == utf8.RuneError {
			return separator
		}
		return ignored
	case r >= 0x0300 && r <= 0x036F: // what NFKC composed is a letter by now
		return ignored
	case r >= 0x0400 && r <= 0x0481 || r >= 0x048A && r <= 0x052F:
		return wordRune
	case isPaired(r):
		return pairRune
	case isInvisible(r), isVowelPoint(r):
		return ignored
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
		return wordRune
	}
	return separator
}

// isPaired reports characters of scripts that put no spaces between words (and
// Hangul, whose particles are written onto the word).
func isPaired(r rune) bool {
	switch {
	case r < 0x0E01:
		return false
	case r <= 0x0EFF: // Thai, Lao
		return unicode.IsLetter(r) || unicode.IsMark(r)
	case r >= 0x1000 && r <= 0x109F, r >= 0x1780 && r <= 0x17D3: // Myanmar, Khmer
		return unicode.IsLetter(r) || unicode.IsMark(r)
	case r >= 0x1100 && r <= 0x11FF, r >= 0xAC00 && r <= 0xD7FB: // Hangul
		return true
	case r >= 0x3005 && r <= 0x3007:
		return true
	case r >= 0x3041 && r <= 0x30FF:
		return r != 0x30FB && r != 0x30A0 && r != 0x309B && r != 0x309C
	case r >= 0x3105 && r <= 0x318E, r >= 0x31F0 && r <= 0x31FF:
		return true
	case r >= 0x3400 && r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF:
		return true
	}
	return r >= 0x20000 && r <= 0x3FFFF && unicode.Is(unicode.Han, r)
}

// isInvisible reports format characters that stand inside words without being
// part of them: joiners, direction marks, variation selectors.
func isInvisible(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
		return true
	}
	return r == 0xAD || r == 0x034F || r == 0x061C || r == 0x180E || r == 0xFEFF
}

// isVowelPoint reports the optional points of Arabic and Hebrew and the Arabic
// stretching stroke.
func isVowelPoint(r rune) bool {
	return r == 0x0640 || r == 0x0670 || r >= 0x064B && r <= 0x065F || r >= 0x0591 && r <= 0x05C7 && unicode.IsMark(r)
}

// appendFolded appends the folded form of a letter, digit or mark outside ASCII
// and returns how many runes that took. The result is empty when it would take
// more than room.
func appendFolded(dst []byte, r rune, room int) ([]byte, int) {
	var p pair
	switch {
	case r < latinEnd:
		p = latinBase[r]
	case r >= latinAdd && r < latinAddEnd:
		p = latinAddBase[r-latinAdd]
	}
	if p[0] != 0 {
		n := 1
		if p[1] != 0 {
			n = 2
		}
		if n > room {
			return dst, 0
		}
		return append(dst, p[:n]...), n
	}
	return appendSafe(dst, lower(r), room)
}

// lower is the case folding of letters outside Latin, which also writes decimal
// digits of other scripts as ASCII.
func lower(r rune) rune {
	switch {
	case r >= 0x0410 && r <= 0x042F:
		return r + 0x20
	case r == 'Ё', r == 'ё': // hardly anybody types the dots
		return 'е'
	case r >= 0x0430 && r <= 0x045F:
		return r
	case r >= 0x0660 && r <= 0x0669:
		return r - 0x0660 + '0'
	case r >= 0x06F0 && r <= 0x06F9:
		return r - 0x06F0 + '0'
	case r >= 0x0966 && r <= 0x096F:
		return r - 0x0966 + '0'
	}
	return unicode.ToLower(unicode.ToUpper(r)) // one capital may have two small letters
}

// appendSafe appends r, or its number where unicode61 would see no letter.
func appendSafe(dst []byte, r rune, room int) ([]byte, int) {
	if isTokenRune(r) {
		if room < 1 {
			return dst, 0
		}
		return utf8.AppendRune(dst, r), 1
	}
	if room < 6 {
		return dst, 0
	}
	dst = utf8.AppendRune(dst, runeMark)
	for shift := 16; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[r>>shift&15])
	}
	return dst, 6
}

// isTokenRune reports characters that unicode61, which knows the letters of
// Unicode 6.1, keeps inside a token. It says no when in doubt.
func isTokenRune(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return asciiFold[r] != 0
	case r < latinEnd:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7
	case r >= 0x0400 && r <= 0x0481, r >= 0x048A && r <= 0x0523:
		return true
	case r >= 0x3041 && r <= 0x3096, r >= 0x30A1 && r <= 0x30FA, r >= 0x30FC && r <= 0x30FE:
		return true
	case r >= 0x4E00 && r <= 0x9FCB, r >= 0x3400 && r <= 0x4DB5, r >= 0xAC00 && r <= 0xD7A3:
		return true
	case r >= 0x0388 && r <= 0x03CE:
		return r != 0x038B && r != 0x038D && r != 0x03A2
	case r >= 0x05D0 && r <= 0x05EA, r >= 0x0621 && r <= 0x063A, r >= 0x0641 && r <= 0x064A:
		return true
	case r >= 0x0671 && r <= 0x06D3, r >= 0x0905 && r <= 0x0939, r >= 0x0E01 && r <= 0x0E30:
		return true
	case r >= 0x10D0 && r <= 0x10F0, r >= 0x0561 && r <= 0x0586:
		return true
	}
	return r == 0x3005
}
