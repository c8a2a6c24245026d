package mail

import (
	"bytes"
	"strings"
)

// Field is one header field. Value is unfolded, not decoded.
type Field struct {
	Name  string
	Value string
}

// Header is the fields of a mail in their order.
type Header struct {
	fields []Field
}

// Fields returns all fields as they came, unfolded and not decoded.
func (h Header) Fields() []Field { return h.fields }

// Raw returns the first field of that name, unfolded and not decoded.
func (h Header) Raw(name string) string {
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].Name, name) {
			return h.fields[i].Value
		}
	}
	return ""
}

// Get returns the first field of that name as readable text.
func (h Header) Get(name string) string { return decodeHeader(h.Raw(name), "") }

// Has tells whether there is a field of that name, be it empty.
func (h Header) Has(name string) bool {
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].Name, name) {
			return true
		}
	}
	return false
}

// Values returns every field of that name as readable text.
func (h Header) Values(name string) []string {
	var out []string
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].Name, name) {
			out = append(out, decodeHeader(h.fields[i].Value, ""))
		}
	}
	return out
}

// rawAll joins every field of that name with ", ": senders split long
// recipient lists over several To fields.
func (h Header) rawAll(name string) string {
	var out string
	for i := range h.fields {
		if strings.EqualFold(h.fields[i].Name, name) && strings.TrimSpace(h.fields[i].Value) != "" {
			if out != "" {
				out += ", "
			}
			out += h.fields[i].Value
		}
	}
	return out
}

// headerReader collects the header of one entity from its lines.
type headerReader struct {
	fields   []Field
	buf      []byte // value being unfolded
	name     string
	size     int
	lim      *Limits
	overflow bool
	line     []byte // copy of the line at hand: looking ahead moves the buffer
}

func (r *headerReader) flush() {
	if r.name == "" {
		return
	}
	if len(r.fields) < r.lim.HeaderLines {
		r.fields = append(r.fields, Field{r.name, string(bytes.TrimSpace(r.buf))})
	} else {
		r.overflow = true
	}
	r.name, r.buf = "", r.buf[:0]
}

func (r *headerReader) extend(b []byte) {
	if r.size += len(b); r.size > r.lim.HeaderBytes {
		r.overflow = true
		return
	}
	r.buf = append(r.buf, b...)
}

// take reads a new field or a folded line; false for a line that is neither.
func (r *headerReader) take(body []byte) bool {
	if r.name != "" && (body[0] == ' ' || body[0] == '\t') {
		r.extend([]byte{' '})
		r.extend(bytes.TrimLeft(body, " \t"))
		return true
	}
	name, at := fieldName(body)
	if name == "" {
		return false
	}
	r.flush()
	r.name = name
	r.extend(body[at:])
	return true
}

// fieldName returns the name of a header line and where its value starts.
// Names are printable ASCII without spaces (RFC 5322, 2.2); a space before the
// colon is forgiven.
func fieldName(line []byte) (name string, rest int) {
	i := 0
	for i < len(line) && line[i] > ' ' && line[i] < 0x7f && line[i] != ':' {
		i++
	}
	if i == 0 || i > 200 {
		return "", 0
	}
	j := i
	for j < len(line) && (line[j] == ' ' || line[j] == '\t') {
		j++
	}
	if j >= len(line) || line[j] != ':' {
		return "", 0
	}
	return string(line[:i]), j + 1
}

func trimEOL(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
		if n := len(b); n > 0 && b[n-1] == '\r' {
			b = b[:n-1]
		}
	}
	return b
}

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// readHeader reads up to the blank line. top says that it is the mail's own
// header, before which an mbox line or blank lines may stand.
func (w *walker) readHeader(top bool) Header {
	r := &headerReader{lim: &w.lim}
	first := true
	for {
		line, start, ok := w.line()
		if !ok {
			break
		}
		if !start {
			r.extend(line)
			continue
		}
		r.line = append(r.line[:0], line...)
		body := trimEOL(r.line)
		if len(body) == 0 || (blank(body) && (first || !w.continues())) {
			if first && top && w.blanks < 20 {
				w.blanks++
				continue
			}
			break
		}
		if first && (bytes.HasPrefix(body, []byte("From ")) || bytes.HasPrefix(body, []byte(">From "))) {
			continue
		}
		if r.take(body) {
			first = false
			continue
		}
		if first && !top || !w.headerFollows() {
			w.src.unread(r.line)
			if w.rec != nil {
				w.rec.back(len(r.line))
			}
			if !first {
				w.m.warn("The header is not separated from the text.")
			}
			break
		}
		if !first { // rubbish between two fields
			r.extend([]byte{' '})
			r.extend(body)
		}
	}
	r.flush()
	if r.overflow {
		w.m.cut("The header is longer than allowed; the rest of it was left out.")
	}
	return Header{fields: r.fields}
}

// continues tells whether the next line still looks like the header, so that
// a line of blanks is a broken fold and not the end.
func (w *walker) continues() bool {
	next := w.src.peek(512)
	return len(next) > 0 && (next[0] == ' ' || next[0] == '\t') && !blank(firstLine(next))
}

func (w *walker) headerFollows() bool {
	next := firstLine(w.src.peek(1024))
	name, _ := fieldName(next)
	return name != "" && knownField(name)
}

func firstLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i]
	}
	return b
}

var knownFields = map[string]bool{
	"from": true, "to": true, "cc": true, "bcc": true, "subject": true, "date": true, "message-id": true,
	"received": true, "return-path": true, "reply-to": true, "sender": true, "mime-version": true,
	"in-reply-to": true, "references": true, "delivered-to": true, "thread-topic": true, "thread-index": true,
	"importance": true, "precedence": true, "auto-submitted": true, "dkim-signature": true,
	"authentication-results": true, "user-agent": true, "errors-to": true, "status": true, "lines": true,
}

func knownField(name string) bool {
	n := strings.ToLower(name)
	return knownFields[n] || strings.HasPrefix(n, "content-") || strings.HasPrefix(n, "x-") ||
		strings.HasPrefix(n, "list-") || strings.HasPrefix(n, "arc-") || strings.HasPrefix(n, "resent-")
}

// headerOf reads the header at the start of b.
func headerOf(b []byte) Header {
	src := newSource(bytesReader(b))
	defer src.release()
	w := newWalker(src, &Message{}, &Options{})
	return w.readHeader(true)
}
