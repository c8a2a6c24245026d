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
	PDF   Kind = "pdf"
	Docx  Kind = "docx"
	Xlsx  Kind = "xlsx"
)

// Bounds of one file.
const (
	MaxFile  = 25 << 20         // bytes of a file that is looked at
	MaxText  = 256 << 10        // bytes of text that are kept
	MaxTime  = 30 * time.Second // until its process is ended
	maxPlain = 1 << 20          // bytes of plain text that are looked at
)

// Faults of a file itself, which no repetition mends.
var (
	ErrTooLarge = errors.New("the file is too large")
	ErrBroken   = errors.New("the file cannot be read")
	ErrTooMuch  = errors.New("the file takes too much time or memory to read")
)

var byName = map[string]Kind{
	".txt": Plain, ".text": Plain, ".csv": Plain, ".tsv": Plain, ".md": Plain, ".markdown": Plain, ".log": Plain, ".pdf": PDF, ".docx": Docx, ".xlsx": Xlsx,
}

var byType = map[string]Kind{
	"text/plain": Plain, "text/csv": Plain, "text/markdown": Plain, "application/pdf": PDF,
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
// its last argument; without one only plain text is read.
type Reader struct{ Command []string }

// Reads tells whether files of the kind can be read.
func (r Reader) Reads(k Kind) bool { return k == Plain || k != None && len(r.Command) > 0 }

// Read returns the text of a file of size bytes, at most [MaxText] of it.
func (r Reader) Read(ctx context.Context, k Kind, file io.Reader, size int64) (string, error) {
	switch {
	case !r.Reads(k):
		return "", ErrBroken
	case k == Plain:
		b, err := io.ReadAll(io.LimitReader(file, maxPlain))
		return plain(b), err
	case size > MaxFile:
		return "", ErrTooLarge
	}
	text, err := r.child(ctx, k, io.LimitReader(file, MaxFile))
	return clip(text), err
}

// plain guesses how the text is written down: UTF-8 or UTF-16, otherwise
// Japanese or a code page of Windows.
func plain(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		if out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b); err == nil {
			return clip(string(out))
		}
	case validButEnd(b):
		return clip(string(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))))
	}
	if out, err := japanese.ShiftJIS.NewDecoder().Bytes(b); err == nil && !strings.ContainsRune(string(out), utf8.RuneError) {
		return clip(string(out))
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return ""
	}
	return clip(string(out))
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

// clip makes text that every database stores, of at most MaxText bytes.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", " "), "\uFFFD")
	if len(s) <= MaxText {
		return s
	}
	end := MaxText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
