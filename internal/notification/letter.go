package notification

import (
	"bytes"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/words"
	"github.com/deskbell/deskbell/internal/text"
)

// answering says what becomes of the answer to a mail.
type answering int

const (
	noAnswer answering = iota
	answerAsReply
	answerAsNote
)

// The first word of an answer can say what becomes of it. They are the same in
// every language, as nobody can remember them in four.
const (
	WriteNote  = "#note"
	WriteReply = "#reply"
)

// letter is what a mail to an agent says, in their language.
type letter struct {
	locale   string
	url      string
	told     []Notification // of one conversation, or of several
	words    []said         // of one conversation
	customer string
	answer   answering
	mayReply bool
	at       func(time.Time) time.Time // in the reader's time zone
}

func (l letter) say(t errs.Text) string { return words.Say(l.locale, t) }

// subject stays the same for a conversation, so that its mails are one thread.
func (l letter) subject() string {
	if l.answer == noAnswer && l.several() > 1 {
		return l.say(errs.Say("%d conversations that concern you", l.several()))
	}
	n := l.told[0]
	return "Re: [Deskbell " + strconv.FormatInt(n.Conversation, 10) + "] " + text.Preview(n.Subject, 200)
}

func (l letter) several() int {
	seen := map[int64]bool{}
	for _, n := range l.told {
		seen[n.Conversation] = true
	}
	return len(seen)
}

// sentence says what happened.
func (l letter) sentence(n Notification) string {
	name := text.Preview(n.ActorName, 100)
	switch n.Kind {
	case Mention:
		if name == "" {
			return l.say(errs.Say("You were mentioned."))
		}
		return l.say(errs.Say("%s mentioned you.", name))
	case Assigned:
		if name == "" {
			return l.say(errs.Say("This conversation is yours now."))
		}
		return l.say(errs.Say("%s gave you this conversation.", name))
	case CustomerReply:
		if name == "" {
			return l.say(errs.Say("The customer answered."))
		}
		return l.say(errs.Say("%s answered.", name))
	case SideReply:
		return l.say(errs.Say("Somebody answered in a side conversation."))
	case TaskAssigned:
		if name == "" {
			return l.say(errs.Say("You have a new task in this conversation."))
		}
		return l.say(errs.Say("%s gave you a task in this conversation.", name))
	case ReplyFailed:
		return l.say(errs.Say("Your reply was not delivered."))
	case ReplyHeld:
		return l.say(errs.Say("Your reply was stopped, because something newer is in the conversation. It waits for you under Needs attention."))
	case DraftTaken:
		if name == "" {
			return l.say(errs.Say("A colleague took over your draft."))
		}
		return l.say(errs.Say("%s took over your draft.", name))
	case InboxQuiet:
		return l.say(errs.Say("No mail has come to an inbox for longer than usual."))
	}
	return ""
}

// howToAnswer says what becomes of an answer.
func (l letter) howToAnswer() string {
	who := text.Preview(l.customer, 100)
	switch {
	case l.answer == answerAsNote && l.mayReply:
		return l.say(errs.Say("Answer this mail, and your words become a note that only your colleagues read. Begin with #reply to answer the customer."))
	case l.answer == answerAsNote:
		return l.say(errs.Say("Answer this mail, and your words become a note that only your colleagues read."))
	case l.answer == answerAsReply && who != "":
		return l.say(errs.Say("Answer this mail, and %s gets your words as your reply. Begin with #note for a note that only your colleagues read.", who))
	case l.answer == answerAsReply:
		return l.say(errs.Say("Answer this mail, and the customer gets your words as your reply. Begin with #note for a note that only your colleagues read."))
	}
	return l.say(errs.Say("This mail cannot be answered. Open the conversation to write."))
}

// shownLetter is what both forms of the mail are made of.
type shownLetter struct {
	Locale, Title        string
	Sections             []section
	Open, HowTo          string
	Footer, Change, Link string
}

// section is a conversation.
type section struct {
	Subject   string
	Sentences []string
	Words     []shownWords
	Preview   string
	Link      string
}

type shownWords struct {
	By, Text string
	Note     bool
}

func (l letter) show() shownLetter {
	host := l.url
	if u, err := url.Parse(l.url); err == nil && u.Host != "" {
		host = u.Host
	}
	out := shownLetter{Locale: l.locale, Title: l.subject(), Open: l.say(errs.Say("Open the conversation")), HowTo: l.howToAnswer(),
		Footer: l.say(errs.Say("Deskbell at %s sent this because you asked to be told.", host)),
		Change: l.say(errs.Say("Change what you are told")), Link: l.url + "/settings/me"}
	at := map[int64]int{}
	for _, n := range l.told {
		i, ok := at[n.Conversation]
		if !ok {
			i = len(out.Sections)
			at[n.Conversation] = i
			out.Sections = append(out.Sections, section{Subject: n.Subject, Link: l.url + "/conversations/" + strconv.FormatInt(n.Conversation, 10)})
		}
		s := &out.Sections[i]
		s.Sentences = append(s.Sentences, l.sentence(n))
		if l.words == nil {
			s.Preview = text.Preview(n.Text, 200)
		}
	}
	for _, w := range l.words {
		by := l.say(errs.Say("%s wrote, %s:", text.Preview(w.Name, 100), l.at(w.At).Format("2006-01-02 15:04 MST")))
		if w.Note {
			by = l.say(errs.Say("Note of %s, %s:", text.Preview(w.Name, 100), l.at(w.At).Format("2006-01-02 15:04 MST")))
		}
		out.Sections[0].Words = append(out.Sections[0].Words, shownWords{by, strings.TrimSpace(w.Text), w.Note || w.Aside})
	}
	return out
}

// render writes the mail as text and as HTML.
func (l letter) render() (plain, html string, err error) {
	s := l.show()
	var b bytes.Buffer
	err = page.Execute(&b, s)
	return s.text(), b.String(), err
}

func (s shownLetter) text() string {
	var parts []string
	for _, c := range s.Sections {
		lines := append([]string{}, c.Sentences...)
		if len(s.Sections) > 1 {
			lines = append([]string{c.Subject}, lines...)
		}
		if c.Preview != "" {
			lines = append(lines, c.Preview)
		}
		parts = append(parts, strings.Join(lines, "\n"))
		for _, w := range c.Words {
			parts = append(parts, w.By+"\n"+w.Text)
		}
		parts = append(parts, s.Open+":\n"+c.Link)
	}
	parts = append(parts, s.HowTo, "-- \n"+s.Footer+"\n"+s.Change+": "+s.Link)
	return strings.Join(parts, "\n\n") + "\n"
}

// page leaves the colours of text and background to the mail program, which may be dark.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Locale}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{{.Title}}</title></head>
<body style="margin:0;padding:0"><div style="max-width:600px;margin:0 auto;padding:24px 20px;font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP',sans-serif">
{{- $several := gt (len .Sections) 1}}{{$open := .Open}}
{{- range .Sections}}
{{- if $several}}<p style="margin:0;font-weight:600" dir="auto">{{.Subject}}</p>{{end}}
{{- range .Sentences}}<p style="margin:0 0 8px" dir="auto">{{.}}</p>{{end}}
{{- if .Preview}}<p style="margin:0 0 8px;font-size:14px" dir="auto">{{.Preview}}</p>{{end}}
{{- range .Words}}
<p style="margin:16px 0 4px;font-size:13px" dir="auto">{{.By}}</p>
<div dir="auto" style="margin:0;padding:8px 14px;border-inline-start:3px solid {{if .Note}}#d0a33c{{else}}#8a94dc{{end}};white-space:pre-wrap;overflow-wrap:anywhere">{{.Text}}</div>
{{- end}}
<p style="margin:16px 0 24px"><a href="{{.Link}}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#3a4fc4;color:#ffffff;font-weight:600;text-decoration:none">{{$open}}</a></p>
{{- end}}
<p style="margin:0 0 24px;font-size:14px">{{.HowTo}}</p>
<p style="margin:0;padding-top:16px;border-top:1px solid #c9c6bf;font-size:13px">{{.Footer}} <a href="{{.Link}}">{{.Change}}</a></p>
</div></body></html>
`))
