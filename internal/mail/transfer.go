package mail

import (
	"bytes"
	"strings"
)

// A transferDecoder undoes a Content-Transfer-Encoding fragment by fragment.
type transferDecoder interface {
	// decode appends the decoded form of in to dst.
	decode(dst, in []byte) []byte
	// flush appends what is still held back.
	flush(dst []byte) []byte
}

func newTransferDecoder(encoding string) transferDecoder {
	switch encoding {
	case "base64":
		return &base64Decoder{}
	case "quoted-printable":
		return &qpDecoder{}
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return &uuDecoder{}
	}
	return plainDecoder{}
}

// transferEncoding reads the header field as generously as it is written:
// with comments, quotes, trailing semicolons and wrong case.
func transferEncoding(value string) string {
	v := strings.ToLower(strings.TrimSpace(value))
	if i := strings.IndexAny(v, ";(, \t"); i > 0 {
		v = v[:i]
	}
	v = strings.Trim(v, "\"'<>:")
	switch {
	case v == "base64" || v == "base-64" || v == "b":
		return "base64"
	case v == "quoted-printable" || v == "quotedprintable" || v == "quoted_printable" || v == "qp" || v == "q":
		return "quoted-printable"
	}
	return v
}

type plainDecoder struct{}

func (plainDecoder) decode(dst, in []byte) []byte { return append(dst, in...) }
func (plainDecoder) flush(dst []byte) []byte      { return dst }

// base64Decoder skips bytes outside the alphabet, accepts padding in the
// middle (several encoded texts glued together) and a missing end.
type base64Decoder struct {
	acc  uint32
	bits uint8
}

const b64Skip, b64Pad = 0xff, 0xfe

var b64Table = func() (t [256]byte) {
	for i := range t {
		t[i] = b64Skip
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = byte(i)
	}
	t['-'], t['_'], t['='] = 62, 63, b64Pad
	return t
}()

func (d *base64Decoder) decode(dst, in []byte) []byte {
	i := 0
	for i < len(in) {
		if d.bits == 0 {
			for i+4 <= len(in) {
				a, b, c, e := b64Table[in[i]], b64Table[in[i+1]], b64Table[in[i+2]], b64Table[in[i+3]]
				if a|b|c|e >= 64 {
					break
				}
				dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|e)
				i += 4
			}
			if i >= len(in) {
				break
			}
		}
		v := b64Table[in[i]]
		i++
		switch v {
		case b64Skip:
			continue
		case b64Pad:
			d.bits, d.acc = 0, 0
			continue
		}
		d.acc = d.acc<<6 | uint32(v)
		if d.bits += 6; d.bits >= 8 {
			d.bits -= 8
			dst = append(dst, byte(d.acc>>d.bits))
		}
	}
	return dst
}

func (d *base64Decoder) flush(dst []byte) []byte {
	d.bits, d.acc = 0, 0
	return dst
}

// qpDecoder undoes quoted-printable line by line; what is not an escape stays
// as it is.
type qpDecoder struct{ held []byte }

func (d *qpDecoder) decode(dst, in []byte) []byte {
	if len(d.held) > 0 {
		in = append(d.held, in...)
		d.held = nil
	}
	for {
		i := bytes.IndexByte(in, '=')
		if i < 0 {
			return append(dst, in...)
		}
		dst, in = append(dst, in[:i]...), in[i:]
		if len(in) >= 3 && isHex(in[1]) && isHex(in[2]) {
			dst = append(dst, unhex(in[1])<<4|unhex(in[2]))
			in = in[3:]
			continue
		}
		end := bytes.IndexByte(in, '\n')
		switch {
		case end > 0 && blank(in[1:end]): // soft break, blanks after it are transport padding
			in = in[end+1:]
		case end < 0 && (len(in) < 3 || blank(in[1:])):
			d.held = append([]byte(nil), in...)
			return dst
		default:
			dst, in = append(dst, '='), in[1:]
		}
	}
}

func (d *qpDecoder) flush(dst []byte) []byte {
	if len(d.held) > 0 && !blank(d.held[1:]) {
		dst = append(dst, d.held...)
	}
	d.held = nil
	return dst
}

// uuDecoder undoes uuencode, with or without its begin and end lines.
type uuDecoder struct{ done bool }

func (d *uuDecoder) decode(dst, in []byte) []byte {
	for len(in) > 0 && !d.done {
		line := in
		if i := bytes.IndexByte(in, '\n'); i >= 0 {
			line, in = in[:i], in[i+1:]
		} else {
			in = nil
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 || bytes.HasPrefix(line, []byte("begin ")) {
			continue
		}
		if bytes.Equal(bytes.TrimSpace(line), []byte("end")) {
			d.done = true
			break
		}
		dst = uuLine(dst, line)
	}
	return dst
}

func (d *uuDecoder) flush(dst []byte) []byte { return dst }
