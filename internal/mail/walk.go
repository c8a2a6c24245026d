package mail

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"strings"
)

// walker goes once through the bytes of a mail.
type walker struct {
	src    *source
	m      *Message
	opt    *Options
	lim    Limits
	bounds [][]byte // "--boundary", outermost first
	stray  [][]byte // boundaries of parts that were never closed
	hit    int      // the boundary that ended the body, -1: none yet
	final  bool     // ... and it was the closing one
	eof    bool
	blanks int
	parts  int
	bytes  int // decoded body bytes held
	hint   string
	sum    hash.Hash
	slots  []*slot
	slot   *slot // the alternative being filled
	found  findings
	err    error // from the caller's writer
	nested int
	buf    []byte // scratch of the transfer decoder
	rec    *recorder
}

// slot is one place in the visible text: a lone part or an alternative.
type slot struct {
	plain, html []bodyPart
}

type bodyPart struct {
	data    []byte
	charset string
	flowed  bool
	delsp   bool
	kind    string // "plain", "html", "enriched"
}

func newWalker(src *source, m *Message, opt *Options) *walker {
	return &walker{src: src, m: m, opt: opt, lim: opt.Limits.withDefaults(), hit: -1, sum: sha256.New()}
}

// line returns the next fragment of the current body, ok false at a boundary
// or at the end.
func (w *walker) line() (frag []byte, start, ok bool) {
	if w.hit >= 0 || w.eof {
		return nil, false, false
	}
	frag, start, ok = w.src.next()
	if !ok {
		w.eof = true
		return nil, false, false
	}
	if start && len(frag) > 2 && frag[0] == '-' && frag[1] == '-' && w.atBoundary(frag) {
		if w.rec != nil && w.hit > w.rec.level {
			w.rec.add(frag)
		}
		return nil, false, false
	}
	if w.rec != nil {
		w.rec.add(frag)
	}
	return frag, start, true
}

func (w *walker) atBoundary(line []byte) bool {
	line = bytes.TrimRight(line, " \t\r\n")
	for i := len(w.bounds) - 1; i >= 0; i-- {
		b := w.bounds[i]
		if !bytes.HasPrefix(line, b) {
			continue
		}
		switch rest := line[len(b):]; {
		case len(rest) == 0:
			w.hit, w.final = i, false
			return true
		case len(rest) == 2 && rest[0] == '-' && rest[1] == '-':
			w.hit, w.final = i, true
			return true
		}
	}
	if len(w.bounds) > 0 {
		for _, b := range w.stray {
			if bytes.Equal(line, b) { // goes on although its multipart was left
				w.hit, w.final = len(w.bounds)-1, false
				return true
			}
		}
	}
	return false
}

// where tells an entity what it is part of.
type where struct {
	depth       int
	parent      string // subtype of the multipart around it, "" at the top
	alternative bool
	first       bool // first part of its parent
	digest      bool
}

// entity reads one header and the body below it.
func (w *walker) entity(at where) {
	h := w.readHeader(false)
	w.body(h, at)
}

// body reads the body that belongs to h.
func (w *walker) body(h Header, at where) {
	p := w.describe(h, at)
	if strings.HasPrefix(p.mediaType, "multipart/") && at.depth < w.lim.Depth && p.encoding != "base64" {
		w.multipart(p, at)
		return
	}
	if strings.HasPrefix(p.mediaType, "multipart/") {
		if p.encoding == "base64" && at.depth < w.lim.Depth {
			w.encodedMultipart(h, p, at)
			return
		}
		w.m.warn("The mail is nested more deeply than allowed; the inner parts are kept as a file.")
		p.mediaType = "application/octet-stream"
	}
	w.leaf(p, at)
}

// part is what the header of an entity says.
type part struct {
	header    Header
	mediaType string
	params    map[string]string
	disp      string
	name      string
	cid       string
	encoding  string
}

func (w *walker) describe(h Header, at where) part {
	ct := parseMedia(h.Raw("Content-Type"), w.hint)
	cd := parseMedia(h.Raw("Content-Disposition"), w.hint)
	p := part{header: h, mediaType: ct.value, params: ct.params, disp: cd.value,
		encoding: transferEncoding(h.Raw("Content-Transfer-Encoding")),
		cid:      strings.Trim(strings.TrimSpace(h.Raw("Content-Id")), "<> ")}
	switch {
	case p.mediaType == "":
		p.mediaType = "text/plain"
		if at.digest {
			p.mediaType = "message/rfc822"
		}
	case p.mediaType == "text", p.mediaType == "plain", p.mediaType == "text/":
		p.mediaType = "text/plain"
	case p.mediaType == "html":
		p.mediaType = "text/html"
	case !strings.Contains(p.mediaType, "/"):
		p.mediaType = "application/octet-stream"
	}
	for _, name := range []string{cd.params["filename"], ct.params["name"], cd.params["name"], ct.params["filename"]} {
		if p.name = cleanFilename(name); p.name != "" {
			break
		}
	}
	return p
}

func (w *walker) multipart(p part, at where) {
	marker := w.chooseBoundary(p.params["boundary"])
	if marker == nil {
		p.mediaType = "text/plain"
		w.m.warn("A part says that it has parts but names no boundary.")
		w.leaf(p, at)
		return
	}
	subtype := strings.TrimPrefix(p.mediaType, "multipart/")
	w.noteMultipart(subtype, p)
	signed := subtype == "signed" && w.m.SMIME == "signed"
	idx := len(w.bounds)
	w.bounds = append(w.bounds, marker)
	inner := where{depth: at.depth + 1, parent: subtype, alternative: at.alternative || subtype == "alternative", digest: subtype == "digest", first: true}
	owner := subtype == "alternative" && w.slot == nil
	if owner {
		w.slot = &slot{}
		w.slots = append(w.slots, w.slot)
	}
	stray := w.skip()
	if w.hit == idx && !blank(stray) {
		w.secondType(p, stray)
	}
	any, closed := false, false
	for w.hit == idx {
		if w.final {
			w.final, w.hit, closed = false, -1, true
			w.skip() // the epilogue; parts that follow it are still read
			continue
		}
		w.hit = -1
		if w.parts++; w.parts > w.lim.Parts || w.err != nil {
			w.m.cut("The mail has more parts than allowed; the rest was left out.")
			w.skip()
			continue
		}
		if !any && signed {
			w.signedPart(idx, inner)
		} else {
			w.entity(inner)
		}
		any = true
		inner.first = false
		for w.hit < 0 && !w.eof { // what a part left unread
			w.skip()
		}
	}
	w.bounds = w.bounds[:idx]
	if !closed && len(w.stray) < 20 {
		w.stray = append(w.stray, marker)
	}
	if owner {
		w.slot = nil
	}
	if !any && len(bytes.TrimSpace(stray)) > 0 {
		w.m.warn("The boundary of a part never came; its text is shown as it is.")
		if len(stray) == strayBytes {
			w.m.cut("The text of a part without its boundary is longer than allowed; the rest was left out.")
		}
		w.addBody(bodyPart{data: stray, kind: "plain"})
	}
}

// secondType keeps what stands before the first part where the header declares
// text as well as a multipart: some program lost the part's own boundary.
func (w *walker) secondType(p part, before []byte) {
	for _, f := range p.header.fields {
		if !strings.EqualFold(f.Name, "Content-Type") {
			continue
		}
		if ct := parseMedia(f.Value, w.hint); ct.value == "text/plain" || ct.value == "text/html" {
			kind := strings.TrimPrefix(ct.value, "text/")
			w.addBody(bodyPart{data: before, charset: ct.params["charset"], kind: kind, flowed: strings.EqualFold(ct.params["format"], "flowed")})
			return
		}
	}
}

const strayBytes = 256 << 10

// skip drops lines up to the next boundary and returns their beginning.
func (w *walker) skip() []byte {
	var head []byte
	for {
		line, _, ok := w.line()
		if !ok {
			return head
		}
		head = append(head, line[:min(len(line), strayBytes-len(head))]...)
	}
}

// chooseBoundary returns "--boundary" as declared, or as found in what
// follows when the declared one is missing or does not occur.
func (w *walker) chooseBoundary(declared string) []byte {
	declared = strings.TrimRight(declared, " ")
	var marker []byte
	ahead := w.src.peek(fragmentSize)
	if declared != "" {
		marker = []byte("--" + declared)
		if w.src.holding && bytes.HasPrefix(w.src.held, marker) || bytes.Contains(ahead, marker) || len(ahead) == fragmentSize {
			return marker
		}
	}
	if found := guessBoundary(ahead); found != nil {
		for _, b := range w.bounds {
			if bytes.Equal(b, found) {
				return marker
			}
		}
		return found
	}
	return marker
}

// guessBoundary finds a line of "--something" that a header field follows.
func guessBoundary(b []byte) []byte {
	for len(b) > 0 {
		line := firstLine(b)
		rest := b[min(len(line)+1, len(b)):]
		t := bytes.TrimRight(line, " \t\r")
		if len(t) > 2 && len(t) < 200 && t[0] == '-' && t[1] == '-' && !blank(bytes.Trim(t, "-")) {
			if name, _ := fieldName(firstLine(rest)); strings.HasPrefix(strings.ToLower(name), "content-") {
				return append([]byte(nil), t...)
			}
		}
		b = rest
	}
	return nil
}

func cleanFilename(name string) string {
	name = collapseSpace(cleanControls(name))
	if i := strings.LastIndexAny(name, `/\`); i >= 0 && i+1 < len(name) {
		name = name[i+1:]
	}
	name = strings.Trim(name, " \"")
	if r := []rune(name); len(r) > 200 {
		name = string(r[:150]) + string(r[len(r)-50:])
	}
	if name == "." || name == ".." {
		return ""
	}
	return name
}
