package mail

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlDoc is an HTML body after one walk over its tokens: clean HTML, visible
// lines, and which piece of HTML belongs to which line.
type htmlDoc struct {
	out    []byte
	ops    []op
	lines  []line
	facts  HTMLFacts
	cids   map[string]bool
	broken bool
}

// HTMLFacts is what SanitizeHTML found.
type HTMLFacts struct {
	RemoteImages bool // images that a click may load
	Pixels       int  // tracking pixels removed
	Removed      int  // scripts, forms, frames and the like removed
	ContentIDs   []string
}

type opKind uint8

const (
	opText opKind = iota
	opVoid
	opOpen
	opClose
)

// op is a piece of the sanitised HTML.
type op struct {
	kind       opKind
	start, end int32
	line       int32
	mate       int32 // of opOpen: its opClose
}

const maxElements = 200

type element struct {
	tag    atom.Atom
	name   string
	op     int32 // -1: not written
	hidden bool
	quote  bool
	flags  lineFlag
	pre    bool
	block  bool
	margin bool
}

// htmlWalker makes text, quote marks and sanitised HTML in one go.
type htmlWalker struct {
	doc    *htmlDoc
	z      *html.Tokenizer
	stack  []element
	text   []byte // text of all lines
	starts []int
	cur    int // start of the current line in text
	dirty  bool
	space  bool // a collapsed blank is due
	margin bool // a blank line is due
	hidden int
	quote  int
	pre    int
	flags  lineFlag // of open elements
	once   lineFlag // for the next line only
	lflags lineFlag // gathered for the current line
	lquote int
	lists  []int // counters of ol, -1 for ul
	attrs  attrs
}

// walkHTML reads src, which is UTF-8. Work and memory grow with its length
// only.
func walkHTML(src []byte) *htmlDoc {
	d := &htmlDoc{out: make([]byte, 0, len(src)+64)}
	w := &htmlWalker{doc: d, z: html.NewTokenizer(bytes.NewReader(src))}
	w.z.SetMaxBuf(4 << 20)
	w.text = make([]byte, 0, len(src)/3)
	for {
		switch w.z.Next() {
		case html.ErrorToken:
			w.finish()
			return d
		case html.TextToken:
			w.onText(w.z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			w.onStart()
		case html.EndTagToken:
			name, _ := w.z.TagName()
			w.onEnd(name)
		}
	}
}

func (w *htmlWalker) finish() {
	for len(w.stack) > 0 {
		w.pop()
	}
	w.endLine(false)
	text := string(w.text)
	for i := range w.doc.lines {
		end := len(text)
		if i+1 < len(w.starts) {
			end = w.starts[i+1]
		}
		w.doc.lines[i].text = strings.TrimRightFunc(text[w.starts[i]:end], unicode.IsSpace)
	}
}

func (w *htmlWalker) line() int32 { return int32(len(w.doc.lines)) }

// endLine closes the current line; an empty one counts only when forced.
func (w *htmlWalker) endLine(force bool) {
	w.space = false
	if !w.dirty && !force {
		return
	}
	q, f := w.lquote, w.lflags
	if !w.dirty {
		q, f = w.quote, w.flags|w.once
	}
	w.doc.lines = append(w.doc.lines, line{quote: q, flags: f})
	w.starts = append(w.starts, w.cur)
	w.cur = len(w.text)
	w.dirty, w.lflags, w.lquote = false, 0, 0
	if force {
		w.margin = false
	}
}

// begin prepares the current line for content.
func (w *htmlWalker) begin() {
	if w.dirty {
		w.lflags |= w.flags &^ flagBox
		return
	}
	if w.margin {
		w.margin = false
		if n := len(w.doc.lines); n > 0 && w.starts[n-1] != w.cur {
			// What the blank line holds belongs to both; give it the weaker quote.
			w.doc.lines = append(w.doc.lines, line{quote: min(w.doc.lines[n-1].quote, w.quote), flags: w.doc.lines[n-1].flags & w.flags})
			w.starts = append(w.starts, w.cur)
		}
	}
	w.dirty = true
	w.lquote = w.quote
	w.lflags = w.flags | w.once
	w.once = 0
}

func (w *htmlWalker) onText(t []byte) {
	if w.hidden > 0 {
		return
	}
	if len(w.stack) > 0 && droppedContent(w.stack[len(w.stack)-1].tag) {
		return
	}
	if w.pre > 0 {
		w.preText(t)
		return
	}
	blankOnly := true
	from := len(t)
	for i := 0; i < len(t); {
		r, size := rune(t[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(t[i:])
		}
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f':
			w.space = w.dirty
		case r == 0x200b || r == 0xfeff || r == 0xad || r == 0x200c || r == 0x34f || r == 0:
		default:
			if blankOnly {
				blankOnly = false
				from = i
				if r == 0xa0 && len(bytes.TrimSpace(t)) == size && !w.dirty {
					// &nbsp; alone holds an empty line open
					w.begin()
					i += size
					continue
				}
				w.begin()
			}
			if w.space {
				w.text = append(w.text, ' ')
				w.space = false
			}
			if r == 0xa0 {
				w.text = append(w.text, ' ')
			} else {
				w.text = append(w.text, t[i:i+size]...)
			}
		}
		i += size
	}
	_ = from
	if blankOnly && !w.dirty {
		return
	}
	w.emitText(t)
}

func (w *htmlWalker) preText(t []byte) {
	for len(t) > 0 {
		i := bytes.IndexByte(t, '\n')
		part := t
		if i >= 0 {
			part = t[:i]
		}
		if len(part) > 0 {
			w.begin()
			w.text = append(w.text, bytes.TrimRight(part, "\r")...)
			w.emitText(part)
		}
		if i < 0 {
			return
		}
		w.emitText([]byte{'\n'})
		w.endLine(true)
		t = t[i+1:]
	}
}

func (w *htmlWalker) emitText(t []byte) {
	d := w.doc
	start := int32(len(d.out))
	d.out = escapeText(d.out, t)
	if n := len(d.ops); n > 0 && d.ops[n-1].kind == opText && d.ops[n-1].line == w.line() && d.ops[n-1].end == start {
		d.ops[n-1].end = int32(len(d.out))
		return
	}
	d.ops = append(d.ops, op{kind: opText, start: start, end: int32(len(d.out)), line: w.line()})
}

func escapeText(dst, t []byte) []byte {
	last := 0
	for i, c := range t {
		var esc string
		switch c {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case 0:
			esc = " "
		default:
			continue
		}
		dst = append(dst, t[last:i]...)
		dst = append(dst, esc...)
		last = i + 1
	}
	return append(dst, t[last:]...)
}

func (w *htmlWalker) onStart() {
	name, more := w.z.TagName()
	tag := atom.Lookup(name)
	w.attrs.read(w.z, more)
	info := tagInfo(tag)
	if info.void {
		if w.hidden == 0 {
			w.onVoid(tag)
		}
		return
	}
	w.implicitClose(tag)
	if len(w.stack) >= maxElements {
		return
	}
	e := element{tag: tag, op: -1, block: info.block, margin: info.margin}
	if tag == 0 {
		e.name = string(name)
	}
	e.hidden = info.drop || w.attrs.hidden()
	if info.drop && tag != atom.Head && tag != atom.Title && tag != atom.Style {
		w.doc.facts.Removed++
	}
	if e.hidden {
		w.hidden++
		w.stack = append(w.stack, e)
		return
	}
	w.enter(&e, info)
	w.stack = append(w.stack, e)
}

// enter opens an element in text and HTML.
func (w *htmlWalker) enter(e *element, info tag) {
	if w.hidden > 0 {
		return
	}
	if info.block {
		w.endLine(false)
		w.margin = w.margin || info.margin
	} else if e.tag == atom.Td || e.tag == atom.Th {
		w.space = w.dirty
	}
	f, once := containerFlags(e.tag, &w.attrs)
	w.once |= once
	if e.flags = f &^ w.flags; e.flags != 0 {
		w.flags |= e.flags
	}
	switch e.tag {
	case atom.Blockquote:
		e.quote = true
		w.quote++
	case atom.Pre:
		e.pre = true
		w.pre++
	case atom.Ol:
		w.lists = append(w.lists, 0)
	case atom.Ul:
		w.lists = append(w.lists, -1)
	case atom.Li:
		w.bullet()
	}
	if info.keep {
		w.open(e, info)
	}
}

func (w *htmlWalker) bullet() {
	w.begin()
	n := len(w.lists)
	switch {
	case n > 0 && w.lists[n-1] >= 0:
		w.lists[n-1]++
		w.text = append(w.text, itoa(w.lists[n-1])...)
		w.text = append(w.text, '.', ' ')
	default:
		w.text = append(w.text, '-', ' ')
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func (w *htmlWalker) open(e *element, info tag) {
	d := w.doc
	start := int32(len(d.out))
	d.out = append(d.out, '<')
	d.out = append(d.out, info.as...)
	d.out = w.attrs.write(d.out, e.tag)
	d.out = append(d.out, '>')
	e.op = int32(len(d.ops))
	d.ops = append(d.ops, op{kind: opOpen, start: start, end: int32(len(d.out)), line: w.line(), mate: -1})
}

func (w *htmlWalker) onEnd(name []byte) {
	tag := atom.Lookup(name)
	if tag == atom.Br {
		w.onVoid(atom.Br)
		return
	}
	if tag == atom.P && !w.inStack(atom.P) {
		return
	}
	for i := len(w.stack) - 1; i >= 0 && i >= len(w.stack)-64; i-- {
		if w.stack[i].tag == tag && (tag != 0 || w.stack[i].name == string(name)) {
			for len(w.stack) > i {
				w.pop()
			}
			return
		}
		if scopeWall(w.stack[i].tag) && !scopeWall(tag) && tag != atom.Div {
			return
		}
	}
}

// scopeWall: a stray inline end tag must not close the cell around it.
func scopeWall(tag atom.Atom) bool {
	return tag == atom.Td || tag == atom.Th || tag == atom.Table || tag == atom.Tr || tag == atom.Blockquote || tag == atom.Tbody
}

func (w *htmlWalker) inStack(tag atom.Atom) bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		if w.stack[i].tag == tag {
			return true
		}
		if scopeWall(w.stack[i].tag) {
			return false
		}
	}
	return false
}

func (w *htmlWalker) pop() {
	e := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	if e.hidden {
		w.hidden--
		return
	}
	if w.hidden > 0 {
		return
	}
	if e.block {
		w.endLine(false)
		w.margin = w.margin || e.margin
	}
	w.flags &^= e.flags
	switch {
	case e.quote:
		w.quote--
	case e.pre:
		w.pre--
	case (e.tag == atom.Ol || e.tag == atom.Ul) && len(w.lists) > 0:
		w.lists = w.lists[:len(w.lists)-1]
	}
	if e.op >= 0 {
		d := w.doc
		start := int32(len(d.out))
		d.out = append(d.out, "</"...)
		d.out = append(d.out, tagInfo(e.tag).as...)
		d.out = append(d.out, '>')
		d.ops[e.op].mate = int32(len(d.ops))
		d.ops = append(d.ops, op{kind: opClose, start: start, end: int32(len(d.out)), line: w.line()})
	}
}

// implicitClose ends what HTML lets authors leave open.
func (w *htmlWalker) implicitClose(tag atom.Atom) {
	closeUp := func(targets, walls []atom.Atom) {
		for i := len(w.stack) - 1; i >= 0 && i >= len(w.stack)-32; i-- {
			for _, t := range targets {
				if w.stack[i].tag == t {
					for len(w.stack) > i {
						w.pop()
					}
					return
				}
			}
			for _, x := range walls {
				if w.stack[i].tag == x {
					return
				}
			}
		}
	}
	switch tag {
	case atom.Li:
		closeUp(aLi, aList)
	case atom.Td, atom.Th:
		closeUp(aCell, aTable)
	case atom.Tr:
		closeUp(aRow, aTable)
	case atom.Dt, atom.Dd:
		closeUp(aDef, aDl)
	case atom.Body, atom.Head:
		closeUp(aHead, nil)
	case atom.P, atom.Div, atom.Table, atom.Ul, atom.Ol, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.Pre:
		closeUp(aP, aWall)
		if tag == atom.Div || tag == atom.P || tag == atom.Table {
			closeUp(aHead, nil)
		}
	}
}

var (
	aLi    = []atom.Atom{atom.Li}
	aList  = []atom.Atom{atom.Ul, atom.Ol, atom.Table}
	aCell  = []atom.Atom{atom.Td, atom.Th}
	aTable = []atom.Atom{atom.Table}
	aRow   = []atom.Atom{atom.Tr}
	aDef   = []atom.Atom{atom.Dt, atom.Dd}
	aDl    = []atom.Atom{atom.Dl, atom.Table}
	aHead  = []atom.Atom{atom.Head}
	aP     = []atom.Atom{atom.P}
	aWall  = []atom.Atom{atom.Td, atom.Th, atom.Table, atom.Div, atom.Li, atom.Blockquote, atom.Body, atom.Center, atom.Font, atom.Span, atom.Section}
)

func (w *htmlWalker) onVoid(tag atom.Atom) {
	d := w.doc
	switch tag {
	case atom.Br:
		ln := w.line()
		start := int32(len(d.out))
		d.out = append(d.out, "<br>"...)
		d.ops = append(d.ops, op{kind: opVoid, start: start, end: int32(len(d.out)), line: ln})
		if w.margin && !w.dirty {
			w.begin()
			w.dirty = true
		}
		w.endLine(true)
	case atom.Hr:
		w.endLine(false)
		if isReplyRule(&w.attrs) {
			w.once |= flagTerminal
		}
		w.once |= flagRule
		start := int32(len(d.out))
		d.out = append(d.out, "<hr>"...)
		d.ops = append(d.ops, op{kind: opVoid, start: start, end: int32(len(d.out)), line: w.line()})
	case atom.Img:
		w.image()
	case atom.Col, atom.Wbr:
	}
}

func (w *htmlWalker) image() {
	d := w.doc
	if w.attrs.pixel() {
		d.facts.Pixels++
		return
	}
	start := len(d.out)
	var cid string
	var remote bool
	d.out, cid, remote = w.attrs.writeImage(d.out)
	if len(d.out) == start {
		return
	}
	if cid != "" {
		if d.cids == nil {
			d.cids = map[string]bool{}
		}
		if !d.cids[cid] && len(d.cids) < 500 {
			d.cids[cid] = true
			d.facts.ContentIDs = append(d.facts.ContentIDs, cid)
		}
	}
	d.facts.RemoteImages = d.facts.RemoteImages || remote
	w.begin()
	w.lflags |= flagPicture
	d.ops = append(d.ops, op{kind: opVoid, start: int32(start), end: int32(len(d.out)), line: w.line()})
}

// keepLines builds the HTML of the lines that keep says.
func (d *htmlDoc) keepLines(keep []bool) string {
	// content[i]: kept texts and voids before op i
	content := make([]int32, len(d.ops)+1)
	for i, o := range d.ops {
		content[i+1] = content[i]
		if (o.kind == opText || o.kind == opVoid) && int(o.line) < len(keep) && keep[o.line] {
			content[i+1]++
		}
	}
	var b strings.Builder
	closes := make([]bool, len(d.ops))
	for i, o := range d.ops {
		switch o.kind {
		case opOpen:
			if o.mate < 0 || content[o.mate] == content[i] {
				continue
			}
			closes[o.mate] = true
		case opClose:
			if !closes[i] {
				continue
			}
		default:
			if content[i+1] == content[i] {
				continue
			}
		}
		b.Write(d.out[o.start:o.end])
	}
	return b.String()
}
