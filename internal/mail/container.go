package mail

import (
	"bytes"
	"strings"
)

// openTNEF takes winmail.dat apart: its files become attachments, its body
// the text of the mail when there is no better one.
func (w *walker) openTNEF(b []byte) bool {
	t, ok := parseTNEF(b, 0)
	if !ok {
		return false
	}
	n := w.tnefFiles(t)
	had := w.addTNEFBody(t)
	return n > 0 || had
}

func (w *walker) tnefFiles(t *tnef) (n int) {
	for _, f := range t.files {
		if f.inner != nil {
			n += w.tnefFiles(f.inner)
			continue
		}
		p := part{name: cleanFilename(f.longName), mediaType: f.mime, cid: f.cid}
		if p.name == "" {
			p.name = cleanFilename(f.name)
		}
		if p.name == "" && len(f.data) == 0 {
			continue
		}
		out := w.create(p, where{})
		out.write(f.data)
		out.close()
		n++
	}
	return n
}

func (w *walker) addTNEFBody(t *tnef) bool {
	body := bodyPart{charset: "utf-8", kind: "plain", data: []byte(t.body)}
	switch {
	case len(t.html) > 0:
		body = bodyPart{charset: "utf-8", kind: "html", data: t.html}
	case len(t.rtf) > 0 && strings.TrimSpace(t.body) == "":
		if raw := decompressRTF(t.rtf); raw != nil {
			text, isHTML := readRTF(raw)
			body.data = []byte(text)
			if isHTML {
				body.kind = "html"
			}
		}
	}
	if len(bytes.TrimSpace(body.data)) == 0 {
		return false
	}
	if len(body.data) > w.lim.TextBytes {
		body.data = body.data[:w.lim.TextBytes]
		w.m.cut("The text inside winmail.dat is longer than allowed and was cut.")
	}
	for _, s := range w.slots { // the mail has a text of its own
		for _, p := range append(s.plain, s.html...) {
			if len(bytes.TrimSpace(p.data)) > 0 {
				return true
			}
		}
	}
	w.addBody(body)
	return true
}

// openSMIME unwraps opaque signed mail (RFC 8551, 3.5.2) and reads what is
// inside. Encrypted mail stays a file.
func (w *walker) openSMIME(p part, at where, b []byte) bool {
	if strings.Contains(strings.ToLower(p.params["smime-type"]), "enveloped") {
		w.m.SMIME = "encrypted"
		return false
	}
	if at.depth >= w.lim.Depth || w.nested >= 5 {
		return false
	}
	inner := signedContent(b)
	if inner == nil {
		return false
	}
	if w.m.SMIME == "" {
		w.m.SMIME = "signed"
	}
	if w.m.Signature == nil {
		w.m.Signature = w.judge(b, nil)
	}
	w.nest(inner, at)
	return true
}

// signedContent returns the content of a PKCS #7 signed message, nil when
// there is none to be had.
func signedContent(b []byte) (inner []byte) {
	defer func() {
		if recover() != nil { // a library reading hostile ASN.1
			inner = nil
		}
	}()
	p7, err := parsePKCS7(b)
	if err != nil || len(p7.Content) == 0 {
		return nil
	}
	return p7.Content
}

// encodedMultipart reads a multipart that was itself transfer-encoded, which
// RFC 2045 forbids and gateways do.
func (w *walker) encodedMultipart(h Header, p part, at where) {
	var held []byte
	over := false
	w.decoded(p.encoding, func(b []byte) {
		if len(held)+len(b) > w.lim.Capture {
			over = true
			return
		}
		held = append(held, b...)
	})
	if over {
		w.m.cut("A part is too large to be opened; the mail as it came has it.")
		return
	}
	var head bytes.Buffer
	head.WriteString("Content-Type: " + h.Raw("Content-Type") + "\r\n\r\n")
	head.Write(held)
	w.nest(head.Bytes(), at)
}

// nest reads an entity that is held in memory as if it stood in the mail.
func (w *walker) nest(b []byte, at where) {
	outer := *w
	src := newSource(bytesReader(b))
	w.src, w.bounds, w.hit, w.final, w.eof, w.rec = src, nil, -1, false, false, nil
	w.nested++
	at.depth++
	w.entity(at)
	src.release()
	w.src, w.bounds, w.hit, w.final, w.eof, w.nested, w.rec = outer.src, outer.bounds, outer.hit, outer.final, outer.eof, outer.nested, outer.rec
}

// unwrapPGP notes inline PGP and shows signed text without its armour
// (RFC 9580, 7).
func (w *walker) unwrapPGP(text string) string {
	if strings.Contains(text, "-----BEGIN PGP MESSAGE-----") {
		w.m.PGP = "encrypted"
		return text
	}
	before, rest, ok := strings.Cut(text, "-----BEGIN PGP SIGNED MESSAGE-----\n")
	if !ok {
		return text
	}
	body, tail, closed := strings.Cut(rest, "\n-----BEGIN PGP SIGNATURE-----")
	if !closed {
		return text
	}
	w.m.PGP = "signed"
	if _, after, found := strings.Cut(body, "\n\n"); found { // armour headers
		body = after
	} else {
		body = strings.TrimPrefix(body, "\n")
	}
	body = strings.ReplaceAll("\n"+body, "\n- ", "\n")[1:]
	if _, after, found := strings.Cut(tail, "-----END PGP SIGNATURE-----"); found {
		body += after
	}
	return before + body
}
