package mail

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// entity is a node of the MIME tree being written.
type entity struct {
	kind     string // media type
	parts    []entity
	boundary string
	text     string
	file     *OutgoingFile
	inline   bool
}

// tree builds mixed(related(alternative(text, html), images), files) with
// only the levels that are needed.
func (o *Outgoing) tree() entity {
	text := o.Text
	if text == "" {
		text = HTMLToText(o.HTML)
	}
	body := entity{kind: "text/plain", text: text}
	page, shown := cidSources(o.HTML)
	var images, files []entity
	for i := range o.Files {
		f := &o.Files[i]
		if f.ContentID != "" && shown[f.ContentID] {
			images = append(images, entity{file: f, inline: true})
		} else {
			files = append(files, entity{file: f})
		}
	}
	if page != "" {
		rich := entity{kind: "text/html", text: page}
		if len(images) > 0 {
			rich = entity{kind: "multipart/related", parts: append([]entity{rich}, images...)}
		}
		body = entity{kind: "multipart/alternative", parts: []entity{body, rich}}
	} else {
		files = append(images, files...)
	}
	if len(files) > 0 {
		body = entity{kind: "multipart/mixed", parts: append([]entity{body}, files...)}
	}
	n := 0
	body.name(o.MessageID, &n)
	return body
}

// name gives boundaries that follow from the Message-ID, so that the same
// mail is rendered to the same bytes; "=_" cannot occur in encoded content.
func (e *entity) name(seed string, n *int) {
	if len(e.parts) == 0 {
		return
	}
	*n++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", seed, *n))
	e.boundary = "=_" + hex.EncodeToString(sum[:15])
	for i := range e.parts {
		e.parts[i].name(seed, n)
	}
}

// cidSources turns data-cid of images into src="cid:..." and tells which
// ids are shown; data-remote-src becomes src again.
func cidSources(page string) (string, map[string]bool) {
	shown := map[string]bool{}
	if page == "" {
		return "", shown
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String(), shown
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			tok := z.Token()
			if tok.Data != "img" {
				b.WriteString(raw)
				continue
			}
			for i := range tok.Attr {
				a := &tok.Attr[i]
				switch {
				case a.Key == "data-cid":
					shown[a.Val] = true
					a.Key, a.Val = "src", "cid:"+a.Val
				case a.Key == "data-remote-src":
					a.Key = "src"
				case a.Key == "src" && strings.HasPrefix(a.Val, "cid:"):
					shown[a.Val[4:]] = true
				}
			}
			b.WriteString(tok.String())
		default:
			b.Write(z.Raw())
		}
	}
}

func writeEntity(out io.Writer, e entity) error {
	switch {
	case e.file != nil:
		return writeFile(out, e)
	case len(e.parts) > 0:
		if _, err := fmt.Fprintf(out, "Content-Type: %s;\r\n boundary=\"%s\"\r\n\r\n", e.kind, e.boundary); err != nil {
			return err
		}
		for _, p := range e.parts {
			if _, err := fmt.Fprintf(out, "--%s\r\n", e.boundary); err != nil {
				return err
			}
			if err := writeEntity(out, p); err != nil {
				return err
			}
			if _, err := io.WriteString(out, "\r\n"); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(out, "--%s--\r\n", e.boundary)
		return err
	}
	return writeText(out, e)
}

func writeText(out io.Writer, e entity) error {
	text := strings.ToValidUTF8(normalizeText(e.text), "\ufffd")
	text = strings.ReplaceAll(text, "\x00", "")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	encoding, high, long := "7bit", 0, false
	for _, l := range strings.Split(text, "\n") {
		long = long || len(l) > 76 || strings.HasPrefix(l, "From ") || l == "." || strings.HasSuffix(l, " ") || strings.HasSuffix(l, "\t")
	}
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			high++
		}
	}
	switch {
	case high*4 > len(text):
		encoding = "base64"
	case high > 0 || long:
		encoding = "quoted-printable"
	}
	if _, err := fmt.Fprintf(out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n", e.kind, encoding); err != nil {
		return err
	}
	crlf := strings.ReplaceAll(text, "\n", "\r\n")
	switch encoding {
	case "base64":
		return writeBase64(out, strings.NewReader(crlf))
	case "quoted-printable":
		_, err := io.WriteString(out, quotedPrintable(text))
		return err
	}
	_, err := io.WriteString(out, crlf)
	return err
}

// quotedPrintable encodes text with \n line ends (RFC 2045, 6.7). A dot or
// "From " at the start of a line is escaped, for transports that touch it.
func quotedPrintable(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4)
	for _, l := range strings.SplitAfter(text, "\n") {
		nl := strings.HasSuffix(l, "\n")
		l = strings.TrimSuffix(l, "\n")
		col := 0
		for i := 0; i < len(l); {
			_, size := utf8.DecodeRuneInString(l[i:])
			last := i+size == len(l)
			esc := l[i] >= 0x7f || l[i] < ' ' && l[i] != '\t' || l[i] == '=' || last && (l[i] == ' ' || l[i] == '\t') ||
				i == 0 && (l[i] == '.' || strings.HasPrefix(l, "From "))
			width := size
			if esc {
				width = 3 * size
			}
			if col+width > 75 {
				b.WriteString("=\r\n")
				col = 0
				esc = esc || l[i] == '.'
				if width = size; esc {
					width = 3 * size
				}
			}
			for k := i; k < i+size; k++ {
				if esc {
					b.WriteByte('=')
					b.WriteByte(upperHex[l[k]>>4])
					b.WriteByte(upperHex[l[k]&15])
				} else {
					b.WriteByte(l[k])
				}
			}
			i, col = i+size, col+width
		}
		if nl {
			b.WriteString("\r\n")
		}
	}
	return b.String()
}

func writeFile(out io.Writer, e entity) error {
	f := e.file
	kind := strings.ToLower(strings.TrimSpace(f.ContentType))
	if !validMediaType(kind) {
		if kind = typeByName(f.Name); kind == "" {
			kind = "application/octet-stream"
		}
	}
	h := &headerWriter{}
	h.start("Content-Type")
	name := cleanFilename(f.Name)
	if name == "" {
		name = "file"
	}
	params := nameParams("name", name)
	h.word(kind + ";")
	for i, p := range params {
		if i < len(params)-1 {
			p += ";"
		}
		h.word(p)
	}
	h.end()
	h.start("Content-Disposition")
	disp := "attachment;"
	if e.inline {
		disp = "inline;"
	}
	h.word(disp)
	params = nameParams("filename", name)
	for i, p := range params {
		if i < len(params)-1 {
			p += ";"
		}
		h.word(p)
	}
	h.end()
	if f.ContentID != "" {
		h.ids("Content-ID", []string{f.ContentID})
	}
	h.raw("Content-Transfer-Encoding", "base64")
	h.end()
	if _, err := out.Write(h.buf.Bytes()); err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("open the file %q: %w", f.Name, err)
	}
	defer r.Close()
	return writeBase64(out, r)
}

func validMediaType(s string) bool {
	major, minor, ok := strings.Cut(s, "/")
	if !ok || major == "" || minor == "" || major == "multipart" || major == "message" {
		return false
	}
	for _, c := range major + minor {
		if c <= ' ' || c >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?=`, c) {
			return false
		}
	}
	return len(s) < 120
}

// nameParams writes a file name: plain where it is plain; else in the RFC 2231
// form, cut where it is long.
func nameParams(key, name string) []string {
	if isPlainASCII(name) && len(name) <= 60 {
		return []string{key + `="` + strings.NewReplacer(`\`, `_`, `"`, `'`).Replace(name) + `"`}
	}
	var enc strings.Builder
	var out []string
	flush := func() {
		star := fmt.Sprintf("%s*%d*=", key, len(out))
		if len(out) == 0 {
			star += "utf-8''"
		}
		out = append(out, star+enc.String())
		enc.Reset()
	}
	for _, r := range name {
		var piece string
		for _, c := range []byte(string(r)) {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
				piece += string(rune(c))
			} else {
				piece += "%" + string(upperHex[c>>4]) + string(upperHex[c&15])
			}
		}
		if enc.Len()+len(piece) > 45 {
			flush()
		}
		enc.WriteString(piece)
	}
	flush()
	if len(out) == 1 {
		out[0] = strings.Replace(out[0], "*0*=", "*=", 1)
	}
	return out
}

// writeBase64 writes lines of 76 characters.
func writeBase64(out io.Writer, r io.Reader) error {
	lines := &lineWriter{out: out}
	enc := base64.NewEncoder(base64.StdEncoding, lines)
	if _, err := io.Copy(enc, r); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	return lines.end()
}

type lineWriter struct {
	out io.Writer
	col int
	buf []byte
}

func (l *lineWriter) Write(p []byte) (int, error) {
	l.buf = l.buf[:0]
	for rest := p; len(rest) > 0; {
		n := min(76-l.col, len(rest))
		l.buf = append(l.buf, rest[:n]...)
		rest = rest[n:]
		if l.col += n; l.col == 76 {
			l.buf = append(l.buf, '\r', '\n')
			l.col = 0
		}
	}
	if _, err := l.out.Write(l.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (l *lineWriter) end() error {
	if l.col == 0 {
		return nil
	}
	_, err := io.WriteString(l.out, "\r\n")
	return err
}
