package email

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/mail/auth"
)

// traceFilter renames Authentication-Results fields that a stranger wrote, so
// that nobody takes them for ours (RFC 8601, section 5), and ends loops. It
// holds one line of the header at most and passes the body untouched.
type traceFilter struct {
	src      *bufio.Reader
	rest     []byte // of the line being given out
	body     bool
	middle   bool // the last piece did not end its line
	received int
	trust    auth.Trust // whose results keep their name
}

const (
	resultsField   = auth.FieldName + ":"
	foreignResults = "X-Foreign-" + resultsField
)

func newTraceFilter(r io.Reader, trust auth.Trust) *traceFilter {
	return &traceFilter{src: bufio.NewReaderSize(r, 16<<10), trust: trust}
}

var errLoop = refuse(554, smtp.EnhancedCode{5, 4, 6}, "This mail went in circles")

func (f *traceFilter) Read(p []byte) (int, error) {
	if f.body && len(f.rest) == 0 {
		return f.src.Read(p)
	}
	if len(f.rest) == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// next reads one more line of the header, or a piece of a very long one.
func (f *traceFilter) next() error {
	line, err := f.src.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) && len(line) == 0 {
		return err
	}
	starts := !f.middle
	f.middle = errors.Is(err, bufio.ErrBufferFull)
	f.rest = line
	if !starts {
		return nil
	}
	switch {
	case len(bytes.TrimRight(line, "\r\n")) == 0:
		f.body = true
	case hasField(line, resultsField) && !f.trusted(line[len(resultsField):]):
		f.rest = append([]byte(foreignResults), line[len(resultsField):]...)
	case hasField(line, "Received:"):
		if f.received++; f.received > maxReceivedLen {
			return errLoop
		}
	}
	return nil
}

// trusted tells whether the first line of the field names a host that is believed.
func (f *traceFilter) trusted(value []byte) bool {
	if len(f.trust) == 0 {
		return false
	}
	return f.trust.Has(auth.Parse(string(value)).ID)
}

func hasField(line []byte, name string) bool {
	return len(line) >= len(name) && bytes.EqualFold(line[:len(name)], []byte(name))
}
