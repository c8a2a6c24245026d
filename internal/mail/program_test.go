package mail

import "testing"

// Answers as the common programs write their HTML; "MINE" is what is new.
var programs = map[string]string{
	"gmail":              `<div dir="ltr">MINE</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Jan 5, 2026 at 9:15 AM Shop &lt;<a href="mailto:help@shop.test">help@shop.test</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Hello</blockquote></div>`,
	"gmail unknown":      `<div dir="ltr">MINE</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Xyz qwe Shop rty:<br></div><blockquote class="gmail_quote">Hello</blockquote></div>`,
	"gmail signature":    `<div dir="ltr"><div>MINE</div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div>Olha Koval</div><div>Kyiv</div></div></div>`,
	"outlook desktop":    `<div class=WordSection1><p class=MsoNormal>MINE<o:p></o:p></p><p class=MsoNormal>&nbsp;</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal><b>From:</b> Shop &lt;help@shop.test&gt; <br><b>Sent:</b> Monday, January 5, 2026 9:15 AM<br><b>To:</b> Olha<br><b>Subject:</b> Order<o:p></o:p></p></div></div><p class=MsoNormal>Hello</p></div>`,
	"outlook web":        `<div class="elementToProof">MINE</div><div id="Signature"><div>Olha</div></div><div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>Von:</b> Shop &lt;help@shop.test&gt;<br><b>Gesendet:</b> Montag<br><b>An:</b> Olha<br><b>Betreff:</b> x</font></div><div>Hello</div>`,
	"outlook mobile":     `<div dir="auto">MINE</div><div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/x">Outlook for iOS</a></div><div id="mail-editor-reference-message-container"><hr><div>От: Shop</div><div>Hello</div></div>`,
	"apple mail":         `<html><body><div>MINE</div><br><div><blockquote type="cite"><div>On 5 Jan 2026, at 09:15, Shop &lt;help@shop.test&gt; wrote:</div><br><div>Hello</div></blockquote></div></body></html>`,
	"iphone":             `<div dir="ltr">MINE<br><br><div dir="ltr">Надіслано з iPhone</div><div dir="ltr"><br><blockquote type="cite">5 січ. 2026 р. о 09:15 Shop &lt;help@shop.test&gt; пише:<br><br></blockquote></div><blockquote type="cite"><div>Hello</div></blockquote></div>`,
	"thunderbird":        `<body><p>MINE</p><div class="moz-cite-prefix">Am 05.01.26 um 09:15 schrieb Shop:<br></div><blockquote type="cite" cite="mid:x@y">Hello</blockquote><div class="moz-signature">-- <br>Olha</div></body>`,
	"yahoo":              `<div class="ydp1yahoo-style-wrap"><div dir="ltr">MINE</div></div><div id="yahoo_quoted_123" class="yahoo_quoted"><div><div>On Monday, January 5, 2026 at 09:15:00 AM, Shop wrote:</div><div>Hello</div></div></div>`,
	"samsung":            `<div dir="auto">MINE</div><div id="composer_signature"><div style="font-size:12px">Sent from my Galaxy</div></div><div><br></div><div>-------- Original message --------</div><div>From: Shop &lt;help@shop.test&gt; </div><div>Date: 05/01/2026 09:15 (GMT+02:00) </div><div>To: olha@c.test </div><div>Subject: Order </div><div><br></div>Hello`,
	"mail.ru":            `<HTML><BODY><div>MINE</div><div>&nbsp;</div><div data-signature-widget="container"><div>--<br>Ольга</div></div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">Понедельник, 5 января 2026, 9:15 +03:00 от Shop &lt;help@shop.test&gt;:<br><div>Hello</div></blockquote></BODY></HTML>`,
	"yandex":             `<div>MINE</div><div>&nbsp;</div><div>05.01.2026, 09:15, "Shop" &lt;help@shop.test&gt;:</div><blockquote><p>Hello</p></blockquote>`,
	"ukr.net":            `<div>MINE</div><br><div style="color:#666"><i>5 січня 2026, 09:15:10, від "Shop" &lt;<a href="mailto:help@shop.test">help@shop.test</a>&gt;: </i></div><blockquote style="border-left:1px solid #ccc"><div>Hello</div></blockquote>`,
	"gmx":                `<div>MINE</div><div>&nbsp;</div><div name="quote" style="margin:10px 5px"><div><b>Gesendet:</b> Montag, 05. Januar 2026 um 09:15 Uhr<br/><b>Von:</b> Shop<br/><b>An:</b> olha@c.test<br/><b>Betreff:</b> x</div><div name="quoted-content">Hello</div></div>`,
	"proton":             `<div>MINE</div><div class="protonmail_signature_block"><div>Sent with Proton Mail secure email.</div></div><div class="protonmail_quote">On Monday, January 5th, 2026 at 9:15 AM, Shop wrote:<br><blockquote class="protonmail_quote" type="cite">Hello</blockquote></div>`,
	"zoho":               `<div>MINE</div><br><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 05 Jan 2026 09:15:00 +0200 <b>help@shop.test</b> wrote ---</div><blockquote>Hello</blockquote></div>`,
	"qq":                 `<div>MINE</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef;"><div><b>发件人:</b>&nbsp;"Shop" &lt;help@shop.test&gt;;</div><div><b>发送时间:</b>&nbsp;2026年1月5日</div><div><b>收件人:</b>&nbsp;"me";</div><div><b>主题:</b>&nbsp;x</div></div><div>Hello</div>`,
	"netease":            `<div>MINE</div><div style="zoom:1"></div><div id="divNeteaseMailCard"></div><br>在 2026-01-05 09:15:10，"Shop" &lt;help@shop.test&gt; 写道：<br><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">Hello</blockquote>`,
	"docomo":             `<html><body>MINE<br><br>2026/01/05 9:15、Shop &lt;help@shop.test&gt; のメール:<br><br>&gt; Hello<br>&gt; again</body></html>`,
	"spark":              `<div name="messageBodySection">MINE</div><div name="messageSignatureSection"><br>-- <br>Olha</div><div name="messageReplySection">On Jan 5, 2026, 9:15 +0200, Shop wrote:<br><blockquote type="cite">Hello</blockquote></div>`,
	"hotmail":            `<body class='hmmessage'><div dir='ltr'>MINE<br><br><div><hr id="stopSpelling">Date: Mon, 5 Jan 2026 09:15:00 +0200<br>Subject: x<br>From: help@shop.test<br>To: olha@c.test<br><br>Hello</div></div></body>`,
	"zimbra":             `<html><body><div style="font-family:arial"><div>MINE</div><div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>"Shop" &lt;help@shop.test&gt;<br><b>À: </b>olha<br><b>Envoyé: </b>Lundi 5 Janvier 2026 09:15:00<br><b>Objet: </b>x</div><div>Hello</div></div></body></html>`,
	"lotus notes":        `<font>MINE</font><br><br><font>From: &nbsp; &nbsp; </font><font>Shop &lt;help@shop.test&gt;</font><br><font>To: &nbsp; &nbsp; </font><font>olha@c.test</font><br><font>Date: &nbsp; &nbsp;</font><font>05/01/2026 09:15</font><br><font>Subject: &nbsp;</font><font>x</font><hr noshade><br>Hello`,
	"reply above":        `<div>MINE</div><blockquote>##- Please type your reply above this line -##<br>Hello</blockquote>`,
	"bottom post":        `<blockquote type="cite">On 5 Jan 2026, at 09:15, Shop &lt;help@shop.test&gt; wrote:<br>Hello</blockquote><div>MINE</div>`,
	"hidden preheader":   `<div style="display:none;max-height:0">preview text</div><p>MINE</p>`,
	"head left open":     `<html><head><meta charset=utf-8>MINE<blockquote type=cite>On 5 Jan 2026, at 09:15, Shop &lt;help@shop.test&gt; wrote: Hello</blockquote>`,
	"outlook old border": `<p>MINE</p><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b><span>Von:</span></b><span> Shop [mailto:help@shop.test] <br><b>Gesendet:</b> Montag, 5. Januar 2026 09:15<br><b>An:</b> Olha<br><b>Betreff:</b> x</span></p></div><p>Hello</p>`,
}

func TestQuotesInTheHTMLOfEveryProgramGo(t *testing.T) {
	t.Parallel()
	for name, page := range programs {
		m, err := ParseBytes([]byte("From: olha@c.test\nTo: help@shop.test\nContent-Type: text/html; charset=utf-8\n\n"+page), Options{})
		if err != nil || m.ReplyText != "MINE" {
			t.Errorf("%s: reply %q of %q", name, m.ReplyText, m.Text)
		}
		if text := HTMLToText(m.ReplyHTML); text != "MINE" {
			t.Errorf("%s: reply HTML %q", name, m.ReplyHTML)
		}
		if name != "hidden preheader" && !m.Full {
			t.Errorf("%s: nothing more is shown", name)
		}
	}
}
