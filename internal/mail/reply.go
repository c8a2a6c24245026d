package mail

import "strings"

// reply fills ReplyText, ReplyHTML, Full and Forwarded.
func (w *walker) reply(views []view) {
	m := w.m
	var texts, pages []string
	cutAll := false
	for i := range views {
		v := &views[i]
		if cutAll {
			m.Full = true
			continue
		}
		t := trimLines(v.lines, v.doc != nil && !v.plain)
		if t.forward != nil && m.Forwarded == nil {
			m.Forwarded = t.forward
		}
		text := keptText(v.lines, t.keep)
		var page string
		switch {
		case v.doc == nil:
			if m.HTMLPresent {
				page = TextToHTML(text)
			}
		case !v.plain:
			page = v.doc.keepLines(t.keep)
		default:
			h := trimLines(v.doc.lines, true)
			if h.forward != nil && (m.Forwarded == nil || m.Forwarded.From.Address == "") {
				m.Forwarded = h.forward
			}
			if h.cut && !t.cut {
				text, t = keptText(v.doc.lines, h.keep), h
			}
			page = v.doc.keepLines(h.keep)
			t.cut = t.cut || h.cut
		}
		m.Full = m.Full || t.cut
		cutAll = t.terminal
		texts = append(texts, text)
		pages = append(pages, page)
	}
	m.ReplyText = strings.Trim(joinTexts(texts), "\n")
	if m.HTMLPresent {
		m.ReplyHTML = strings.Join(pages, "\n")
	}
	if m.Forwarded == nil {
		w.attachedForward()
	}
}

func keptText(lines []line, keep []bool) string {
	var kept []line
	for i, k := range keep {
		if k {
			kept = append(kept, lines[i])
		}
	}
	return joinLines(kept)
}

// attachedForward takes the original sender from a mail that is attached.
func (w *walker) attachedForward() {
	if len(w.found.original) == 0 || w.found.report {
		return
	}
	h := headerOf(w.found.original)
	from := firstWithAddress(parseAddresses(h.Raw("From"), w.hint))
	if from.Address == "" {
		return
	}
	w.m.Forwarded = &Forwarded{From: from, Subject: collapseSpace(decodeHeader(h.Raw("Subject"), w.hint))}
}
