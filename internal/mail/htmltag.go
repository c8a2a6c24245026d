package mail

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// tag is how an element is treated. Elements that are not in the table lose
// their tag and keep their content.
type tag struct {
	keep, block, margin, void, drop bool
	as                              string
}

var tags = func() map[atom.Atom]tag {
	t := map[atom.Atom]tag{}
	for _, n := range strings.Fields("a abbr b big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var bdi bdo td th") {
		t[atom.Lookup([]byte(n))] = tag{keep: true, as: n}
	}
	for _, n := range strings.Fields("div center table tbody thead tfoot tr caption address article section header footer nav main figure figcaption li dt dd blockquote aside") {
		t[atom.Lookup([]byte(n))] = tag{keep: true, block: true, as: n}
	}
	for _, n := range strings.Fields("p h1 h2 h3 h4 h5 h6 ul ol dl pre") {
		t[atom.Lookup([]byte(n))] = tag{keep: true, block: true, margin: true, as: n}
	}
	for _, n := range strings.Fields("br hr img col wbr area base basefont bgsound embed frame input keygen link meta param source track") {
		t[atom.Lookup([]byte(n))] = tag{void: true}
	}
	for _, n := range strings.Fields("script style iframe object applet svg math template select audio video canvas frameset noframes noembed title head map datalist textarea button") {
		t[atom.Lookup([]byte(n))] = tag{drop: true}
	}
	for _, n := range strings.Fields("form fieldset legend details summary") {
		t[atom.Lookup([]byte(n))] = tag{block: true}
	}
	t[atom.Body] = tag{keep: true, block: true, as: "div"}
	t[atom.Button] = tag{}
	return t
}()

func tagInfo(a atom.Atom) tag { return tags[a] }

func droppedContent(a atom.Atom) bool {
	return a == atom.Script || a == atom.Style || a == atom.Title
}

var quoteBoxes = []string{
	"yahoo_quoted", "yahoo-quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "olk_src_body_section",
	"sh-quoted-content", "front-blockquote", "front_quote", "isreplycontent", "reply_quote", "mail-quote-collapse",
	"ms-outlook-mobile-reference-message", "mail-editor-reference-message-container", "messagereplysection",
	"originalmessage", "quoted-message", "quotedmessage", "hcsquote", "cm_quote", "moz-email-headers-table",
	"js-readmsg-msg", "airmail_ext_on", "airmail_on", "mb_forward_container", "mb_reply_container", "thunderbird-quote",
}

var signatureBoxes = []string{
	"gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "composer_signature", "applemailsignature",
	"linebreakatbeginningofsignature", "x_signature", "yahoo-signature", "protonmail_signature_block", "tutanota_signature",
	"sh-signature", "mobile-signature", "outlook-signature", "mobileoutlooksignature",
}

var attributionBoxes = []string{"gmail_attr", "moz-cite-prefix", "moz-email-prefix", "yahoo_quoted_header", "protonmail_quote_header"}

var terminals = []string{"divrplyfwdmsg", "appendonsend", "outlookmessageheader", "replyforwardheader", "x_divrplyfwdmsg"}

// containerFlags tells what the marks of mail programs say about an element:
// flags that hold inside of it, and flags for its first line.
func containerFlags(tag atom.Atom, a *attrs) (inside, once lineFlag) {
	marks := a.marks
	if tag == atom.Blockquote && a.typ != "cite" && strings.Contains(marks, "gmail_quote") {
		inside |= flagIndent
	}
	if marks == "" {
		if tag == atom.Div && outlookRule(a.style) {
			once |= flagRule
		}
		return inside, once
	}
	if !markedContainer(marks) {
		return inside, once
	}
	for _, m := range quoteBoxes {
		if strings.Contains(marks, m) {
			inside |= flagBox
		}
	}
	if strings.Contains(marks, "name:quote ") {
		inside |= flagBox
	}
	for _, m := range attributionBoxes {
		if strings.Contains(marks, m) {
			inside |= flagAttribution
		}
	}
	for _, m := range terminals {
		if strings.Contains(marks, m) {
			once |= flagTerminal
		}
	}
	for _, m := range signatureBoxes {
		if strings.Contains(marks, m) {
			inside |= flagSignature
		}
	}
	if strings.Contains(marks, "id:signature ") || strings.Contains(marks, "id:x_signature ") {
		inside |= flagSignature
	}
	return inside, once
}

// markedContainer is the cheap test: every mark in the lists has one of these.
func markedContainer(marks string) bool {
	return containsAny(marks, []string{"quote", "sign", "attr", "prefix", "rply", "append", "header", "reply", "zmail", "olk_", "original", "reference", "airmail", "mb_", "js-readmsg"})
}

func isReplyRule(a *attrs) bool {
	return strings.Contains(a.marks, "stopspelling") || strings.Contains(a.marks, "zwchr") || strings.Contains(a.marks, "replysplit")
}

// outlookRule knows the border that Outlook draws above what it quotes.
func outlookRule(style string) bool {
	return strings.Contains(style, "border-top:solid") && (strings.Contains(style, "#e1e1e1") || strings.Contains(style, "#b5c4df")) ||
		strings.Contains(style, "border-width:1pt") && strings.Contains(style, "border-style:solid none none")
}
