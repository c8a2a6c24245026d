package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// charsetKind tells how far a declaration can be trusted against the bytes.
type charsetKind int

const (
	unknownCharset charsetKind = iota
	asciiCharset               // us-ascii and friends: says nothing about 8-bit bytes
	utf8Charset
	singleByte
	doubleByte
	escaped // 7-bit with escapes: ISO-2022, HZ, UTF-7
	wide    // UTF-16, UTF-32
)

type charset struct {
	kind charsetKind
	enc  encoding.Encoding
	own  func([]byte) string
}

// Names as written by mail programs, squeezed by squeezeName.
var charsets map[string]charset

func init() { charsets = charsetNames() }

func charsetNames() map[string]charset {
	return map[string]charset{
		"usascii": {kind: asciiCharset}, "ascii": {kind: asciiCharset}, "ansix341968": {kind: asciiCharset},
		"646": {kind: asciiCharset}, "iso646us": {kind: asciiCharset}, "7bit": {kind: asciiCharset}, "8bit": {kind: asciiCharset},
		"unknown8bit": {kind: asciiCharset}, "xunknown": {kind: asciiCharset}, "unknown": {kind: asciiCharset},
		"default": {kind: asciiCharset}, "defaultcharset": {kind: asciiCharset}, "none": {kind: asciiCharset},
		"binary": {kind: asciiCharset}, "utf8": {kind: utf8Charset}, "unicode11utf8": {kind: utf8Charset}, "utf8mb4": {kind: utf8Charset},
		"cp65001": {kind: utf8Charset}, "65001": {kind: utf8Charset}, "unicode": {kind: utf8Charset}, "cesu8": {kind: utf8Charset},
		"utf7": {kind: escaped, own: decodeUTF7}, "unicode11utf7": {kind: escaped, own: decodeUTF7}, "csutf7": {kind: escaped, own: decodeUTF7},
		"iso2022kr": {kind: escaped, own: decodeISO2022KR}, "csiso2022kr": {kind: escaped, own: decodeISO2022KR},
		"iso2022jp": {kind: escaped, enc: japanese.ISO2022JP}, "csiso2022jp": {kind: escaped, enc: japanese.ISO2022JP},
		"iso2022jp1": {kind: escaped, enc: japanese.ISO2022JP}, "iso2022jp2": {kind: escaped, enc: japanese.ISO2022JP},
		"iso2022jp3": {kind: escaped, enc: japanese.ISO2022JP}, "iso2022jpms": {kind: escaped, enc: japanese.ISO2022JP},
		"cp50220": {kind: escaped, enc: japanese.ISO2022JP}, "cp50221": {kind: escaped, enc: japanese.ISO2022JP},
		"jis": {kind: escaped, enc: japanese.ISO2022JP}, "iso2022jpdocomo": {kind: escaped, enc: japanese.ISO2022JP},
		"hzgb2312": {kind: escaped, enc: simplifiedchinese.HZGB2312}, "hz": {kind: escaped, enc: simplifiedchinese.HZGB2312},
		"shiftjis": {kind: doubleByte, enc: japanese.ShiftJIS}, "sjis": {kind: doubleByte, enc: japanese.ShiftJIS},
		"xsjis": {kind: doubleByte, enc: japanese.ShiftJIS}, "cp932": {kind: doubleByte, enc: japanese.ShiftJIS},
		"ms932": {kind: doubleByte, enc: japanese.ShiftJIS}, "windows31j": {kind: doubleByte, enc: japanese.ShiftJIS},
		"mskanji": {kind: doubleByte, enc: japanese.ShiftJIS}, "shiftjis2004": {kind: doubleByte, enc: japanese.ShiftJIS},
		"eucjp": {kind: doubleByte, enc: japanese.EUCJP}, "xeucjp": {kind: doubleByte, enc: japanese.EUCJP},
		"ujis": {kind: doubleByte, enc: japanese.EUCJP}, "eucjpms": {kind: doubleByte, enc: japanese.EUCJP},
		"gb2312": {kind: doubleByte, enc: simplifiedchinese.GB18030}, "gbk": {kind: doubleByte, enc: simplifiedchinese.GB18030},
		"gb18030": {kind: doubleByte, enc: simplifiedchinese.GB18030}, "gb231280": {kind: doubleByte, enc: simplifiedchinese.GB18030},
		"cp936": {kind: doubleByte, enc: simplifiedchinese.GB18030}, "euccn": {kind: doubleByte, enc: simplifiedchinese.GB18030},
		"xgbk": {kind: doubleByte, enc: simplifiedchinese.GB18030}, "chinese": {kind: doubleByte, enc: simplifiedchinese.GB18030},
		"gb": {kind: doubleByte, enc: simplifiedchinese.GB18030}, "ms936": {kind: doubleByte, enc: simplifiedchinese.GB18030},
		"big5": {kind: doubleByte, enc: traditionalchinese.Big5}, "big5hkscs": {kind: doubleByte, enc: traditionalchinese.Big5},
		"cp950": {kind: doubleByte, enc: traditionalchinese.Big5}, "xxbig5": {kind: doubleByte, enc: traditionalchinese.Big5},
		"ms950": {kind: doubleByte, enc: traditionalchinese.Big5}, "cnbig5": {kind: doubleByte, enc: traditionalchinese.Big5},
		"euckr": {kind: doubleByte, enc: korean.EUCKR}, "ksc56011987": {kind: doubleByte, enc: korean.EUCKR},
		"ksc5601": {kind: doubleByte, enc: korean.EUCKR}, "cp949": {kind: doubleByte, enc: korean.EUCKR}, "uhc": {kind: doubleByte, enc: korean.EUCKR},
		"ms949": {kind: doubleByte, enc: korean.EUCKR}, "windows949": {kind: doubleByte, enc: korean.EUCKR}, "korean": {kind: doubleByte, enc: korean.EUCKR},
		"ksx1001": {kind: doubleByte, enc: korean.EUCKR}, "johab": {kind: doubleByte, enc: korean.EUCKR},
		"utf16":   {kind: wide, enc: unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		"utf16le": {kind: wide, enc: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		"utf16be": {kind: wide, enc: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		"ucs2":    {kind: wide, enc: unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		"utf32":   {kind: wide, enc: utf32.UTF32(utf32.BigEndian, utf32.UseBOM)},
		"utf32le": {kind: wide, enc: utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
		"utf32be": {kind: wide, enc: utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
		"latin1":  {kind: singleByte, enc: charmap.Windows1252}, "latin2": {kind: singleByte, enc: charmap.ISO8859_2},
		"latin5": {kind: singleByte, enc: charmap.Windows1254}, "latin9": {kind: singleByte, enc: charmap.ISO8859_15},
		"iso88599": {kind: singleByte, enc: charmap.Windows1254}, "iso88591": {kind: singleByte, enc: charmap.Windows1252},
		"iso885911": {kind: singleByte, enc: charmap.Windows874}, "tis620": {kind: singleByte, enc: charmap.Windows874},
		"cp874": {kind: singleByte, enc: charmap.Windows874}, "iso88598i": {kind: singleByte, enc: charmap.ISO8859_8I},
		"cp437": {kind: singleByte, enc: charmap.CodePage437}, "cp850": {kind: singleByte, enc: charmap.CodePage850},
		"cp852": {kind: singleByte, enc: charmap.CodePage852}, "cp855": {kind: singleByte, enc: charmap.CodePage855},
		"cp858": {kind: singleByte, enc: charmap.CodePage858}, "cp860": {kind: singleByte, enc: charmap.CodePage860},
		"cp862": {kind: singleByte, enc: charmap.CodePage862}, "cp863": {kind: singleByte, enc: charmap.CodePage863},
		"cp865": {kind: singleByte, enc: charmap.CodePage865}, "cp866": {kind: singleByte, enc: charmap.CodePage866},
		"koi8r": {kind: singleByte, enc: charmap.KOI8R}, "koi8": {kind: singleByte, enc: charmap.KOI8R},
		"koi8u": {kind: singleByte, enc: charmap.KOI8U}, "koi8ru": {kind: singleByte, enc: charmap.KOI8U},
		"macroman": {kind: singleByte, enc: charmap.Macintosh}, "macintosh": {kind: singleByte, enc: charmap.Macintosh},
		"mac": {kind: singleByte, enc: charmap.Macintosh}, "xmacroman": {kind: singleByte, enc: charmap.Macintosh},
		"xmaccyrillic": {kind: singleByte, enc: charmap.MacintoshCyrillic}, "maccyrillic": {kind: singleByte, enc: charmap.MacintoshCyrillic},
	}
}

// squeezeName brings "ISO_8859-1", "iso 8859-1" and "\"iso-8859-1\"" together.
func squeezeName(name string) string {
	var b [40]byte
	n := 0
	for i := 0; i < len(name) && n < len(b); i++ {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b[n] = c
			n++
		}
	}
	return string(b[:n])
}

// lookupCharset finds a charset by any of the names in use; ok is false for a
// name that means nothing.
func lookupCharset(name string) (charset, bool) {
	sq := squeezeName(name)
	if sq == "" {
		return charset{}, false
	}
	if c, ok := charsets[sq]; ok {
		return c, true
	}
	if enc, err := htmlindex.Get(strings.Trim(strings.ToLower(name), " \"'")); err == nil {
		return charset{kind: singleByte, enc: enc}, true
	}
	for _, prefix := range []string{"windows", "cp", "win", "xcp", "xwindows", "ibm", "oem", "dos", "charset", ""} {
		num, found := strings.CutPrefix(sq, prefix)
		if !found {
			continue
		}
		if c, ok := charsets["cp"+num]; ok {
			return c, true
		}
		if enc, err := htmlindex.Get("windows-" + num); err == nil {
			return charset{kind: singleByte, enc: enc}, true
		}
	}
	if num, found := strings.CutPrefix(sq, "iso8859"); found {
		if enc, err := htmlindex.Get("iso-8859-" + num); err == nil {
			return charset{kind: singleByte, enc: enc}, true
		}
	}
	if num, found := strings.CutPrefix(sq, "8859"); found {
		return lookupCharset("iso-8859-" + num)
	}
	return charset{}, false
}

// decodeCharset decodes b as declared where the bytes allow it, and by
// detection where the declaration is wrong, unknown or empty.
func decodeCharset(name string, b []byte) string {
	c, ok := lookupCharset(name)
	if !ok || c.kind == asciiCharset {
		return decodeUndeclared(b, "")
	}
	switch c.kind {
	case utf8Charset:
		return decodeUTF8(b)
	case escaped:
		if c.own != nil {
			return c.own(b)
		}
		if bytes.IndexByte(b, 0x1b) < 0 && !isASCII(b) {
			return decodeUndeclared(b, "") // 8-bit text declared as ISO-2022-JP
		}
		return convert(c.enc, b)
	case wide:
		if len(b) >= 4 && isASCII(b) && bytes.IndexByte(b, 0) < 0 {
			return string(b)
		}
		return convert(c.enc, b)
	}
	if isASCII(b) {
		if hasISO2022JP(b) {
			return convert(japanese.ISO2022JP, b)
		}
		return string(b)
	}
	if n, valid := utf8Evidence(b); valid && n > 0 && (c.kind == singleByte || n >= 6) {
		return strings.ToValidUTF8(string(trimBOM(b)), "\ufffd")
	}
	if c.enc == charmap.Windows1252 || c.enc == charmap.ISO8859_15 {
		if enc := notWestern(b); enc != nil {
			return convert(enc, b)
		}
	}
	out := convert(c.enc, b)
	if c.kind == doubleByte {
		if bad := strings.Count(out, "\ufffd"); bad > 2 && bad*8 > utf8.RuneCountInString(out)/4 {
			if other := decodeUndeclared(b, ""); strings.Count(other, "\ufffd") == 0 {
				return other
			}
		}
	}
	return out
}

func decodeUTF8(b []byte) string {
	b = trimBOM(b)
	if utf8.Valid(b) {
		if hasISO2022JP(b) && isASCII(b) {
			return convert(japanese.ISO2022JP, b)
		}
		return string(b)
	}
	good, bad := countUTF8(b)
	if good == 0 || bad > good {
		return decodeUndeclared(b, "")
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

func convert(enc encoding.Encoding, b []byte) string {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil && len(out) == 0 {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return string(trimBOM(out))
}

func trimBOM(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// utf8Evidence counts the characters of several bytes in b.
func utf8Evidence(b []byte) (n int, valid bool) {
	good, bad := countUTF8(b)
	return good, bad == 0
}

// countUTF8 counts multi-byte characters and broken bytes; a character cut at
// the end is no fault.
func countUTF8(b []byte) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		_, size := utf8.DecodeRune(b[i:])
		if size > 1 {
			good++
			i += size
			continue
		}
		if i > len(b)-4 && !utf8.FullRune(b[i:]) {
			return good, bad
		}
		bad++
		i++
	}
	return good, bad
}
