package mail

import (
	"io"
	"strings"
)

func (w *walker) create(p part, at where) *file {
	a := Attachment{Index: len(w.m.Attachments), Filename: p.name, ContentType: p.mediaType, ContentID: p.cid}
	if a.ContentType == "" || a.ContentType == "application/octet-stream" {
		if t := typeByName(a.Filename); t != "" {
			a.ContentType = t
		} else if a.ContentType == "" {
			a.ContentType = "application/octet-stream"
		}
	}
	if a.Filename == "" {
		a.Filename = madeUpName(a)
	}
	a.Inline = p.disp == "inline" && strings.HasPrefix(a.ContentType, "image/")
	w.m.Attachments = append(w.m.Attachments, a)
	f := &file{w: w, at: a.Index}
	if w.opt.Attachment != nil && w.err == nil {
		out, err := w.opt.Attachment(a)
		if err != nil {
			w.err = err
		}
		f.out = out
	}
	return f
}

// textHash hashes text without what transports change: carriage returns and
// blanks at the end.
type textHash struct {
	to      io.Writer
	pending []byte
}

func (h *textHash) add(b []byte) {
	for len(b) > 0 {
		i := 0
		for i < len(b) && b[i] != '\r' && b[i] != '\n' && b[i] != ' ' && b[i] != '\t' {
			i++
		}
		if i > 0 {
			h.to.Write(h.pending)
			h.pending = h.pending[:0]
			h.to.Write(b[:i])
		}
		for ; i < len(b) && (b[i] == '\r' || b[i] == '\n' || b[i] == ' ' || b[i] == '\t'); i++ {
			if b[i] != '\r' && len(h.pending) < 4096 {
				h.pending = append(h.pending, b[i])
			}
		}
		b = b[i:]
	}
}

// file is an attachment being written.
type file struct {
	w   *walker
	at  int
	out io.WriteCloser
}

func (f *file) write(b []byte) {
	f.w.m.Attachments[f.at].Size += int64(len(b))
	if f.out != nil && f.w.err == nil {
		if _, err := f.out.Write(b); err != nil {
			f.w.err = err
		}
	}
}

func (f *file) close() {
	if f.out != nil {
		if err := f.out.Close(); err != nil && f.w.err == nil {
			f.w.err = err
		}
		f.out = nil
	}
}

// chunks grow without copying what is already there.
type chunks struct {
	list [][]byte
	n    int
}

const chunkSize = 256 << 10

func (c *chunks) add(b []byte) {
	c.n += len(b)
	for len(b) > 0 {
		last := len(c.list) - 1
		if last < 0 || len(c.list[last]) == cap(c.list[last]) {
			c.list = append(c.list, make([]byte, 0, min(chunkSize, max(4096, len(b)))))
			last++
		}
		room := min(len(b), cap(c.list[last])-len(c.list[last]))
		c.list[last] = append(c.list[last], b[:room]...)
		b = b[room:]
	}
}

// join makes one slice and lets the pieces go.
func (c *chunks) join() []byte {
	if len(c.list) == 1 {
		return c.list[0]
	}
	whole := make([]byte, 0, c.n)
	for i, p := range c.list {
		whole = append(whole, p...)
		c.list[i] = nil
	}
	c.list = nil
	return whole
}
