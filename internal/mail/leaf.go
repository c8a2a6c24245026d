package mail

import (
	"bytes"
	"strings"
)

// findings are the parts that the machine-mail rules read afterwards.
type findings struct {
	status    []byte // message/delivery-status, message/disposition-notification
	feedback  []byte // message/feedback-report
	original  []byte // start of an attached mail, or its headers
	mdn       bool
	report    bool // multipart/report
	delivery  bool // report-type=delivery-status
	complaint bool
	signed    []byte // the part that a detached signature is over
	signature []byte
	calendar  []byte
	zone      string // charset of calendar
}

const (
	reportBytes   = 256 << 10
	originalBytes = 256 << 10
)

func (w *walker) noteMultipart(subtype string, p part) {
	switch subtype {
	case "report":
		w.found.report = true
		switch strings.ToLower(p.params["report-type"]) {
		case "delivery-status":
			w.found.delivery = true
		case "feedback-report":
			w.found.complaint = true
		case "disposition-notification":
			w.found.mdn = true
		}
	case "signed":
		if strings.Contains(strings.ToLower(p.params["protocol"]), "pgp") {
			w.m.PGP = "signed"
		} else {
			w.m.SMIME = "signed"
		}
	case "encrypted":
		w.m.PGP = "encrypted"
	}
}

// leaf reads a part without parts.
func (w *walker) leaf(p part, at where) {
	kind := p.mediaType
	switch {
	case kind == "message/delivery-status" || kind == "message/global-delivery-status" || kind == "message/disposition-notification" || kind == "message/delivery-notification":
		w.found.mdn = w.found.mdn || strings.HasPrefix(kind, "message/disposition")
		w.file(p, at, &w.found.status, reportBytes)
	case kind == "message/feedback-report":
		w.found.complaint = true
		w.file(p, at, &w.found.feedback, reportBytes)
	case kind == "message/rfc822" || kind == "message/global" || kind == "message/rfc2822" || kind == "message/news":
		w.file(p, at, &w.found.original, originalBytes)
	case kind == "text/rfc822-headers" || kind == "text/rfc822" || kind == "message/rfc822-headers" || kind == "message/global-headers":
		w.file(p, at, &w.found.original, originalBytes)
	case kind == "application/ms-tnef" || kind == "application/vnd.ms-tnef" || strings.EqualFold(p.name, "winmail.dat"):
		w.container(p, at, w.openTNEF)
	case kind == "application/pkcs7-mime" || kind == "application/x-pkcs7-mime" || strings.HasSuffix(strings.ToLower(p.name), ".p7m"):
		w.container(p, at, func(b []byte) bool { return w.openSMIME(p, at, b) })
	case (kind == "application/pkcs7-signature" || kind == "application/x-pkcs7-signature") && len(w.found.signature) == 0:
		w.file(p, at, &w.found.signature, signatureBytes)
	case (kind == "text/calendar" || kind == "application/ics") && len(w.found.calendar) == 0:
		w.found.zone = p.params["charset"]
		w.file(p, at, &w.found.calendar, calendarBytes)
	case w.isBody(p, at):
		w.text(p, at)
	case at.alternative && (kind == "text/x-amp-html" || kind == "text/watch-html"):
		w.decoded(p.encoding, func([]byte) {}) // says the same for other screens
	default:
		w.file(p, at, nil, 0)
	}
}

// isBody tells whether a part is text to show and not a file.
func (w *walker) isBody(p part, at where) bool {
	switch p.mediaType {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml", "text/x-markdown", "text/markdown":
	default:
		return false
	}
	if p.disp == "attachment" {
		return false
	}
	if p.name == "" {
		return true
	}
	if p.disp == "" || p.disp == "inline" {
		return at.parent == "" || at.first || at.parent == "alternative"
	}
	return false
}

// decoded runs the transfer decoder over the body and hands the pieces on.
func (w *walker) decoded(encoding string, take func([]byte)) {
	dec := newTransferDecoder(encoding)
	_, plain := dec.(plainDecoder)
	if w.buf == nil {
		w.buf = make([]byte, 0, 4096)
	}
	buf := w.buf[:0]
	w.buf = nil
	eol := 0 // line end held back: the last one belongs to the boundary
	for {
		frag, _, ok := w.line()
		if !ok {
			break
		}
		if eol > 0 {
			buf = append(buf, "\r\n"[2-eol:]...)
			eol = 0
		}
		if n := len(frag); plain && n > 0 && frag[n-1] == '\n' {
			eol = 1
			if n > 1 && frag[n-2] == '\r' {
				eol = 2
			}
			frag = frag[:n-eol]
		}
		buf = dec.decode(buf, frag)
		if len(buf) >= 32<<10 {
			take(buf)
			buf = buf[:0]
		}
	}
	if w.hit < 0 && eol > 0 { // end of the mail: the line end is its own
		buf = append(buf, "\r\n"[2-eol:]...)
	}
	buf = dec.flush(buf)
	if len(buf) > 0 {
		take(buf)
	}
	if cap(buf) <= 256<<10 {
		w.buf = buf[:0]
	}
}

// text reads a body part. What is longer than allowed becomes a file as well,
// so that nothing is lost.
func (w *walker) text(p part, at where) {
	limit := min(w.lim.TextBytes, w.lim.BodyBytes-w.bytes)
	var held []byte
	var f *file
	fresh := true
	w.sum.Write([]byte{0})
	canon := textHash{to: w.sum}
	w.decoded(p.encoding, func(b []byte) {
		canon.add(b)
		if f == nil && len(held)+len(b) <= limit {
			if fresh && len(b) < 32<<10 {
				held = make([]byte, 0, len(b))
				fresh = false
			}
			held = append(held, b...)
			return
		}
		if f == nil {
			q := p
			if q.name == "" {
				q.name = "message." + map[bool]string{true: "html", false: "txt"}[p.mediaType == "text/html"]
			}
			f = w.create(q, at)
			f.write(held)
			held = append(held, b[:max(0, min(len(b), limit-len(held)))]...)
		}
		f.write(b)
	})
	if f != nil {
		f.close()
		w.m.warn("The text is longer than allowed here; the whole of it is attached as a file.")
	}
	w.bytes += len(held)
	kind := "plain"
	switch p.mediaType {
	case "text/html", "application/xhtml+xml":
		kind = "html"
	case "text/enriched", "text/richtext":
		kind = "enriched"
	}
	if kind == "plain" && f == nil && bytes.Contains(held, []byte("begin ")) {
		held = w.cutUU(held, at)
	}
	charset := p.params["charset"]
	if w.hint == "" && charset != "" {
		w.hint = charset
	}
	w.addBody(bodyPart{data: held, charset: charset, kind: kind,
		flowed: strings.EqualFold(p.params["format"], "flowed"), delsp: strings.EqualFold(p.params["delsp"], "yes")})
}

func (w *walker) addBody(b bodyPart) {
	s := w.slot
	if s == nil {
		s = &slot{}
		w.slots = append(w.slots, s)
	}
	if b.kind == "html" {
		s.html = append(s.html, b)
		return
	}
	s.plain = append(s.plain, b)
}

// container holds a part in memory up to Limits.Capture and lets open take it
// apart; what is too large or cannot be opened is an ordinary file.
func (w *walker) container(p part, at where, open func([]byte) bool) {
	w.sum.Write([]byte{1})
	var held chunks
	var f *file
	w.decoded(p.encoding, func(b []byte) {
		w.sum.Write(b)
		if f == nil && held.n+len(b) <= w.lim.Capture {
			held.add(b)
			return
		}
		if f == nil {
			f = w.create(p, at)
			for _, c := range held.list {
				f.write(c)
			}
			held = chunks{}
		}
		f.write(b)
	})
	if f == nil {
		whole := held.join()
		if open(whole) {
			return
		}
		f = w.create(p, at)
		f.write(whole)
	} else {
		w.m.warn("A part is too large to be opened; it is kept as a file.")
	}
	f.close()
}

// file reads a part as an attachment; keep receives up to max bytes of it.
func (w *walker) file(p part, at where, keep *[]byte, max int) {
	w.sum.Write([]byte{1})
	if keep != nil && len(*keep) > 0 {
		*keep = append(*keep, '\n', '\n')
	}
	f := w.create(p, at)
	w.decoded(p.encoding, func(b []byte) {
		w.sum.Write(b)
		f.write(b)
		if keep != nil && len(*keep) < max {
			*keep = append(*keep, b[:min(len(b), max-len(*keep))]...)
		}
	})
	f.close()
}
