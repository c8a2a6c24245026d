package mail

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attrs are the attributes of the element at hand, as far as they matter.
type attrs struct {
	list  []attr
	style string // lower case, without blanks
	marks string // "id:x class:y name:z " in lower case
	typ   string
	mark  []byte
}

type attr struct {
	key string
	val string
}

const maxAttrs = 40

func (a *attrs) read(z *html.Tokenizer, more bool) {
	a.list, a.style, a.marks, a.typ, a.mark = a.list[:0], "", "", "", a.mark[:0]
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		if len(a.list) >= maxAttrs {
			continue
		}
		switch key := attrName(k); key {
		case "style":
			if len(v) < 4096 {
				val := string(v)
				a.style = squeezeStyle(val)
				a.list = append(a.list, attr{key, val})
			}
		case "id", "class", "name", "data-smartmail", "data-marker":
			if len(v) < 512 {
				a.mark = append(a.mark, key...)
				a.mark = append(a.mark, ':')
				for _, c := range v {
					if c >= 'A' && c <= 'Z' {
						c += 'a' - 'A'
					}
					a.mark = append(a.mark, c)
				}
				a.mark = append(a.mark, ' ')
			}
		case "type":
			a.typ = strings.ToLower(string(v))
			a.list = append(a.list, attr{key, string(v)})
		case "href", "src", "alt", "title", "width", "height", "align", "valign", "bgcolor", "color", "face", "size",
			"border", "cellpadding", "cellspacing", "colspan", "rowspan", "start", "dir", "lang", "hidden", "nowrap", "data-cid", "data-remote-src":
			a.list = append(a.list, attr{key, string(v)})
		}
	}
	if len(a.mark) > 0 {
		a.marks = string(a.mark)
	}
}

// attrName returns the name without allocating; "" for one of no interest.
func attrName(k []byte) string {
	return knownAttrs[string(k)]
}

var knownAttrs = func() map[string]string {
	m := map[string]string{}
	for _, n := range strings.Fields("style id class name data-smartmail data-marker type href src alt title width height align valign bgcolor color face size border cellpadding cellspacing colspan rowspan start dir lang hidden nowrap data-cid data-remote-src") {
		m[n] = n
	}
	return m
}()

func squeezeStyle(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ':
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func (a *attrs) get(key string) string {
	for i := range a.list {
		if a.list[i].key == key {
			return a.list[i].val
		}
	}
	return ""
}

func (a *attrs) hidden() bool {
	if a.style != "" {
		if strings.Contains(a.style, "display:none") || strings.Contains(a.style, "mso-hide:all") && strings.Contains(a.style, "max-height:0") ||
			strings.Contains(a.style, "visibility:hidden") {
			return true
		}
	}
	for i := range a.list {
		if a.list[i].key == "hidden" {
			return true
		}
	}
	return false
}

// pixel tells images that are there to be counted, not seen.
func (a *attrs) pixel() bool {
	if a.hidden() {
		return true
	}
	src := strings.ToLower(a.source())
	if strings.HasPrefix(src, "cid:") || strings.HasPrefix(src, "data:") {
		return false
	}
	small := func(v string) bool {
		v = strings.TrimSuffix(strings.TrimSpace(strings.ToLower(v)), "px")
		n, err := strconv.Atoi(v)
		return err == nil && n <= 2
	}
	w, h := a.get("width"), a.get("height")
	if w == "" {
		w = styleValue(a.style, "width")
	}
	if h == "" {
		h = styleValue(a.style, "height")
	}
	return small(w) && small(h) || w == "" && h == "" && trackerURL(src)
}

func styleValue(style, prop string) string {
	for _, d := range strings.Split(style, ";") {
		if v, ok := strings.CutPrefix(d, prop+":"); ok {
			return v
		}
	}
	return ""
}

func trackerURL(src string) bool {
	for _, mark := range []string{"/wf/open", "/track/open", "/open.aspx", "/pixel.gif", "/trk/open", "/e/o/", "/email/open", "/open.php", "google-analytics.com/collect", "/beacon.gif", "/spacer.gif?"} {
		if strings.Contains(src, mark) {
			return true
		}
	}
	return false
}

// write adds the attributes that tag may keep.
func (a *attrs) write(dst []byte, tag atom.Atom) []byte {
	for _, at := range a.list {
		switch at.key {
		case "href":
			if tag != atom.A {
				continue
			}
			if u := safeLink(at.val); u != "" {
				dst = appendAttr(dst, "href", u)
				dst = append(dst, ` target="_blank" rel="noopener noreferrer nofollow"`...)
			}
		case "style":
			if css := safeStyle(at.val); css != "" {
				dst = appendAttr(dst, "style", css)
			}
		case "src", "alt", "hidden", "data-cid", "data-remote-src":
		case "type":
			if (tag == atom.Ol || tag == atom.Ul || tag == atom.Li) && len(at.val) < 10 {
				dst = appendAttr(dst, "type", at.val)
			}
		default:
			if len(at.val) <= 300 {
				dst = appendAttr(dst, at.key, at.val)
			}
		}
	}
	return dst
}

func appendAttr(dst []byte, key, val string) []byte {
	dst = append(dst, ' ')
	dst = append(dst, key...)
	dst = append(dst, '=', '"')
	for i := 0; i < len(val); i++ {
		switch c := val[i]; {
		case c == '&':
			dst = append(dst, "&amp;"...)
		case c == '"':
			dst = append(dst, "&#34;"...)
		case c == '<':
			dst = append(dst, "&lt;"...)
		case c == '>':
			dst = append(dst, "&gt;"...)
		case c < ' ':
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// scheme returns the lower-case scheme of a link as a browser would see it:
// without the blanks and controls that hide it.
func scheme(u string) (string, string) {
	var b strings.Builder
	for _, r := range strings.TrimSpace(u) {
		if r == '\t' || r == '\n' || r == '\r' || r < ' ' {
			continue
		}
		b.WriteRune(r)
	}
	clean := strings.TrimLeft(b.String(), " ")
	i := strings.IndexAny(clean, ":/?#")
	if i <= 0 || clean[i] != ':' {
		return "", clean
	}
	return strings.ToLower(clean[:i]), clean
}

func safeLink(u string) string {
	if len(u) > 8192 {
		return ""
	}
	s, clean := scheme(u)
	switch s {
	case "http", "https", "mailto", "tel", "sms":
		return clean
	case "":
		if strings.HasPrefix(clean, "//") {
			return "https:" + clean
		}
		if strings.HasPrefix(strings.ToLower(clean), "www.") {
			return "http://" + clean
		}
	}
	return ""
}

// source is that of an image, also of one that was sanitised before.
func (a *attrs) source() string {
	src, cid := a.get("src"), a.get("data-cid")
	if cid != "" && strings.HasPrefix(src, "/") && !strings.HasPrefix(src, "//") {
		src = "" // where the console shows it from
	}
	if src != "" {
		return src
	}
	if cid != "" {
		return "cid:" + cid
	}
	return a.get("data-remote-src")
}

func (a *attrs) writeImage(dst []byte) (out []byte, cid string, remote bool) {
	s, clean := scheme(a.source())
	out = append(dst, "<img"...)
	switch {
	case s == "cid":
		cid = strings.Trim(clean[4:], "<> ")
		if un := string(unpercent(cid)); isPlainASCII(un) {
			cid = un
		}
		out = appendAttr(out, "data-cid", cid)
	case (s == "http" || s == "https") && len(clean) < 8192:
		out, remote = appendAttr(out, "data-remote-src", clean), true
	case s == "" && strings.HasPrefix(clean, "//"):
		out, remote = appendAttr(out, "data-remote-src", "https:"+clean), true
	case s == "data" && safeDataImage(clean):
		out = appendAttr(out, "src", clean)
	default:
		return dst, "", false
	}
	for _, at := range a.list {
		switch at.key {
		case "alt", "title", "width", "height", "align", "border":
			if len(at.val) <= 1000 {
				out = appendAttr(out, at.key, at.val)
			}
		case "style":
			if css := safeStyle(at.val); css != "" {
				out = appendAttr(out, "style", css)
			}
		}
	}
	return append(out, '>'), cid, remote
}

func safeDataImage(u string) bool {
	if len(u) > 1<<20 {
		return false
	}
	head := strings.ToLower(u[:min(len(u), 40)])
	for _, t := range []string{"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"} {
		if strings.HasPrefix(head, t) {
			return true
		}
	}
	return false
}
