package demo

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
)

// paragraphs is plain text as the composer would write it.
func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
	}
	return b.String()
}

// html makes the message one of a mail program: formatted, and an answer with
// the quote that the reader can unfold.
func (th *thread) html(m *conversation.HistoryMessage) {
	m.HTML = strings.TrimSuffix(strings.ReplaceAll(strings.ReplaceAll(paragraphs(m.Text), "<p>", "<div>"), "</p>", "</div><br>"), "<br>")
	if th.last == "" {
		return
	}
	intro := fmt.Sprintf("%s <%s>:", Shop, th.h.ReplyAddress)
	m.OriginalText = m.Text + "\n\n" + intro + "\n> " + strings.ReplaceAll(th.last, "\n", "\n> ")
	m.OriginalHTML = m.HTML + "<br><div>" + html.EscapeString(intro) + "</div><blockquote>" + paragraphs(th.last) + "</blockquote>"
}

// filesFor is how long ago mail has kept its files: a fresh shop starts in a moment.
const filesFor = 40 * 24 * time.Hour

func (th *thread) file(name, contentType string, draw func() ([]byte, error)) ([]conversation.NewAttachment, error) {
	if th.f.Blob == nil || th.f.o.Now.Sub(th.at) > filesFor {
		return nil, nil
	}
	data, err := draw()
	if err != nil {
		return nil, err
	}
	key, err := th.f.Blob(th.ctx, name, contentType, data)
	if err != nil {
		return nil, err
	}
	return []conversation.NewAttachment{{Name: name, ContentType: contentType, Size: int64(len(data)), BlobKey: key}}, nil
}

var shades = color.Palette{color.RGBA{247, 246, 243, 255}, color.RGBA{226, 221, 210, 255}, color.RGBA{176, 166, 148, 255},
	color.RGBA{122, 140, 120, 255}, color.RGBA{92, 108, 94, 255}, color.RGBA{60, 52, 44, 255}}

// photo draws a mug on a table with a crack where chance puts it.
func (th *thread) photo() ([]byte, error) {
	const w, h = 480, 360
	img := image.NewPaletted(image.Rect(0, 0, w, h), shades)
	crack := 170 + th.f.t.Rand().IntN(120)
	for y := range h {
		for x := range w {
			shade := uint8(0)
			handle := (x-330)*(x-330) + (y-180)*(y-180)
			switch {
			case x > 140 && x < 320 && y > 90 && y < 270:
				shade = 3
				if x > 280 {
					shade = 4
				}
				if off := x - crack - (y%17)/4; y < 190 && off >= 0 && off < 3 {
					shade = 5
				}
			case x >= 318 && handle < 60*60 && handle > 42*42:
				shade = 4
			case y > 250:
				shade = 1
				if y < 254 {
					shade = 2
				}
			}
			img.Pix[y*img.Stride+x] = shade
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// paper writes a PDF of one page (ISO 32000-1, 7.5) with the order on it.
func (th *thread) paper() ([]byte, error) {
	l := th.letter
	lines := []string{Shop, "4 Weaver's Yard, Leeds", "", "Order " + l.Order, "Total " + strings.Map(ascii, l.Amount), "Thank you for your order."}
	var text strings.Builder
	text.WriteString("BT /F1 14 Tf 72 770 Td 22 TL ")
	for _, line := range lines {
		text.WriteString("(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(line) + ") Tj T* ")
	}
	text.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes(), nil
}

// ascii leaves out what the font of the page cannot show.
func ascii(r rune) rune {
	if r < 32 || r > 126 {
		return -1
	}
	return r
}
