package filetext

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// pages reads a PDF until there is enough of it.
func pages(b []byte, out io.Writer) error {
	r, err := pdf.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return ErrBroken
	}
	for i := 1; i <= r.NumPage(); i++ {
		if err := page(r.Page(i), out); err != nil {
			return err
		}
	}
	return nil
}

// page writes the text of one; what comes behind a part that cannot be read is left out.
func page(p pdf.Page, out io.Writer) error {
	w := &pageText{page: p, fonts: map[string]pdf.TextEncoding{}}
	func() {
		defer func() { _ = recover() }()
		if contents := p.V.Key("Contents"); contents.Kind() != pdf.Null {
			pdf.Interpret(contents, w.operator)
		}
	}()
	_, err := io.WriteString(out, w.String()+"\n")
	return err
}

// pageText collects what the operators of a content stream show (ISO 32000-1, 9.4).
type pageText struct {
	strings.Builder
	page  pdf.Page
	fonts map[string]pdf.TextEncoding
	enc   pdf.TextEncoding
	size  float64 // of the font
	since int     // letters since the place was moved
}

func (w *pageText) operator(stack *pdf.Stack, op string) {
	args := make([]pdf.Value, stack.Len())
	for i := len(args) - 1; i >= 0; i-- {
		args[i] = stack.Pop()
	}
	if w.Len() > MaxRead {
		panic(io.ErrShortWrite) // enough
	}
	switch op {
	case "Tf":
		if len(args) == 2 {
			w.enc, w.size = w.font(args[0].Name()), args[1].Float64()
		}
	case "BT", "T*", "Tm", "'", `"`:
		w.WriteByte('\n')
	case "Td", "TD":
		w.gap(args)
	}
	switch op {
	case "Tj", "'", `"`:
		if len(args) > 0 {
			w.show(args[len(args)-1])
		}
	case "TJ":
		for i := 0; len(args) == 1 && i < args[0].Len(); i++ {
			if v := args[0].Index(i); v.Kind() == pdf.String {
				w.show(v)
			} else if v.Float64() < -180 { // thousandths of the font's size: wider than between letters
				w.WriteByte(' ')
			}
		}
	}
}

// gap is a new line, or a space where the next text stands far off on the same
// one. A letter is at most as wide as its font's size, and some programs move to
// each letter.
func (w *pageText) gap(args []pdf.Value) {
	switch {
	case len(args) == 2 && args[1].Float64() != 0:
		w.WriteByte('\n')
	case len(args) == 2 && args[0].Float64() > (float64(w.since)+1)*w.size:
		w.WriteByte(' ')
	}
	w.since = 0
}

func (w *pageText) show(v pdf.Value) {
	if w.enc != nil {
		text := w.enc.Decode(v.RawString())
		w.since += utf8.RuneCountInString(text)
		w.WriteString(text)
	}
}

func (w *pageText) font(name string) pdf.TextEncoding {
	if enc, ok := w.fonts[name]; ok {
		return enc
	}
	f := w.page.Font(name)
	enc := encodingOf(f)
	w.fonts[name] = enc
	return enc
}

// encodingOf is how the codes of a font become text: its own table first
// (9.10.2), then the Japanese encodings that need no table.
func encodingOf(f pdf.Font) pdf.TextEncoding {
	if table := f.V.Key("ToUnicode"); table.Kind() == pdf.Stream {
		if m := readTable(table, f.V); m != nil {
			return m
		}
	}
	name := f.V.Key("Encoding").Name()
	for begin, enc := range map[string]encoding.Encoding{"UniJIS-U": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "90ms-RKSJ": japanese.ShiftJIS, "90pv-RKSJ": japanese.ShiftJIS, "EUC-": japanese.EUCJP} {
		if strings.HasPrefix(name, begin) {
			return decoded{enc}
		}
	}
	return f.Encoder()
}

type decoded struct{ encoding.Encoding }

func (d decoded) Decode(raw string) string {
	text, err := d.NewDecoder().String(raw)
	if err != nil {
		return ""
	}
	return text
}

// table is a ToUnicode CMap.
type table struct {
	lengths []int // of codes in bytes, as ranges of codes name them
	codes   map[string]string
	ranges  []codes
	stand   pdf.Value // a dictionary in place of the resource that the table asks for
}

// codes follow each other, and so do their letters.
type codes struct {
	from, to string
	first    []uint16
}

// maxRanges bounds what is looked at for a code that stands in no list.
const maxRanges = 4096

func readTable(stream, stand pdf.Value) (m *table) {
	m = &table{codes: map[string]string{}, stand: stand}
	func() {
		defer func() { _ = recover() }()
		pdf.Interpret(stream, m.operator)
	}()
	if len(m.codes)+len(m.ranges) == 0 {
		return nil
	}
	if len(m.lengths) == 0 {
		m.lengths = []int{1, 2}
	}
	return m
}

func (m *table) operator(stack *pdf.Stack, op string) {
	args := make([]pdf.Value, stack.Len())
	for i := len(args) - 1; i >= 0; i-- {
		args[i] = stack.Pop()
	}
	switch op {
	case "endcodespacerange":
		for i := 0; i+1 < len(args); i += 2 {
			if n := len(args[i].RawString()); n > 0 && n <= 4 && len(m.lengths) < 4 {
				m.lengths = append(m.lengths, n)
			}
		}
	case "endbfchar":
		for i := 0; i+1 < len(args); i += 2 {
			m.codes[args[i].RawString()] = letters(args[i+1].RawString())
		}
	case "endbfrange":
		for i := 0; i+2 < len(args); i += 3 {
			m.addRange(args[i].RawString(), args[i+1].RawString(), args[i+2])
		}
	case "findresource":
		stack.Push(m.stand)
	}
}

func (m *table) addRange(from, to string, v pdf.Value) {
	if len(from) != len(to) || len(from) == 0 || from > to {
		return
	}
	if v.Kind() == pdf.Array {
		code := []byte(from)
		for i := 0; i < v.Len(); i++ {
			m.codes[string(code)] = letters(v.Index(i).RawString())
			code[len(code)-1]++
		}
		return
	}
	if raw := v.RawString(); len(raw) >= 2 && len(m.ranges) < maxRanges {
		m.ranges = append(m.ranges, codes{from, to, units(raw)})
	}
}

// Decode takes the codes one after the other; unknown ones are left out.
func (m *table) Decode(raw string) string {
	var b strings.Builder
	for raw != "" {
		n := 0
		for _, l := range m.lengths {
			if l > len(raw) {
				continue
			}
			if text, ok := m.letter(raw[:l]); ok {
				b.WriteString(text)
				n = l
				break
			}
		}
		if n == 0 {
			n = min(m.lengths[0], len(raw))
		}
		raw = raw[n:]
	}
	return b.String()
}

func (m *table) letter(code string) (string, bool) {
	if text, ok := m.codes[code]; ok {
		return text, true
	}
	for _, r := range m.ranges {
		if len(code) != len(r.from) || code < r.from || code > r.to {
			continue
		}
		out := append([]uint16(nil), r.first...)
		out[len(out)-1] += uint16(number(code) - number(r.from)) //nolint:gosec // a range stays within its last byte
		text := string(utf16.Decode(out))
		m.codes[code] = text
		return text, true
	}
	return "", false
}

func number(code string) (n uint32) {
	for i := range len(code) {
		n = n<<8 | uint32(code[i])
	}
	return n
}

func units(raw string) []uint16 {
	out := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		out = append(out, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return out
}

func letters(raw string) string {
	if len(raw) == 1 {
		return raw
	}
	return string(utf16.Decode(units(raw)))
}
