package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/demo/story"
)

// lane is a stream of groups with customers of its own, so that two
// transactions at once never wait for each other's customers.
type lane struct {
	groups chan []conversation.History
	group  []conversation.History
	known  []story.Person
}

// tell sends groups of histories to the lanes in turn, oldest first, until all
// are told.
func (p place) tell(ctx context.Context, o SeedOptions, lanes []*lane) {
	t := story.New(o.Seed + 1)
	end := time.Now().UTC().Add(-10 * time.Minute)
	step := 364 * 24 * time.Hour / time.Duration(o.Conversations)
	for i := range o.Conversations {
		l := lanes[i/seedGroup%len(lanes)]
		at := end.Add(-step * time.Duration(o.Conversations-i))
		l.group = append(l.group, p.history(t, l.customer(t, end.UnixMilli()), at))
		if len(l.group) < seedGroup && i < o.Conversations-1 {
			continue
		}
		select {
		case l.groups <- l.group:
		case <-ctx.Done():
			return
		}
		l.group = make([]conversation.History, 0, seedGroup)
	}
}

// customer is somebody new, or one who wrote before; run keeps the addresses of
// several seedings apart.
func (l *lane) customer(t *story.Teller, run int64) story.Person {
	if len(l.known) > 50 && t.Chance(40) {
		return story.One(t, l.known)
	}
	who := t.Person(t.Language())
	local, domain, _ := strings.Cut(who.Address, "@")
	who.Address = fmt.Sprintf("%s.%x@%s", local, run, domain)
	if l.known = append(l.known, who); len(l.known) > 4000 {
		l.known = l.known[2000:]
	}
	return who
}

// history is one conversation of four messages, two of each side.
func (p place) history(t *story.Teller, who story.Person, at time.Time) conversation.History {
	agent, other := story.One(t, p.agents), story.One(t, p.agents)
	l := t.Letter(who, t.Topic(), agent.Name, other.Name)
	h := conversation.History{
		Inbox: story.One(t, p.inboxes), Customer: conversation.Person{Name: who.Name, Address: who.Address}, Subject: l.Subject,
		Assignee: agent.ID, Team: story.One(t, p.teams), Tags: l.Topic.Tags, Status: conversation.Closed,
	}
	say := func(kind conversation.Kind, text string, after time.Duration) {
		m := conversation.HistoryMessage{Kind: kind, Text: text, At: at.Add(after)}
		if kind == conversation.KindOutbound {
			m.Agent, m.AgentName = agent.ID, agent.Name
		} else {
			m.RFCID = fmt.Sprintf("%x.%d@%s", m.At.UnixNano(), len(h.Messages), who.Address[strings.IndexByte(who.Address, '@')+1:])
		}
		h.Messages = append(h.Messages, m)
	}
	say(conversation.KindInbound, l.Question(), 0)
	say(conversation.KindOutbound, l.Answer(agent.Name), 2*time.Minute)
	say(conversation.KindInbound, l.FollowUp(), 5*time.Minute)
	say(conversation.KindOutbound, l.SecondAnswer(agent.Name), 8*time.Minute)
	switch n := t.Rand().IntN(100); {
	case n < 20: // the customer has the last word
		h.Messages = h.Messages[:3]
		say(conversation.KindInbound, l.FollowUp(), 9*time.Minute)
		h.Status, h.Unread = conversation.Open, n < 8
		if n < 5 {
			h.Assignee = 0
		}
	case n < 26:
		h.Status = conversation.Pending
	case n < 27:
		h.Status, h.SnoozedUntil = conversation.Snoozed, time.Now().UTC().AddDate(0, 0, 30).Truncate(time.Second)
	}
	return h
}
