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
		w.noteForwarded(t)
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
			w.noteForwarded(h)
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
	if strings.TrimSpace(m.ReplyText) == "" && len(m.Attachments) == 0 && strings.TrimSpace(m.Text) != "" {
		// Nothing new was found: better too much than an empty message.
		m.ReplyText, m.ReplyHTML, m.Full = m.Text, m.HTML, false
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

// noteForwarded decides whether a quoted mail was forwarded or answered: an
// answer quotes somebody to whom it goes.
func (w *walker) noteForwarded(t trimmed) {
	m := w.m
	if t.forward == nil || m.Forwarded != nil && m.Forwarded.From.Address != "" {
		return
	}
	if !t.explicit && !forwardSubject(m.Subject) && (t.forward.From.Address == "" || w.party(t.forward.From.Address)) {
		return
	}
	m.Forwarded = t.forward
}

// party tells whether an address, or a colleague's, sends or receives this
// mail.
func (w *walker) party(address string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, list := range [][]Address{w.m.FromAll, w.m.To, w.m.Cc, w.m.ReplyTo} {
		for _, a := range list {
			if strings.EqualFold(a.Address, address) {
				return true
			}
			if _, d, _ := strings.Cut(strings.ToLower(a.Address), "@"); d == domain && !freeMail[d] {
				return true
			}
		}
	}
	return false
}

// freeMail: a common domain says nothing about who belongs together.
var freeMail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "yahoo.com": true, "yahoo.co.jp": true, "hotmail.com": true, "outlook.com": true, "live.com": true,
	"icloud.com": true, "me.com": true, "aol.com": true, "gmx.de": true, "gmx.net": true, "web.de": true, "mail.ru": true, "yandex.ru": true,
	"ukr.net": true, "i.ua": true, "docomo.ne.jp": true, "ezweb.ne.jp": true, "softbank.ne.jp": true, "qq.com": true, "163.com": true, "naver.com": true,
	"proton.me": true, "protonmail.com": true, "orange.fr": true, "free.fr": true, "libero.it": true, "t-online.de": true, "wp.pl": true, "seznam.cz": true,
}

var forwardPrefixes = strings.Split("fw:|fwd:|wg:|tr:|rv:|i:|enc:|doorst:|vs:|vb:|vl:|pd:|пд:|转发:|轉寄:|転送:|전달:|fs:|továbbítás:|ilt:|πρθ:|הועבר:|إعادة توجيه:|прѣп:", "|")

func forwardSubject(subject string) bool {
	low := strings.ToLower(strings.ReplaceAll(subject, "：", ":"))
	for _, p := range forwardPrefixes {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return false
}
