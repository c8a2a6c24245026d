package demo

import (
	"fmt"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/demo/story"
)

var junkMail = []struct{ subject, text string }{
	{"Your website is not on page one", "Hello site owner,\n\nI looked at your shop and found 37 mistakes. We bring you to the first place within a week, guaranteed. Shall I send our prices?"},
	{"Last notice: your domain ends today", "Dear customer,\n\nyour domain will be switched off within 24 hours. Confirm your details with the button below to keep it."},
	{"RE: RE: overdue invoice", "Kindly see the attached invoice and pay by return. This is the third reminder."},
	{"10,000 followers for your brand", "Hi dear,\n\nreal followers, real likes, real sales. Answer with YES and we start today."},
}

// junk is mail that nobody asked for.
func (f *filler) junk(p plan) conversation.History {
	j := story.One(f.t, junkMail)
	i := f.t.Rand().IntN(100_000)
	return conversation.History{
		Inbox: f.inbox[story.Orders], Status: conversation.Spam, Subject: j.subject, ReplyAddress: addressOf(story.Orders),
		Customer: conversation.Person{Name: "Growth Team", Address: fmt.Sprintf("offer%d@best-leads.example", i)},
		Messages: []conversation.HistoryMessage{{Kind: conversation.KindInbound, At: p.at, Text: j.text, HTML: paragraphs(j.text)}},
	}
}
