package mail

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// decodeUndeclared decodes bytes that say nothing, or something wrong, about
// their charset. hint is a charset declared elsewhere in the mail.
func decodeUndeclared(b []byte, hint string) string {
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		return convert(charsets["utf16"].enc, b)
	}
	if hasISO2022JP(b) {
		return convert(japanese.ISO2022JP, b)
	}
	if bytes.Contains(b, []byte("\x1b$)C")) {
		return decodeISO2022KR(b)
	}
	if isASCII(b) {
		return string(b)
	}
	good, bad := countUTF8(b)
	if good > 0 && bad == 0 {
		return strings.ToValidUTF8(string(trimBOM(b)), "\ufffd")
	}
	if good > 3 && bad*20 < good {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	if c, ok := lookupCharset(hint); ok && c.kind >= singleByte && c.enc != nil && c.kind != escaped {
		if out := convert(c.enc, b); !strings.Contains(out, "\ufffd") {
			return out
		}
	}
	enc, _ := guess(b)
	return convert(enc, b)
}

// notWestern tells bytes declared as Western that can hardly be: many letters
// beyond ASCII in a row. It returns what they are.
func notWestern(b []byte) encoding.Encoding {
	high, runs, run, ascii := 0, 0, 0, 0
	for _, c := range b[:min(len(b), guessBytes)] {
		if c >= 0x80 {
			high++
			if run++; run == 3 {
				runs++
			}
			continue
		}
		run = 0
		if c|0x20 >= 'a' && c|0x20 <= 'z' {
			ascii++
		}
	}
	if runs < 2 && high < ascii {
		return nil
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(b[:min(len(b), guessBytes)])
	declared := scoreLatin(westernLetters)(string(text), b)
	if enc, score := guess(b); score > declared+0.4 {
		return enc
	}
	return nil
}

const guessBytes = 16 << 10

// guess picks the encoding in which the bytes make the most likely text.
func guess(b []byte) (encoding.Encoding, float64) {
	if len(b) > guessBytes {
		b = b[:guessBytes]
	}
	best, bestScore := encoding.Encoding(charmap.Windows1252), -1e9
	for _, c := range candidates {
		out, err := c.enc.NewDecoder().Bytes(b)
		if err != nil {
			continue
		}
		if s := c.score(string(out), b) + c.bias; s > bestScore {
			best, bestScore = c.enc, s
		}
	}
	return best, bestScore
}

type candidate struct {
	enc   encoding.Encoding
	score func(text string, b []byte) float64
	bias  float64
}

var candidates = []candidate{
	{charmap.Windows1252, scoreLatin(westernLetters), 0.02},
	{charmap.Windows1254, scoreLatin(turkishLetters), 0},
	{charmap.Windows1250, scoreLatin(centralLetters), -0.05},
	{charmap.ISO8859_2, scoreLatin(centralLetters), -0.06},
	{charmap.Windows1251, scoreCyrillic, 0},
	{charmap.KOI8U, scoreCyrillic, 0.01},
	{charmap.KOI8R, scoreCyrillic, 0},
	{charmap.CodePage866, scoreCyrillic, -0.1},
	{charmap.ISO8859_5, scoreCyrillic, -0.1},
	{charmap.Windows1253, scoreGreek, -0.05},
	{charmap.Windows1255, scoreScript(unicode.Hebrew), -0.1},
	{charmap.Windows1256, scoreScript(unicode.Arabic), -0.15},
	{charmap.Windows874, scoreScript(unicode.Thai), -0.15},
	{japanese.ShiftJIS, scoreJapanese, 0},
	{japanese.EUCJP, scoreJapanese, 0},
	{simplifiedchinese.GB18030, scoreChinese(commonSimplified), 0},
	{traditionalchinese.Big5, scoreChinese(commonTraditional), -0.02},
	{korean.EUCKR, scoreKorean, 0},
}

func asciiLetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }

// mixed counts places where a letter of table touches an ASCII letter: words
// are written in one script.
func mixed(s string, table *unicode.RangeTable) (n float64) {
	var prev rune
	for _, r := range s {
		if r >= 0x80 && asciiLetter(prev) && unicode.Is(table, r) || asciiLetter(r) && prev >= 0x80 && unicode.Is(table, prev) {
			n++
		}
		prev = r
	}
	return n
}

// tally counts classes of characters outside ASCII.
type tally struct{ total, bad float64 }

func (t *tally) see(r rune) (counts bool) {
	if r < 0x80 {
		return false
	}
	t.total++
	switch {
	case r == 0xfffd:
		t.bad += 3
	case r < 0xa0, unicode.Is(unicode.Co, r):
		t.bad += 2
	default:
		return true
	}
	return false
}

func (t *tally) result(good float64) float64 {
	if t.total == 0 {
		return 0
	}
	return (good - t.bad) / t.total
}

const (
	westernLetters = "éèêëàâäáãåçñöóôòõüúùûíîïìßæøœÉÈÀÂÄÅÁÇÑÖÓÜÚØÆ"
	turkishLetters = "ıİğĞşŞçÇöÖüÜâîû"
	centralLetters = "áéíóúýčďěňřšťůžąćęłńśźżőűöüäôăâîșțşţČŘŠŽÁÉÍŁŚŻŹÓÖÜŐŰľŕđĐ"
)

// scoreLatin: letters of the language between other letters are good, symbols
// glued to letters and lonely capitals inside of words are bad.
func scoreLatin(letters string) func(string, []byte) float64 {
	good := map[rune]bool{}
	for _, r := range letters {
		good[r] = true
	}
	turkish, western := letters == turkishLetters, letters == westernLetters
	inRow := 0.1
	if western {
		inRow = 0.4
	}
	return func(s string, _ []byte) float64 {
		var t tally
		var sum float64
		var prev rune
		turkishSigns := 0.0
		for _, r := range s {
			if t.see(r) {
				switch {
				case good[r]:
					if unicode.IsUpper(r) && unicode.IsLower(prev) {
						sum -= 0.5
					} else {
						sum += 0.75
						if unicode.IsLetter(prev) && prev < 0x80 || r > 0xff {
							sum += 0.05
						}
					}
					if turkish && strings.ContainsRune("ıİğĞşŞ", r) {
						turkishSigns++
					}
				case unicode.IsLetter(r):
					sum -= 0.1
				case strings.ContainsRune("\u00a0¿¡–—‘’“”„…•€«»°§©®™´", r):
					sum += 0.55
				default:
					sum -= 0.4
				}
				if prev >= 0x80 && unicode.IsLetter(prev) && unicode.IsLetter(r) {
					sum -= inRow
				}
			}
			if western && prev == 'õ' && r != 'e' {
				sum -= 1 // Hungarian ő, read as Western
			}
			prev = r
		}
		if turkish && turkishSigns == 0 {
			sum -= t.total * 0.2
		}
		return t.result(sum)
	}
}

const frequentCyrillic = "оеаинтслвркмдпуяыьгзбіїєґ"

// scoreCyrillic: frequent lower-case letters, and case as people write it. The
// wrong code page turns case around or mixes it.
func scoreCyrillic(s string, _ []byte) float64 {
	var t tally
	var sum float64
	var prev rune
	for _, r := range s {
		if t.see(r) {
			switch {
			case unicode.Is(unicode.Cyrillic, r):
				switch {
				case unicode.IsUpper(r) && unicode.IsLower(prev):
					sum -= 1
				case strings.ContainsRune(frequentCyrillic, unicode.ToLower(r)):
					sum += 0.9
				default:
					sum += 0.4
				}
				if unicode.IsUpper(r) && unicode.IsUpper(prev) {
					sum -= 0.35
				}
				if strings.ContainsRune("ѓќћђљњџѕјЃЌЋЂЉЊЏЅЈў", r) {
					sum -= 0.6
				}
			case strings.ContainsRune("\u00a0–—«»“”„…№’•", r):
				sum += 0.5
			default:
				sum -= 0.8
			}
		}
		prev = r
	}
	return t.result(sum - 2*mixed(s, unicode.Cyrillic))
}

func scoreGreek(s string, _ []byte) float64 {
	var t tally
	var sum float64
	var prev rune
	for _, r := range s {
		if t.see(r) {
			switch {
			case unicode.Is(unicode.Greek, r) && unicode.IsUpper(r) && unicode.IsLower(prev):
				sum -= 1
			case strings.ContainsRune("ΰϊΐϋ", r):
				sum -= 0.6
			case strings.ContainsRune("αοιετσνηυρςκπμλάέήίόύώ", r):
				sum += 0.95
			case unicode.Is(unicode.Greek, r):
				sum += 0.3
			case unicode.IsLetter(r):
				sum -= 0.5
			}
		}
		prev = r
	}
	return t.result(sum - 2*mixed(s, unicode.Greek))
}

func scoreScript(table *unicode.RangeTable) func(string, []byte) float64 {
	return func(s string, _ []byte) float64 {
		var t tally
		var sum float64
		var prev rune
		for _, r := range s {
			if t.see(r) {
				switch {
				case unicode.Is(table, r):
					sum += 0.85
					if unicode.Is(unicode.Latin, prev) {
						sum -= 1.2
					}
				case unicode.IsLetter(r):
					sum -= 0.6
				}
			}
			prev = r
		}
		return t.result(sum - mixed(s, table))
	}
}

func scoreJapanese(s string, _ []byte) float64 {
	var t tally
	var sum float64
	for _, r := range s {
		if t.see(r) {
			switch {
			case unicode.Is(unicode.Hiragana, r):
				sum += 1.1
			case r >= 0x30a0 && r <= 0x30ff, r >= 0x3000 && r <= 0x303f:
				sum += 0.95
			case r >= 0xff61 && r <= 0xff9f: // half-width katakana: EUC read as Shift_JIS
				sum -= 0.4
			case unicode.Is(unicode.Han, r):
				sum += 0.6
			case r >= 0xff01 && r <= 0xff5e:
				sum += 0.6
			default:
				sum -= 0.5
			}
		}
	}
	return t.result(sum)
}

const (
	commonSimplified  = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运您好请谢公司退货订单商品发款购买快递件客服"
	commonTraditional = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運您請謝退貨訂單商品款購買快遞客服您"
)

func scoreChinese(common string) func(string, []byte) float64 {
	set := map[rune]bool{}
	for _, r := range common {
		set[r] = true
	}
	return func(s string, _ []byte) float64 {
		var t tally
		var sum float64
		for _, r := range s {
			if t.see(r) {
				switch {
				case set[r]:
					sum += 1.25
				case unicode.Is(unicode.Han, r):
					sum += 0.3
				case r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff5e:
					sum += 0.9
				case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
					sum += 0.5 // GB and Big5 carry kana too; the Japanese code pages score it higher
				default:
					sum -= 0.5
				}
			}
		}
		return t.result(sum)
	}
}

func scoreKorean(s string, b []byte) float64 {
	var t tally
	var sum float64
	for _, r := range s {
		if t.see(r) {
			switch {
			case unicode.Is(unicode.Hangul, r):
				sum += 0.85
			case unicode.Is(unicode.Han, r):
				sum += 0.1
			case r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff5e:
				sum += 0.6
			default:
				sum -= 0.5
			}
		}
	}
	return t.result(sum - extended(b))
}

// extended counts two-byte characters outside of the 94 x 94 table, which
// Korean text hardly ever needs.
func extended(b []byte) (n float64) {
	for i := 0; i+1 < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if b[i] < 0xa1 || b[i+1] < 0xa1 {
			n++
		}
		i++
	}
	return n
}
