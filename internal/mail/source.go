package mail

import (
	"bufio"
	"bytes"
	"io"
	"sync"
)

const fragmentSize = 64 << 10

var readerPool = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, fragmentSize) }}

// source hands out lines of at most fragmentSize bytes; a longer line comes in
// several fragments of which only the first has start set.
type source struct {
	br      *bufio.Reader
	start   bool
	held    []byte // one line put back
	holding bool
	err     error // first error other than io.EOF
}

func newSource(r io.Reader) *source {
	br := readerPool.Get().(*bufio.Reader)
	br.Reset(r)
	if head, _ := br.Peek(fragmentSize); bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		// Old Macintosh line ends.
		wrapped := readerPool.Get().(*bufio.Reader)
		wrapped.Reset(&crReader{br})
		br = wrapped
	}
	return &source{br: br, start: true}
}

func (s *source) release() {
	s.br.Reset(nil)
	readerPool.Put(s.br)
	s.br = nil
}

// next returns the next fragment, valid until the call after. ok is false at
// the end of input.
func (s *source) next() (frag []byte, start, ok bool) {
	if s.holding {
		s.holding = false
		return s.held, true, true
	}
	frag, err := s.br.ReadSlice('\n')
	start = s.start
	s.start = err == nil
	if err != nil && err != bufio.ErrBufferFull && err != io.EOF && s.err == nil {
		s.err = err
	}
	return frag, start, len(frag) > 0
}

// unread puts one whole line back.
func (s *source) unread(line []byte) {
	s.held = append(s.held[:0], line...)
	s.holding = true
}

// peek looks at what follows without taking it; a held line is not in it. A
// fragment that next returned before is no longer valid.
func (s *source) peek(n int) []byte {
	b, _ := s.br.Peek(min(n, fragmentSize))
	return b
}

// crReader turns bare CR into LF.
type crReader struct{ r io.Reader }

func (c *crReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

func bytesReader(b []byte) io.Reader { return bytes.NewReader(b) }
