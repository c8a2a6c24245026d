package mail

import (
	"bytes"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/korean"
)

// decodeUTF7 reads RFC 2152: +base64- holds UTF-16BE.
func decodeUTF7(b []byte) string {
	if !isASCII(b) {
		return decodeUndeclared(b, "") // something else in truth
	}
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '+' {
			out.WriteByte(b[i])
			continue
		}
		end := i + 1
		for end < len(b) && isUTF7Base64(b[end]) {
			end++
		}
		if end == i+1 {
			if end < len(b) && b[end] == '-' {
				i = end
			}
			out.WriteByte('+')
			continue
		}
		var d base64Decoder
		raw := d.decode(nil, b[i+1:end])
		units := make([]uint16, 0, len(raw)/2)
		for k := 0; k+1 < len(raw); k += 2 {
			units = append(units, uint16(raw[k])<<8|uint16(raw[k+1]))
		}
		out.WriteString(string(utf16.Decode(units)))
		if i = end - 1; end < len(b) && b[end] == '-' {
			i = end
		}
	}
	return out.String()
}

func isUTF7Base64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// decodeISO2022KR reads RFC 1557: between SO and SI each byte is EUC-KR
// without its high bit.
func decodeISO2022KR(b []byte) string {
	b = bytes.ReplaceAll(b, []byte("\x1b$)C"), nil)
	out := make([]byte, 0, len(b))
	shifted := false
	for _, c := range b {
		switch {
		case c == 0x0e:
			shifted = true
		case c == 0x0f:
			shifted = false
		case c == '\n':
			shifted = false
			out = append(out, c)
		case shifted && c > ' ' && c < 0x7f:
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	return convert(korean.EUCKR, out)
}

// hasISO2022JP looks for the escapes that switch to two-byte Japanese.
func hasISO2022JP(b []byte) bool {
	for {
		i := bytes.IndexByte(b, 0x1b)
		if i < 0 || i+2 >= len(b) {
			return false
		}
		if b[i+1] == '$' && (b[i+2] == 'B' || b[i+2] == '@') || b[i+1] == '(' && b[i+2] == 'I' {
			return true
		}
		b = b[i+1:]
	}
}
