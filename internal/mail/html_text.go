package mail

import (
	"bytes"
	"unicode/utf8"
)

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
	if !blank(t) {
		w.leaveHead()
	}
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
	empty := !w.words(t)
	if empty && !w.dirty {
		return
	}
	w.emitText(t)
}

// words adds the words of t to the current line, blanks collapsed; false when
// there are none.
func (w *htmlWalker) words(t []byte) (any bool) {
	for i := 0; i < len(t); {
		r, size := rune(t[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(t[i:])
		}
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f':
			w.space = w.dirty
		case invisible(r):
		case r == 0xa0 && !w.dirty && len(bytes.TrimSpace(t)) == size:
			w.begin() // alone it holds an empty line open
			any = true
		default:
			any = true
			w.begin()
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
	return any
}

// invisible characters pad preview texts and break words.
func invisible(r rune) bool {
	return r == 0x200b || r == 0x200c || r == 0xfeff || r == 0xad || r == 0x34f || r == 0
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
