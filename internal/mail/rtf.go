package mail

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// lzfuStart fills the dictionary of compressed RTF ([MS-OXRTFCP] 2.1.2.1).
const lzfuStart = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

const maxRTF = 8 << 20

// decompressRTF undoes LZFu; nil when it is not that.
func decompressRTF(b []byte) []byte {
	if len(b) < 16 {
		return nil
	}
	switch binary.LittleEndian.Uint32(b[8:]) {
	case 0x414c454d: // not compressed
		return b[16:]
	case 0x75465a4c:
	default:
		return nil
	}
	want := min(int(binary.LittleEndian.Uint32(b[4:])), maxRTF)
	b = b[16:]
	var dict [4096]byte
	copy(dict[:], lzfuStart)
	pos := len(lzfuStart)
	out := make([]byte, 0, max(0, min(want, 64<<10)))
	put := func(c byte) {
		out = append(out, c)
		dict[pos] = c
		pos = (pos + 1) & 4095
	}
	for len(b) > 0 && len(out) < want {
		flags := b[0]
		b = b[1:]
		for bit := 0; bit < 8 && len(b) > 0 && len(out) < want; bit++ {
			if flags>>bit&1 == 0 {
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			ref := int(b[0])<<8 | int(b[1])
			b = b[2:]
			at, n := ref>>4, ref&15+2
			if at == pos {
				return out
			}
			for k := 0; k < n; k++ {
				put(dict[(at+k)&4095])
			}
		}
	}
	return out
}

// rtfState is what a group of RTF changes.
type rtfState struct {
	skip    bool // destination that is not shown
	htmlrtf bool // RTF that only repeats the HTML
	tag     bool // inside of an htmltag
	uc      int
}

// readRTF makes HTML of RTF that was made from HTML ([MS-OXRTFEX]) and plain
// text of any other.
func readRTF(b []byte) (text string, isHTML bool) {
	r := &rtfReader{b: b, html: strings.Contains(string(b[:min(len(b), 1000)]), "\\fromhtml"), page: "cp1252"}
	r.state.uc = 1
	r.run()
	return r.out.String(), r.html
}

type rtfReader struct {
	b     []byte
	i     int
	html  bool
	page  string
	state rtfState
	stack []rtfState
	out   strings.Builder
	bytes []byte
	drop  int // characters to leave out after \u
}

func (r *rtfReader) flush() {
	if len(r.bytes) > 0 {
		r.out.WriteString(decodeCharset(r.page, r.bytes))
		r.bytes = r.bytes[:0]
	}
}

func (r *rtfReader) visible() bool {
	if r.state.skip {
		return false
	}
	return r.state.tag || !r.state.htmlrtf || !r.html
}

func (r *rtfReader) put(c byte) {
	if r.drop > 0 {
		r.drop--
		return
	}
	if r.visible() {
		r.bytes = append(r.bytes, c)
	}
}

func (r *rtfReader) run() {
	for r.i < len(r.b) && r.out.Len() < maxRTF {
		switch c := r.b[r.i]; c {
		case '{':
			if len(r.stack) < 1000 {
				r.stack = append(r.stack, r.state)
			}
			r.i++
		case '}':
			if n := len(r.stack); n > 0 {
				r.state, r.stack = r.stack[n-1], r.stack[:n-1]
			}
			r.i++
		case '\\':
			r.control()
		case '\r', '\n':
			r.i++
		default:
			r.put(c)
			r.i++
		}
	}
	r.flush()
}

func (r *rtfReader) control() {
	r.i++
	if r.i >= len(r.b) {
		return
	}
	c := r.b[r.i]
	if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
		r.i++
		r.symbol(c)
		return
	}
	start := r.i
	for r.i < len(r.b) && (r.b[r.i] >= 'a' && r.b[r.i] <= 'z' || r.b[r.i] >= 'A' && r.b[r.i] <= 'Z') {
		r.i++
	}
	word := string(r.b[start:r.i])
	start = r.i
	if r.i < len(r.b) && r.b[r.i] == '-' {
		r.i++
	}
	for r.i < len(r.b) && r.b[r.i] >= '0' && r.b[r.i] <= '9' {
		r.i++
	}
	num := string(r.b[start:r.i])
	if r.i < len(r.b) && r.b[r.i] == ' ' {
		r.i++
	}
	r.word(word, num)
}

func (r *rtfReader) symbol(c byte) {
	switch c {
	case '\'':
		if r.i+1 < len(r.b) && isHex(r.b[r.i]) && isHex(r.b[r.i+1]) {
			r.put(unhex(r.b[r.i])<<4 | unhex(r.b[r.i+1]))
			r.i += 2
		}
	case '*':
		if !(r.html && strings.HasPrefix(string(r.b[r.i:min(len(r.b), r.i+8)]), "\\htmltag")) {
			r.state.skip = true
		}
	case '~':
		r.put(' ')
	case '_':
		r.put('-')
	case '\\', '{', '}':
		r.put(c)
	case '\r', '\n':
		r.put('\n')
	}
}

func (r *rtfReader) word(word, num string) {
	switch word {
	case "htmltag":
		r.state.tag, r.state.skip = true, false
	case "htmlrtf":
		r.state.htmlrtf = num != "0"
	case "mhtmltag", "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "object", "generator", "themedata", "listtable":
		r.state.skip = true
	case "ansicpg":
		r.flush()
		r.page = "cp" + num
	case "par", "line", "row":
		if r.visible() {
			r.bytes = append(r.bytes, '\n')
		}
	case "tab", "cell":
		if r.visible() {
			r.bytes = append(r.bytes, '\t')
		}
	case "uc":
		r.state.uc, _ = strconv.Atoi(num)
	case "u":
		n, _ := strconv.Atoi(num)
		if n < 0 {
			n += 65536
		}
		if r.visible() {
			r.flush()
			r.out.WriteRune(rune(n))
		}
		r.drop = min(max(r.state.uc, 0), 4)
	case "bin":
		if n, err := strconv.Atoi(num); err == nil && n > 0 {
			r.i = min(len(r.b), r.i+n)
		}
	case "lquote":
		r.rune('‘')
	case "rquote":
		r.rune('’')
	case "ldblquote":
		r.rune('“')
	case "rdblquote":
		r.rune('”')
	case "bullet":
		r.rune('•')
	case "endash":
		r.rune('–')
	case "emdash":
		r.rune('—')
	}
}

func (r *rtfReader) rune(c rune) {
	if r.visible() {
		r.flush()
		r.out.WriteRune(c)
	}
}
