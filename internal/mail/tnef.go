package mail

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// TNEF, the format of winmail.dat ([MS-OXTNEF]): a list of attributes, of
// which some hold lists of MAPI properties.
const (
	tnefSignature = 0x223e9f78

	attBody              = 0x0002800c
	attOemCodepage       = 0x00069007
	attMsgProps          = 0x00069003
	attAttachRendData    = 0x00069002
	attAttachTitle       = 0x00018010
	attAttachData        = 0x0006800f
	attAttachTransport   = 0x00069001
	attAttachment        = 0x00069005
	propBody             = 0x1000
	propRTF              = 0x1009
	propHTML             = 0x1013
	propDisplayName      = 0x3001
	propAttachData       = 0x3701
	propAttachFilename   = 0x3704
	propAttachLongName   = 0x3707
	propAttachMIME       = 0x370e
	propAttachContentID  = 0x3712
	propInternetCodepage = 0x3fde
	maxTNEFFiles         = 500
	maxTNEFDepth         = 5
)

type tnefFile struct {
	name, longName, mime, cid string
	data                      []byte
	inner                     *tnef
}

// tnef is what a TNEF stream holds. Slices point into the stream.
type tnef struct {
	codepage string
	body     string
	html     []byte
	rtf      []byte
	files    []*tnefFile
}

// parseTNEF reads as far as the stream makes sense. ok is false when it is no
// TNEF at all.
func parseTNEF(b []byte, depth int) (*tnef, bool) {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != tnefSignature {
		return nil, false
	}
	t := &tnef{codepage: "windows-1252"}
	b = b[6:]
	for len(b) >= 9 {
		level, id, size := b[0], binary.LittleEndian.Uint32(b[1:]), int(binary.LittleEndian.Uint32(b[5:]))
		b = b[9:]
		cut := false
		if size < 0 || size > len(b) {
			size, cut = len(b), true
		}
		t.attribute(level, id, b[:size], depth)
		if cut || len(b) < size+2 {
			break
		}
		b = b[size+2:]
	}
	return t, true
}

func (t *tnef) current() *tnefFile {
	if len(t.files) == 0 {
		t.files = append(t.files, &tnefFile{})
	}
	return t.files[len(t.files)-1]
}

func (t *tnef) attribute(level byte, id uint32, v []byte, depth int) {
	switch id {
	case attOemCodepage:
		if len(v) >= 4 {
			t.codepage = "cp" + itoa(int(binary.LittleEndian.Uint32(v)&0xffff))
		}
	case attBody:
		if t.body == "" {
			t.body = t.string8(v)
		}
	case attMsgProps:
		if level == 1 {
			t.messageProps(v)
		}
	case attAttachRendData:
		if len(t.files) < maxTNEFFiles {
			t.files = append(t.files, &tnefFile{})
		}
	case attAttachTitle:
		t.current().name = t.string8(v)
	case attAttachTransport:
		if f := t.current(); f.name == "" {
			f.name = t.string8(v)
		}
	case attAttachData:
		t.current().data = v
	case attAttachment:
		t.fileProps(t.current(), v, depth)
	}
}

func (t *tnef) string8(v []byte) string {
	for len(v) > 0 && v[len(v)-1] == 0 {
		v = v[:len(v)-1]
	}
	return decodeCharset(t.codepage, v)
}

func utf16LE(v []byte) string {
	u := make([]uint16, 0, len(v)/2)
	for i := 0; i+1 < len(v); i += 2 {
		c := binary.LittleEndian.Uint16(v[i:])
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}

// text reads a property of one of the two string types.
func (t *tnef) text(p mapiProp) string {
	if p.kind == 0x1f {
		return utf16LE(p.value)
	}
	return t.string8(p.value)
}

func (t *tnef) messageProps(v []byte) {
	page := ""
	walkMAPI(v, func(p mapiProp) {
		switch p.id {
		case propInternetCodepage:
			if len(p.value) >= 4 {
				page = "cp" + itoa(int(binary.LittleEndian.Uint32(p.value)&0xffff))
			}
		case propBody:
			t.body = t.text(p)
		case propHTML:
			t.html = p.value
			if p.kind == 0x1f || p.kind == 0x1e {
				t.html = []byte(t.text(p))
			}
		case propRTF:
			t.rtf = p.value
		}
	})
	if page != "" && len(t.html) > 0 {
		t.html = []byte(decodeCharset(page, t.html))
	}
}

func (t *tnef) fileProps(f *tnefFile, v []byte, depth int) {
	walkMAPI(v, func(p mapiProp) {
		switch p.id {
		case propAttachLongName:
			f.longName = t.text(p)
		case propAttachFilename, propDisplayName:
			if s := t.text(p); f.name == "" || p.id == propAttachFilename && !strings.Contains(f.name, ".") {
				f.name = s
			}
		case propAttachMIME:
			f.mime = strings.ToLower(t.text(p))
		case propAttachContentID:
			f.cid = strings.Trim(t.text(p), "<> ")
		case propAttachData:
			data := p.value
			if p.kind == 0x0d && len(data) > 16 {
				data = data[16:] // the interface it is meant for
				if inner, ok := parseTNEF(data, depth+1); ok && depth < maxTNEFDepth {
					f.inner = inner
				}
			}
			if len(f.data) == 0 {
				f.data = data
			}
		}
	})
}

type mapiProp struct {
	kind, id uint16
	value    []byte
}

// walkMAPI calls see for each property with its first value, and stops where
// the list no longer fits.
func walkMAPI(b []byte, see func(mapiProp)) {
	if len(b) < 4 {
		return
	}
	count := binary.LittleEndian.Uint32(b)
	b = b[4:]
	for i := uint32(0); i < count && len(b) >= 4; i++ {
		p := mapiProp{kind: binary.LittleEndian.Uint16(b), id: binary.LittleEndian.Uint16(b[2:])}
		b = b[4:]
		if p.id >= 0x8000 {
			if b = skipPropName(b); b == nil {
				return
			}
		}
		multi := p.kind&0x1000 != 0
		p.kind &^= 0x1000
		values := uint32(1)
		size := fixedSize(p.kind)
		if size < 0 {
			return
		}
		if multi || size == 0 {
			if len(b) < 4 {
				return
			}
			values = binary.LittleEndian.Uint32(b)
			b = b[4:]
		}
		for k := uint32(0); k < values; k++ {
			n := size
			if size == 0 {
				if len(b) < 4 {
					return
				}
				n = int(binary.LittleEndian.Uint32(b))
				b = b[4:]
			}
			if n < 0 || n > len(b) {
				return
			}
			if k == 0 {
				p.value = b[:n]
			}
			b = b[min((n+3)&^3, len(b)):]
			if n == 0 && size == 0 && len(b) == 0 {
				break
			}
		}
		see(p)
	}
}

// skipPropName leaves out the name of a named property.
func skipPropName(b []byte) []byte {
	if len(b) < 24 {
		return nil
	}
	kind := binary.LittleEndian.Uint32(b[16:])
	if kind == 0 {
		return b[24:]
	}
	n := int(binary.LittleEndian.Uint32(b[20:]))
	b = b[24:]
	if n < 0 || n > len(b) {
		return nil
	}
	return b[min((n+3)&^3, len(b)):]
}

// fixedSize of a MAPI type; 0 varies, -1 unknown.
func fixedSize(kind uint16) int {
	switch kind {
	case 0x02, 0x03, 0x04, 0x0a, 0x0b:
		return 4
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8
	case 0x48:
		return 16
	case 0x0d, 0x1e, 0x1f, 0x102:
		return 0
	case 0x00, 0x01:
		return 4
	}
	return -1
}
