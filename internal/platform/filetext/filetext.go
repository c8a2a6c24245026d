package filetext

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// Kind of a file that can be read, "" = none.
type Kind string

// The kinds.
const (
	None  Kind = ""
	Plain Kind = "plain"
	HTML  Kind = "html"
	PDF   Kind = "pdf"
	Docx  Kind = "docx"
	Xlsx  Kind = "xlsx"
)

// Bounds of one file.
const (
	MaxFile  = 25 << 20         // bytes of a file that is looked at
	MaxRead  = 4 << 20          // bytes of text that are read of it
	MaxText  = 256 << 10        // bytes of text that are worth keeping
	MaxTime  = 30 * time.Second // until its process is ended
	maxPlain = 4 << 20          // bytes of plain text or HTML that are looked at
)

// Faults of a file itself, which no repetition mends.
var (
	ErrTooLarge = errors.New("the file is too large")
	ErrBroken   = errors.New("the file cannot be read")
	ErrTooMuch  = errors.New("the file takes too much time or memory to read")
)

var byName = map[string]Kind{
	".txt": Plain, ".text": Plain, ".csv": Plain, ".tsv": Plain, ".md": Plain, ".markdown": Plain, ".log": Plain,
	".html": HTML, ".htm": HTML, ".xhtml": HTML, ".pdf": PDF, ".docx": Docx, ".xlsx": Xlsx,
}

var byType = map[string]Kind{
	"text/plain": Plain, "text/csv": Plain, "text/markdown": Plain, "text/html": HTML, "application/xhtml+xml": HTML, "application/pdf": PDF,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": Docx,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       Xlsx,
}

// KindOf tells what a file is by its name, otherwise by its type.
func KindOf(name, contentType string) Kind {
	if k, ok := byName[strings.ToLower(path.Ext(name))]; ok {
		return k
	}
	contentType, _, _ = strings.Cut(contentType, ";")
	return byType[strings.ToLower(strings.TrimSpace(contentType))]
}

// Reader reads files. Command starts a process that runs [Main] with the kind as
// its last argument; without one only plain text and HTML are read.
type Reader struct{ Command []string }

// Reads tells whether files of the kind can be read.
func (r Reader) Reads(k Kind) bool { return k == Plain || k == HTML || k != None && len(r.Command) > 0 }

// Read returns the text of a file of size bytes, at most [MaxRead] of it.
func (r Reader) Read(ctx context.Context, k Kind, file io.Reader, size int64) (string, error) {
	switch {
	case !r.Reads(k):
		return "", ErrBroken
	case k == Plain, k == HTML:
		b, err := io.ReadAll(io.LimitReader(file, maxPlain))
		if k == HTML {
			return shown(plain(b)), err
		}
		return plain(b), err
	case size > MaxFile:
		return "", ErrTooLarge
	}
	text, err := r.child(ctx, k, io.LimitReader(file, MaxFile))
	return clip(text, MaxRead), err
}

// Clip cuts a text to what is worth keeping of it.
func Clip(text string) string { return clip(text, MaxText) }

// plain guesses how the text is written down: UTF-8 or UTF-16, otherwise
// Japanese or a code page of Windows.
func plain(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		if out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b); err == nil {
			return clip(string(out), MaxRead)
		}
	case validButEnd(b):
		return clip(string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))), MaxRead)
	}
	if out, err := japanese.ShiftJIS.NewDecoder().Bytes(b); err == nil && !strings.ContainsRune(string(out), utf8.RuneError) {
		return clip(string(out), MaxRead)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return clip(string(out), MaxRead)
}

// validButEnd tells whether b is UTF-8; its last character may be cut.
func validButEnd(b []byte) bool {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ {
		if utf8.Valid(b) {
			return true
		}
		b = b[:len(b)-1]
	}
	return len(b) == 0
}

// clip makes text that every database stores, of at most so many bytes.
func clip(s string, most int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), "\uFFFD")
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
