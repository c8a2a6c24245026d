package mail

import (
	"strings"

	"golang.org/x/net/html/atom"
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
