package filekind_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/filekind"
)

func TestProgramsAreToldByNameAndByTheirFirstBytes(t *testing.T) {
	t.Parallel()
	pe := "MZ" + strings.Repeat("\x00", 100)
	for name, c := range map[string]struct {
		file, head string
		want       filekind.Reason
	}{
		"a program":             {"setup.EXE", "", filekind.Program},
		"dots behind":           {"invoice.pdf.exe. .", "", filekind.Program},
		"a script":              {"order.js", "var x", filekind.Program},
		"a disk image":          {"parcel.iso", "", filekind.Program},
		"a program as picture":  {"photo.jpg", pe, filekind.Program},
		"a Linux program":       {"data", "\x7fELF\x02", filekind.Program},
		"a shell script":        {"readme.txt", "#!/bin/sh\n", filekind.Program},
		"a link":                {"Rechnung", "L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00", filekind.Program},
		"a picture":             {"photo.jpg", "\xff\xd8\xff", ""},
		"a document":            {"invoice.pdf", "%PDF-1.7", ""},
		"a text that begins MZ": {"a.txt", "MZ is a code", ""},
		"a name like one":       {"exe", "x", ""},
		"an address in a name":  {"www.shop.example.pdf", "%PDF", ""},
	} {
		if got := filekind.Of(c.file, []byte(c.head)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func zipOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestProgramsInsideZipFilesAreTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file []byte
		want filekind.Reason
	}{
		"by name":        {zipOf(t, map[string]string{"a/b/run.vbs": "x"}), filekind.ProgramInside},
		"by its bytes":   {zipOf(t, map[string]string{"photo.jpg": "\x7fELF\x02\x01"}), filekind.ProgramInside},
		"only documents": {zipOf(t, map[string]string{"a.pdf": "%PDF", "b.txt": "b"}), ""},
		"cut short":      {zipOf(t, map[string]string{"run.exe": "x"})[:20], ""},
		"no zip":         {[]byte("hello"), ""},
	} {
		if got := filekind.Inside(bytes.NewReader(c.file), int64(len(c.file))); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzInside(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(_ *testing.T, b []byte) { filekind.Inside(bytes.NewReader(b), int64(len(b))) })
}
