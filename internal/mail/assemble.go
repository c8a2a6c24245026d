package mail

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// view is one slot made readable.
type view struct {
	lines []line   // of the plain text, or of the HTML when there is none
	doc   *htmlDoc // nil for plain text
	plain bool     // lines come from a text/plain part
}

// assemble makes Text, HTML and the reply out of the body parts.
func (w *walker) assemble() {
	var views []view
	for _, s := range w.slots {
		v := w.view(s)
		if len(v.lines) > 0 || v.doc != nil {
			views = append(views, v)
		}
	}
	w.slots = nil
	m := w.m
	var texts, pages []string
	anyHTML := false
	for _, v := range views {
		texts = append(texts, joinLines(v.lines))
		anyHTML = anyHTML || v.doc != nil
	}
	m.Text = strings.Trim(joinTexts(texts), "\n")
	m.HTMLPresent = anyHTML
	if anyHTML {
		for _, v := range views {
			if v.doc == nil {
				pages = append(pages, TextToHTML(joinLines(v.lines)))
				continue
			}
			pages = append(pages, string(v.doc.out))
			m.HasRemoteImages = m.HasRemoteImages || v.doc.facts.RemoteImages
			m.Trackers += v.doc.facts.Pixels
		}
		m.HTML = strings.Join(pages, "\n")
	}
	w.reply(views)
	w.markInline(views)
}

func joinTexts(texts []string) string {
	var kept []string
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, "\n\n")
}

// view decodes a slot. The HTML is walked once; its lines stand in where the
// plain text is missing or says nothing.
func (w *walker) view(s *slot) view {
	var v view
	var plain strings.Builder
	for i, p := range s.plain {
		t := w.plainText(p)
		if p.kind == "enriched" && (i > 0 || len(s.html) > 0) && (plain.Len() > 0 || len(s.html) > 0) {
			continue // says the same again
		}
		if p.kind == "plain" && len(s.html) == 0 && looksLikeHTML(t) {
			s.html = append(s.html, bodyPart{data: []byte(t), charset: "utf-8", kind: "html"})
			continue
		}
		if plain.Len() > 0 && strings.TrimSpace(t) != "" {
			plain.WriteByte('\n')
		}
		plain.WriteString(t)
	}
	var page []byte
	for _, p := range s.html {
		page = append(page, decodePage(p)...)
	}
	if !blank(page) {
		v.doc = walkHTML(page)
	}
	text := plain.String()
	if v.doc != nil && emptyPlain(text, v.doc) {
		v.lines = v.doc.lines
		return v
	}
	if strings.Contains(text, "-----BEGIN PGP") {
		text = w.unwrapPGP(text)
	}
	if len(s.plain) > 0 && strings.TrimSpace(text) != "" {
		v.lines, v.plain = splitLines(text), true
	}
	return v
}

// emptyPlain tells a text part that is only there for form's sake.
func emptyPlain(text string, doc *htmlDoc) bool {
	t := strings.TrimSpace(text)
	if t == "" {
		return true
	}
	n := 0
	for _, l := range doc.lines {
		n += len(l.text)
	}
	if len(t) < 300 && n > 4*len(t) {
		low := strings.ToLower(t)
		for _, s := range []string{"html", "mime", "multipart", "multi-part", "view this", "text version", "textversion", "not available"} {
			if strings.Contains(low, s) {
				return true
			}
		}
	}
	return len(t) < 20 && n > 400
}

func looksLikeHTML(t string) bool {
	head := strings.ToLower(strings.TrimSpace(t[:min(len(t), 400)]))
	return strings.HasPrefix(head, "<!doctype html") && strings.Contains(head, "<html") || strings.HasPrefix(head, "<html") ||
		strings.HasPrefix(head, "<?xml") && strings.Contains(head, "<html") || strings.HasPrefix(head, "<body") || strings.HasPrefix(head, "<head")
}

func (w *walker) plainText(p bodyPart) string {
	t := decodeBody(p.charset, w.hint, p.data)
	if p.kind == "enriched" {
		t = enrichedText(t)
	}
	t = normalizeText(t)
	if p.flowed {
		t = unflow(t, p.delsp)
	}
	return t
}

// normalizeText brings line ends to \n and drops what is no text.
func normalizeText(t string) string {
	if strings.IndexByte(t, '\r') >= 0 {
		t = strings.ReplaceAll(t, "\r\n", "\n")
		t = strings.ReplaceAll(t, "\r", "\n")
	}
	bad := func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfeff }
	if strings.IndexFunc(t, bad) >= 0 {
		t = strings.Map(func(r rune) rune {
			if r == '\f' || r == '\v' {
				return '\n'
			}
			if bad(r) {
				return -1
			}
			return r
		}, t)
	}
	return t
}

func decodeBody(charset, hint string, b []byte) string {
	if charset == "" {
		return decodeUndeclared(b, hint)
	}
	if c, ok := lookupCharset(charset); !ok || c.kind == asciiCharset {
		return decodeUndeclared(b, hint)
	}
	return decodeCharset(charset, b)
}

// decodePage decodes an HTML part. Without a charset in the header its meta
// element counts.
func decodePage(p bodyPart) []byte {
	cs := p.charset
	if c, ok := lookupCharset(cs); !ok || c.kind == asciiCharset {
		if meta := metaCharset(p.data); meta != "" {
			cs = meta
		}
	}
	if c, ok := lookupCharset(cs); ok && c.kind == wide && bytes.IndexByte(p.data, 0) < 0 {
		cs = "utf-8"
	}
	out := decodeBody(cs, "", p.data)
	return []byte(out)
}

func metaCharset(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 4096)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 || bytes.Contains(head[:i], []byte("<body")) {
		return ""
	}
	rest := bytes.TrimLeft(head[i+8:], "\"' ")
	end := bytes.IndexAny(rest, "\"' >;/")
	if end <= 0 || end > 40 {
		return ""
	}
	return string(rest[:end])
}

// unflow joins the lines of format=flowed (RFC 3676). Quoted lines stay as
// they are but lose the trailing blank.
func unflow(t string, delsp bool) string {
	lines := strings.Split(t, "\n")
	var b strings.Builder
	b.Grow(len(t))
	open, depth := false, 0
	for i, l := range lines {
		q := 0
		for q < len(l) && l[q] == '>' {
			q++
		}
		body := l[q:]
		body = strings.TrimPrefix(body, " ")
		if open && q == depth {
			b.WriteString(body[:len(strings.TrimRight(body, " "))])
		} else {
			if i > 0 {
				b.WriteByte('\n')
			}
			if q > 0 {
				b.WriteString(strings.Repeat(">", q))
				b.WriteByte(' ')
			}
			b.WriteString(strings.TrimRight(body, " "))
		}
		open = strings.HasSuffix(body, " ") && body != "-- " && i+1 < len(lines)
		depth = q
		if open && !delsp && nextDepth(lines[i+1]) == q {
			b.WriteByte(' ')
		}
		if open && body == " " {
			open = false
		}
	}
	return b.String()
}

func nextDepth(l string) int {
	q := 0
	for q < len(l) && l[q] == '>' {
		q++
	}
	return q
}

// enrichedText drops the commands of text/enriched (RFC 1896).
func enrichedText(t string) string {
	var b strings.Builder
	param := false
	for i := 0; i < len(t); i++ {
		if t[i] != '<' {
			if !param {
				b.WriteByte(t[i])
			}
			continue
		}
		if i+1 < len(t) && t[i+1] == '<' {
			b.WriteByte('<')
			i++
			continue
		}
		end := strings.IndexByte(t[i:], '>')
		if end < 0 || end > 60 {
			b.WriteByte('<')
			continue
		}
		switch strings.ToLower(t[i+1 : i+end]) {
		case "param":
			param = true
		case "/param":
			param = false
		case "nl":
			b.WriteByte('\n')
		case "lt":
			b.WriteByte('<')
		}
		i += end
	}
	return b.String()
}

// markInline marks the files that the HTML shows.
func (w *walker) markInline(views []view) {
	cids := map[string]bool{}
	for _, v := range views {
		if v.doc != nil {
			for c := range v.doc.cids {
				cids[strings.ToLower(c)] = true
			}
		}
	}
	for i := range w.m.Attachments {
		a := &w.m.Attachments[i]
		if a.ContentID != "" && cids[strings.ToLower(a.ContentID)] {
			a.Inline = true
		}
	}
}

// TextToHTML makes safe HTML of plain text: paragraphs, line breaks and links.
func TextToHTML(text string) string {
	text = strings.Trim(normalizeText(text), "\n")
	if text == "" {
		return ""
	}
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("<p>")
		for j, l := range strings.Split(strings.Trim(p, "\n"), "\n") {
			if j > 0 {
				b.WriteString("<br>")
			}
			writeLinked(&b, strings.TrimRightFunc(l, unicode.IsSpace))
		}
		b.WriteString("</p>")
	}
	return b.String()
}

func writeLinked(b *strings.Builder, l string) {
	for len(l) > 0 {
		i := strings.Index(l, "http")
		if i < 0 {
			break
		}
		rest := l[i:]
		if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") {
			b.WriteString(html.EscapeString(l[:i+4]))
			l = l[i+4:]
			continue
		}
		end := strings.IndexAny(rest, " \t<>\"'\u3000")
		if end < 0 {
			end = len(rest)
		}
		url := strings.TrimRight(rest[:end], ".,;:!?)]")
		b.WriteString(html.EscapeString(l[:i]))
		if safe := safeLink(url); safe != "" {
			esc := html.EscapeString(safe)
			b.WriteString(`<a href="` + esc + `" target="_blank" rel="noopener noreferrer nofollow">` + esc + `</a>`)
		} else {
			b.WriteString(html.EscapeString(url))
		}
		l = rest[len(url):]
	}
	b.WriteString(html.EscapeString(l))
}

// HTMLToText makes readable text of HTML, with the addresses of links: the
// plain side of a mail that was written as HTML.
func HTMLToText(in string) string {
	return joinLines(walkHTMLWith([]byte(in), true).lines)
}

// SanitizeHTML cleans HTML from anywhere: no scripts, forms, events, styles
// that load or overlay, or remote content; images keep their source in
// data-cid and data-remote-src.
func SanitizeHTML(in string) (string, HTMLFacts) {
	d := walkHTML([]byte(in))
	return string(d.out), d.facts
}
