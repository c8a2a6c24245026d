package filetext_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/deskbell/deskbell/internal/platform/filetext"
)

// TestMain is the process that reads a file, too.
func TestMain(m *testing.M) {
	if len(os.Args) != 3 || os.Args[1] != "read-file" {
		os.Exit(m.Run())
	}
	if os.Args[2] == "hog" {
		filetext.Hog()
	}
	os.Exit(filetext.Main(os.Args[2], os.Stdin, os.Stdout))
}

func reader(t testing.TB) filetext.Reader {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return filetext.Reader{Command: []string{self, "read-file"}}
}

func read(t testing.TB, k filetext.Kind, b []byte) (string, error) {
	return reader(t).Read(context.Background(), k, bytes.NewReader(b), int64(len(b)))
}

// pack makes an office file.
func pack(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stream is an object of a PDF that holds text.
func stream(text string) string {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", packed.Len(), packed.String())
}

// letterTable is a ToUnicode CMap as browsers write it.
const letterTable = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
2 beginbfchar
<0041> <8FD4>
<0042> <54C1>
endbfchar
2 beginbfrange
<0050> <0052> <0410>
<0060> <0061> [<0069> <D83DDE00>]
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end`

// paper makes a PDF of one page with this content stream.
func paper(content string) []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.4\n")
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R /F3 8 0 R >> >> >>",
		stream(content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /ToUnicode 7 0 R >>", stream(letterTable),
		"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /90ms-RKSJ-H >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

func TestFilesAreRead(t *testing.T) {
	t.Parallel()
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("Рахунок"))
	if err != nil {
		t.Fatal(err)
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte("返品の申請書"))
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte("Größe und Maß"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		kind filetext.Kind
		file []byte
		want []string
	}{
		"utf-8":  {filetext.Plain, []byte("\xef\xbb\xbfİade formu"), []string{"İade formu"}},
		"utf-16": {filetext.Plain, utf16, []string{"Рахунок"}},
		"sjis":   {filetext.Plain, sjis, []string{"返品の申請書"}},
		"latin":  {filetext.Plain, latin, []string{"Größe und Maß"}},
		"docx": {filetext.Docx, pack(t, map[string]string{"word/document.xml": `<w:document xmlns:w="x"><w:p><w:r><w:t>Rechnung</w:t></w:r><w:r><w:t xml:space="preserve"> LL-10482</w:t></w:r></w:p>` +
			`<w:p><w:instrText>HIDDEN</w:instrText><w:t>返品 &amp; more</w:t></w:p></w:document>`, "word/footer1.xml": "<w:ftr><w:p><w:t>Page</w:t></w:p></w:ftr>", "word/media/a.xml": "<t>no</t>"}),
			[]string{"Rechnung LL-10482\n", "返品 & more", "Page"}},
		"xlsx": {filetext.Xlsx, pack(t, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>Sipariş</t></si><si><r><t>Кур</t></r><r><t>єр</t></r></si></sst>",
			"xl/worksheets/sheet1.xml": `<worksheet><row><c t="s"><v>0</v></c><c><v>20001</v></c><c t="inlineStr"><is><t>inline</t></is></c></row></worksheet>`}),
			[]string{"Sipariş\n", "Курєр", "20001", "inline"}},
		"pdf": {filetext.PDF, paper("BT /F1 12 Tf 20 100 Td (Invoice LL-30003) Tj 0 -14 Td (next) Tj 200 0 Td (column) Tj ET BT [(two)-250(words in)10(to)] TJ ET"),
			[]string{"Invoice LL-30003\n", "next column", "two words into"}},
		"pdf with tables of letters": {filetext.PDF, paper("BT /F2 10 Tf <00410042> Tj 10 0 Td <005000510052> Tj <00600061> Tj /F3 10 Tf <95D4956900> Tj ET"),
			[]string{"返品АБВi😀"}},
	} {
		text, err := read(t, c.kind, c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q lacks %q", name, text, want)
			}
		}
		if strings.Contains(text, "HIDDEN") || strings.Contains(text, "no") && name == "docx" || name == "xlsx" && strings.Contains(text, "0\n") {
			t.Errorf("%s: %q has what is not shown", name, text)
		}
	}
}

func TestKindsAreToldByNameThenByType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]filetext.Kind{
		"a.TXT|application/octet-stream": filetext.Plain, "a.pdf|": filetext.PDF, "a|application/pdf; name=x": filetext.PDF, "a.b.docx|": filetext.Docx,
		"list.xlsx|text/plain": filetext.Xlsx, "a.jpg|image/jpeg": filetext.None, "a.doc|application/msword": filetext.None, "|": filetext.None,
	} {
		file, contentType, _ := strings.Cut(name, "|")
		if got := filetext.KindOf(file, contentType); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if (filetext.Reader{}).Reads(filetext.PDF) || !(filetext.Reader{}).Reads(filetext.Plain) {
		t.Error("without a process of its own only plain text is read")
	}
}

func TestHostileFilesEndTheirReaderAlone(t *testing.T) {
	t.Parallel()
	bomb := pack(t, map[string]string{"word/document.xml": "<w:document>" + strings.Repeat(" ", 200<<20)})
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	deep := pack(t, map[string]string{"word/document.xml": strings.Repeat("<w:p>", 8<<20)})
	long := pack(t, map[string]string{"word/document.xml": "<w:t>" + strings.Repeat("長い文章 ", 1<<20) + "</w:t>"})
	entity := pack(t, map[string]string{"word/document.xml": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><w:t>&b;&c;fine</w:t>`})
	for name, c := range map[string]struct {
		kind filetext.Kind
		file []byte
		want error
	}{
		"zip bomb": {filetext.Docx, bomb, filetext.ErrTooMuch}, "deep": {filetext.Docx, deep, nil}, "long": {filetext.Docx, long, nil}, "entities": {filetext.Docx, entity, nil},
		"no zip": {filetext.Xlsx, []byte("PK\x03\x04 nonsense"), filetext.ErrBroken}, "another zip": {filetext.Docx, pack(t, map[string]string{"a.txt": "x"}), filetext.ErrBroken},
		"no pdf": {filetext.PDF, []byte("%PDF-1.7 nothing else"), filetext.ErrBroken}, "empty": {filetext.PDF, nil, filetext.ErrBroken}, "memory": {"hog", nil, filetext.ErrTooMuch},
		"cut pdf": {filetext.PDF, paper("BT (x) Tj ET")[:300], filetext.ErrBroken}, "unknown": {"exe", nil, filetext.ErrBroken},
		"strange content": {filetext.PDF, paper(strings.Repeat("q Q [ ( ] ) << /a Tj ' \" ", 1000)), nil},
	} {
		text, err := read(t, c.kind, c.file)
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if len(text) > filetext.MaxRead || !utf8.ValidString(text) || strings.Contains(text, "root:") {
			t.Errorf("%s: %d bytes", name, len(text))
		}
	}
	large := filetext.Reader{Command: []string{"none"}}
	if _, err := large.Read(context.Background(), filetext.PDF, strings.NewReader(""), filetext.MaxFile+1); !errors.Is(err, filetext.ErrTooLarge) {
		t.Errorf("a large file: %v", err)
	}
	if _, err := large.Read(context.Background(), filetext.PDF, strings.NewReader(""), 1); err == nil || errors.Is(err, filetext.ErrBroken) {
		t.Errorf("a process that cannot be started: %v", err)
	}
	if text, err := read(t, filetext.Plain, bytes.Repeat([]byte("я"), 3<<20)); err != nil || len(text) != filetext.MaxRead || len(filetext.Clip(text)) != filetext.MaxText {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte("a"))
	f.Add([]byte("\xff\xfea"))
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := filetext.Reader{}.Read(context.Background(), filetext.Plain, bytes.NewReader(b), int64(len(b)))
		if err != nil || !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Fatalf("%q, %v", text, err)
		}
	})
}

func TestOfAPageItsWordsAreRead(t *testing.T) {
	page := "<html><head><title>Bill</title><style>p { color: #411111 }</style></head><body><script>var n = 'x<y'</script><p>4111 <b>11</b>11&nbsp;1111 1111</p><td>Grüße</td><td>two</td>" + strings.Repeat("<i>", 1000)
	text, err := filetext.Reader{}.Read(context.Background(), filetext.KindOf("page.HTM", ""), strings.NewReader(page), int64(len(page)))
	if got := strings.Fields(text); err != nil || strings.Join(got, " ") != "Bill 4111 1111 1111 1111 Grüße two" {
		t.Errorf("%q, %v", text, err)
	}
}
