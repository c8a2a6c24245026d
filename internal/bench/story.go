package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/demo/story"
)

// tell sends groups of histories, oldest first, until all are told.
func (p place) tell(ctx context.Context, o SeedOptions, groups chan<- []conversation.History) {
	t := story.New(o.Seed + 1)
	end := time.Now().UTC().Add(-10 * time.Minute)
	step := 364 * 24 * time.Hour / time.Duration(o.Conversations)
	var known []story.Person
	run := end.UnixMilli()
	group := make([]conversation.History, 0, seedGroup)
	for i := range o.Conversations {
		var who story.Person
		if len(known) > 50 && t.Chance(40) {
			who = story.One(t, known)
		} else {
			who = t.Person(t.Language())
			local, domain, _ := strings.Cut(who.Address, "@")
			who.Address = fmt.Sprintf("%s.%x@%s", local, run, domain)
			if known = append(known, who); len(known) > 4000 {
				known = known[2000:]
			}
		}
		group = append(group, p.history(t, who, end.Add(-step*time.Duration(o.Conversations-i))))
		if len(group) < seedGroup && i < o.Conversations-1 {
			continue
		}
		select {
		case groups <- group:
		case <-ctx.Done():
			return
		}
		group = make([]conversation.History, 0, seedGroup)
	}
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
