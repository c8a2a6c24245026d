package demo

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/demo/story"
)

// thread is one conversation while it is told.
type thread struct {
	f          *filler
	ctx        context.Context
	plan       plan
	letter     *story.Letter
	who, other colleague
	h          conversation.History
	at         time.Time
	last       string // the text that the next mail quotes
}

// history tells the conversation of a plan.
func (f *filler) history(ctx context.Context, p plan) (conversation.History, error) {
	if p.junk {
		return f.junk(p), nil
	}
	topic := f.t.Topic()
	person := f.customer()
	th := &thread{f: f, ctx: ctx, plan: p, at: p.at}
	th.who, th.other = f.answerer(topic.Desk, person.Language)
	th.letter = f.t.Letter(person, topic, th.who.Name, th.other.Name)
	th.h = conversation.History{
		Inbox: f.inbox[topic.Desk], Customer: conversation.Person{Name: person.Name, Address: person.Address},
		Subject: th.letter.Subject, Status: p.status, Priority: f.priority(topic), Team: f.teams[topic.Desk],
		Assignee: th.who.id, Tags: slices.Clone(topic.Tags), ReplyAddress: addressOf(topic.Desk),
	}
	if f.t.Chance(3) {
		th.h.Tags = append(th.h.Tags, "vip")
	}
	if err := th.tell(); err != nil {
		return th.h, err
	}
	th.end()
	return th.h, nil
}

// customer is somebody new, or one who has written before.
func (f *filler) customer() story.Person {
	if len(f.known) > 20 && f.t.Chance(28) {
		return story.One(f.t, f.known)
	}
	p := f.t.Person(f.t.Language())
	f.known = append(f.known, p)
	return p
}

func (f *filler) priority(t story.Topic) conversation.Priority {
	switch {
	case t.Name == "complaint" && f.t.Chance(40):
		return conversation.Urgent
	case t.Pressing && f.t.Chance(40):
		return conversation.High
	case t.Name == "thanks" || t.Name == "newsletter":
		return conversation.Low
	}
	return conversation.Normal
}

// tell writes question, answer and what follows, as far as time has come.
func (th *thread) tell() error {
	t := th.f.t
	if err := th.inbound(th.letter.Question(), t.Chance(60)); err != nil {
		return err
	}
	open := th.plan.status == conversation.Open
	if open && !th.plan.long && t.Chance(65) {
		if t.Chance(20) {
			th.note()
		}
		return nil
	}
	th.assigned()
	turns := 0
	switch {
	case th.plan.long:
		turns = 4 + t.Rand().IntN(4)
	case t.Chance(32):
		turns = 1
	}
	if t.Chance(18) || th.plan.long {
		th.note()
	}
	if err := th.outbound(th.letter.Answer(th.who.Name), t.Chance(50)); err != nil {
		return err
	}
	for range turns {
		if err := th.inbound(th.letter.FollowUp(), false); err != nil {
			return err
		}
		if t.Chance(12) {
			th.note()
		}
		if err := th.outbound(th.letter.SecondAnswer(th.who.Name), false); err != nil {
			return err
		}
	}
	if open {
		return th.inbound(th.letter.FollowUp(), t.Chance(15))
	}
	if th.plan.status == conversation.Closed && t.Chance(30) {
		return th.inbound(th.letter.Thanks(th.who.Name), false)
	}
	return nil
}

// pass lets time go by; the night is left out where somebody works.
func (th *thread) pass(least, most time.Duration, work bool) time.Time {
	th.at = th.at.Add(least + time.Duration(th.f.t.Rand().Int64N(int64(most-least))))
	if work {
		th.at = working(th.at)
	}
	return th.at
}

func (th *thread) inbound(text string, withFile bool) error {
	m := conversation.HistoryMessage{Kind: conversation.KindInbound, At: th.at, Text: text}
	if len(th.h.Messages) > 0 {
		m.At = th.pass(20*time.Minute, 20*time.Hour, false)
		m.Subject = "Re: " + th.letter.Subject
	}
	if th.f.t.Chance(40) {
		th.html(&m)
	}
	var err error
	if withFile && th.letter.Topic.Photo {
		m.Attachments, err = th.file("photo.png", "image/png", th.photo)
	}
	th.h.Messages = append(th.h.Messages, m)
	th.last = text
	return err
}

func (th *thread) outbound(text string, withFile bool) error {
	m := conversation.HistoryMessage{Kind: conversation.KindOutbound, Agent: th.who.id, AgentName: th.who.Name, Text: text,
		HTML: paragraphs(text), At: th.pass(4*time.Minute, 4*time.Hour, true)}
	var err error
	if withFile && th.letter.Topic.Paper {
		m.Attachments, err = th.file(th.letter.Topic.Name+"-"+th.letter.Order+".pdf", "application/pdf", th.paper)
	}
	th.h.Messages = append(th.h.Messages, m)
	th.last = text
	return err
}

func (th *thread) note() {
	m := conversation.HistoryMessage{Kind: conversation.KindNote, Agent: th.who.id, AgentName: th.who.Name, Text: th.letter.Note(),
		At: th.pass(time.Minute, 20*time.Minute, true)}
	if m.Text[0] == '@' {
		m.Mentions = []int64{th.other.id}
	}
	m.HTML = paragraphs(m.Text)
	th.h.Messages = append(th.h.Messages, m)
}

func (th *thread) assigned() {
	if !th.f.t.Chance(40) {
		return
	}
	th.h.Messages = append(th.h.Messages, conversation.HistoryMessage{Kind: conversation.KindEvent, Agent: th.who.id, AgentName: th.who.Name,
		EventName: conversation.EventAssigned, At: th.pass(time.Minute, 15*time.Minute, false),
		EventData: map[string]any{"from": 0, "to": th.who.id, "from_name": "", "to_name": th.who.Name}})
}

// end drops what lies in the future and lets the status fit what is left.
func (th *thread) end() {
	h, now := &th.h, th.f.o.Now.Add(-time.Minute)
	cut := slices.IndexFunc(h.Messages, func(m conversation.HistoryMessage) bool { return m.At.After(now) })
	if cut > 0 {
		h.Messages = h.Messages[:cut]
	}
	last := th.lastMail()
	if cut > 0 || h.Status != conversation.Closed {
		switch {
		case last == conversation.KindInbound:
			h.Status = conversation.Open
		case h.Status != conversation.Snoozed:
			h.Status = conversation.Pending
		}
	}
	t := th.f.t
	switch h.Status {
	case conversation.Closed:
		at := h.Messages[len(h.Messages)-1].At.Add(time.Duration(1+t.Rand().IntN(50)) * time.Second)
		h.Messages = append(h.Messages, conversation.HistoryMessage{Kind: conversation.KindEvent, At: at, Agent: th.who.id, AgentName: th.who.Name,
			EventName: conversation.EventStatusChanged, EventData: map[string]string{"from": "open", "to": "closed"}})
	case conversation.Snoozed:
		h.SnoozedUntil = th.f.o.Now.Truncate(24*time.Hour).AddDate(0, 0, 1+t.Rand().IntN(6)).Add(9 * time.Hour)
		h.Messages = append(h.Messages, conversation.HistoryMessage{Kind: conversation.KindEvent, At: h.Messages[len(h.Messages)-1].At,
			Agent: th.who.id, AgentName: th.who.Name, EventName: conversation.EventSnoozed,
			EventData: map[string]string{"until": h.SnoozedUntil.Format(time.RFC3339)}})
	case conversation.Open:
		th.atWork()
	}
}

// atWork decides who has an open conversation and whether anybody has read it.
func (th *thread) atWork() {
	t := th.f.t
	th.h.Unread = t.Chance(60)
	switch {
	case len(th.h.Messages) == 1 && t.Chance(45):
		th.h.Assignee = 0
	case t.Chance(22):
		th.h.Assignee = th.f.staffed[0].id
	}
	// Sorted at a glance or not yet at all.
	if th.h.Assignee == 0 && t.Chance(50) {
		th.h.Tags = nil
	}
}

func (th *thread) lastMail() conversation.Kind {
	for _, m := range slices.Backward(th.h.Messages) {
		if m.Kind == conversation.KindInbound || m.Kind == conversation.KindOutbound {
			return m.Kind
		}
	}
	return conversation.KindInbound
}
