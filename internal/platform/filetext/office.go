package filetext

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// maxUnpacked bounds what is unpacked of one file: a few kilobytes can unpack
// to gigabytes.
const maxUnpacked = 48 << 20

// parts are where the words of an office file stand (ECMA-376).
var parts = map[Kind][]string{
	Docx: {"word/document.xml", "word/header*.xml", "word/footer*.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"},
	Xlsx: {"xl/sharedStrings.xml", "xl/worksheets/sheet*.xml"},
}

// office reads the parts one after the other, until there is enough.
func office(k Kind, b []byte, out io.Writer) error {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return ErrBroken
	}
	left, any := int64(maxUnpacked), false
	for _, pattern := range parts[k] {
		for _, f := range z.File {
			if ok, err := path.Match(pattern, f.Name); err != nil || !ok {
				continue
			}
			any = true
			part := &io.LimitedReader{N: left}
			if err := words(k, f, part, out); err != nil {
				return err
			}
			left = part.N
			if left <= 0 {
				return ErrTooMuch
			}
		}
	}
	if !any {
		return ErrBroken
	}
	return nil
}

// words writes the text of one part. Elements are not kept open, so that a
// million of them inside each other take no memory.
func words(k Kind, f *zip.File, part *io.LimitedReader, out io.Writer) error {
	r, err := f.Open()
	if err != nil {
		return ErrBroken
	}
	defer r.Close()
	part.R = r
	d := xml.NewDecoder(part)
	d.Strict = false
	shown, number := false, true
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			if part.N <= 0 {
				return ErrTooMuch
			}
			return nil // what was read until here stays
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				shown = true
			case "c":
				number = !refers(t)
			case "v":
				shown = number
			}
		case xml.EndElement:
			shown = false
			if err := separate(k, t.Name.Local, out); err != nil {
				return err
			}
		case xml.CharData:
			if shown {
				if _, err := out.Write(t); err != nil {
					return err
				}
			}
		}
	}
}

// refers tells whether a cell names a shared string, which was read before.
func refers(t xml.StartElement) bool {
	for _, a := range t.Attr {
		if a.Name.Local == "t" {
			return a.Value == "s"
		}
	}
	return false
}

// separate keeps words apart that stand in different paragraphs or cells.
func separate(k Kind, element string, out io.Writer) error {
	line := element == "p" || element == "tr" || element == "row" || element == "si"
	gap := element == "tab" || element == "br" || element == "tc" || k == Xlsx && element == "c"
	switch {
	case line:
		_, err := io.WriteString(out, "\n")
		return err
	case gap:
		_, err := io.WriteString(out, " ")
		return err
	}
	return nil
}

// bounded takes MaxRead bytes and then ends the reading.
type bounded struct {
	strings.Builder
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > MaxRead {
		b.Builder.Write(p[:MaxRead-b.Len()])
		return 0, io.ErrShortWrite
	}
	return b.Builder.Write(p)
}
