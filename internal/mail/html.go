package mail

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlDoc is an HTML body after one walk over its tokens: clean HTML, visible
// lines, and which piece of HTML belongs to which line.
type htmlDoc struct {
	out   []byte
	ops   []op
	lines []line
	facts HTMLFacts
	cids  map[string]bool
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
	href   string
	from   int // where its text begins
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
	links  bool  // write the addresses of links into the text
	lists  []int // counters of ol, -1 for ul
	attrs  attrs
}

// walkHTML reads src, which is UTF-8. Work and memory grow with its length
// only.
func walkHTML(src []byte) *htmlDoc { return walkHTMLWith(src, false) }

// walkHTMLWith writes the addresses of links into the text when links is set.
func walkHTMLWith(src []byte, links bool) *htmlDoc {
	d := &htmlDoc{out: make([]byte, 0, len(src)+64)}
	w := &htmlWalker{doc: d, links: links, z: html.NewTokenizer(bytes.NewReader(src))}
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

func (w *htmlWalker) onStart() {
	name, more := w.z.TagName()
	tag := atom.Lookup(name)
	if !headContent(tag) {
		w.leaveHead()
	}
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

// leaveHead ends a head that was left open, as browsers do.
func (w *htmlWalker) leaveHead() {
	if n := len(w.stack); n > 0 && w.stack[n-1].tag == atom.Head {
		w.pop()
	}
}

func headContent(tag atom.Atom) bool {
	switch tag {
	case atom.Meta, atom.Link, atom.Title, atom.Style, atom.Script, atom.Base, atom.Noscript, atom.Template, atom.Head, atom.Html, 0:
		return true
	}
	return false
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
	case atom.A:
		if w.links {
			e.href, e.from = safeLink(w.attrs.get("href")), len(w.text)
		}
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
	case e.href != "":
		w.linkAddress(e)
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

// linkAddress writes where a link leads, unless its text says so.
func (w *htmlWalker) linkAddress(e element) {
	shown := strings.TrimSpace(string(w.text[min(e.from, len(w.text)):]))
	addr := strings.TrimPrefix(e.href, "mailto:")
	if shown == "" || !w.dirty || strings.EqualFold(shown, addr) || strings.HasSuffix(strings.TrimSuffix(addr, "/"), strings.TrimSuffix(shown, "/")) {
		return
	}
	w.text = append(w.text, " <"...)
	w.text = append(w.text, addr...)
	w.text = append(w.text, '>')
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
