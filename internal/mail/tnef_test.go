package mail

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
)

func mapi(kind, id uint16, value []byte) []byte {
	var b []byte
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = binary.LittleEndian.AppendUint16(b, id)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	b = append(b, value...)
	for len(value)%4 != 0 {
		value, b = append(value, 0), append(b, 0)
	}
	return b
}

func tnefAttr(level byte, id uint32, v []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{level}, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
	b = append(b, v...)
	var sum uint16
	for _, c := range v {
		sum += uint16(c)
	}
	return binary.LittleEndian.AppendUint16(b, sum)
}

func list(props ...[]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(props)))
	return append(b, bytes.Join(props, nil)...)
}

// buildTNEF writes a stream with one file and an HTML body.
func buildTNEF(name, content, page string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, tnefSignature)
	b = append(b, 1, 0)
	b = append(b, tnefAttr(1, attOemCodepage, []byte{0xe3, 4, 0, 0, 0, 0, 0, 0})...) // 1251
	b = append(b, tnefAttr(1, attMsgProps, list(mapi(0x102, propHTML, []byte(page))))...)
	b = append(b, tnefAttr(2, attAttachRendData, make([]byte, 14))...)
	b = append(b, tnefAttr(2, attAttachTitle, []byte("SHORT~1.TXT\x00"))...)
	b = append(b, tnefAttr(2, attAttachData, []byte(content))...)
	var wide []byte
	for _, r := range name {
		wide = binary.LittleEndian.AppendUint16(wide, uint16(r))
	}
	return append(b, tnefAttr(2, attAttachment, list(mapi(0x1f, propAttachLongName, append(wide, 0, 0))))...)
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func TestWinmailDatShowsItsFilesAndText(t *testing.T) {
	t.Parallel()
	raw := append([]byte("From: a@b.test\nContent-Type: application/ms-tnef; name=winmail.dat\n\n"), buildTNEF("рахунок.pdf", "PDF", "<p>Добрий день</p>")...)
	var file bytes.Buffer
	m, err := ParseBytes(raw, Options{Attachment: func(a Attachment) (io.WriteCloser, error) { return nopCloser{&file}, nil }})
	if err != nil || len(m.Attachments) != 1 || m.Attachments[0].Filename != "рахунок.pdf" || file.String() != "PDF" {
		t.Errorf("%v %+v %q", err, m.Attachments, file.String())
	}
	if !strings.Contains(m.Text, "Добрий") && m.Text == "" {
		t.Errorf("text %q", m.Text)
	}
}

func TestRTFFromHTMLBecomesHTML(t *testing.T) {
	t.Parallel()
	text, isHTML := readRTF([]byte(`{\rtf1\ansi\ansicpg1251\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \'c4\'ee\'e1\'f0\'e8\'e9 {\*\htmltag84 <b>}\htmlrtf \b\htmlrtf0 \u1076?{\*\htmltag92 </b>}\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}`))
	if !isHTML || text != "<p>Добрий <b>д</b></p>" {
		t.Errorf("%v %q", isHTML, text)
	}
	text, isHTML = readRTF([]byte(`{\rtf1\ansi{\fonttbl{\f0 Arial;}}Hello\par World\'e9}`))
	if isHTML || text != "Hello\nWorldé" {
		t.Errorf("%v %q", isHTML, text)
	}
}
