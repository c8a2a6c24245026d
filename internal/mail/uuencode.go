package mail

import "bytes"

const maxUUFiles = 100

// cutUU takes uuencoded files out of a text.
func (w *walker) cutUU(text []byte, at where) []byte {
	var out []byte
	var f *file
	var dec *uuDecoder
	files := 0
	for len(text) > 0 {
		line := firstLine(text)
		line = text[:min(len(line)+1, len(text))]
		text = text[len(line):]
		if f != nil {
			f.write(dec.decode(nil, line))
			if dec.done || len(text) == 0 {
				f.close()
				f = nil
			}
			continue
		}
		if name, ok := uuBegin(line); ok && files < maxUUFiles && uuBodyFollows(text) {
			files++
			f = w.create(part{name: cleanFilename(name), mediaType: typeByName(name)}, at)
			dec = &uuDecoder{}
			continue
		}
		out = append(out, line...)
	}
	if f != nil {
		f.close()
	}
	return out
}

// uuBodyFollows checks that the next line has the length it claims.
func uuBodyFollows(text []byte) bool {
	line := bytes.TrimRight(firstLine(text), "\r\n ")
	if len(line) == 0 || line[0] < ' ' || line[0] > '`' {
		return false
	}
	n := int(line[0]-' ') & 63
	want := (n + 2) / 3 * 4
	got := len(line) - 1
	return got <= want+2 && got >= want-4
}

func uuLine(dst, line []byte) []byte {
	n := int(line[0]-' ') & 63
	line = line[1:]
	at := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 63
		}
		return 0
	}
	for i := 0; n > 0; i += 4 {
		a, b, c, e := at(i), at(i+1), at(i+2), at(i+3)
		three := [3]byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | e}
		k := min(n, 3)
		dst = append(dst, three[:k]...)
		n -= k
	}
	return dst
}

// uuBegin tells whether a line of a text body starts a uuencoded file.
func uuBegin(line []byte) (name string, ok bool) {
	if !bytes.HasPrefix(line, []byte("begin ")) {
		return "", false
	}
	rest := bytes.TrimSpace(line[6:])
	mode, file, found := bytes.Cut(rest, []byte(" "))
	if !found || len(mode) < 3 || len(mode) > 4 || len(file) == 0 {
		return "", false
	}
	for _, c := range mode {
		if c < '0' || c > '7' {
			return "", false
		}
	}
	return string(bytes.TrimSpace(file)), true
}
