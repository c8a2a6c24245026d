package demo

import (
	"context"
	"maps"
	"slices"

	"github.com/deskbell/deskbell/internal/demo/story"
	"github.com/deskbell/deskbell/internal/inbox"
)

const domain = "lindenandloom.example"

// colleague is one of the people with what they answer.
type colleague struct {
	Agent
	id        int64
	desks     []string
	languages []story.Language
}

// colleagues as a customer might meet it. The first is the owner.
var colleagues = []colleague{
	{Agent: Agent{Name: "Ayşe Demir", Email: "ayse", Role: "owner", Locale: "en"},
		desks: []string{story.Orders, story.Returns}, languages: []story.Language{story.Turkish, story.English}},
	{Agent: Agent{Name: "Marek Novák", Email: "marek", Role: "lead", Locale: "en"},
		desks: []string{story.Orders, story.Wholesale}, languages: []story.Language{story.English}},
	{Agent: Agent{Name: "Yuki Tanaka", Email: "yuki", Role: "agent", Locale: "ja"},
		desks: []string{story.Orders, story.Returns, story.Wholesale}, languages: []story.Language{story.Japanese, story.English}},
	{Agent: Agent{Name: "Oksana Bondar", Email: "oksana", Role: "agent", Locale: "uk"},
		desks: []string{story.Orders, story.Returns, story.Wholesale}, languages: []story.Language{story.Ukrainian, story.English}},
	{Agent: Agent{Name: "Grace Adeyemi", Email: "grace", Role: "agent", Locale: "en"},
		desks: []string{story.Orders, story.Returns}, languages: []story.Language{story.English}},
	{Agent: Agent{Name: "Emre Aksoy", Email: "emre", Role: "agent", Locale: "tr"},
		desks: []string{story.Orders, story.Wholesale, story.Returns}, languages: []story.Language{story.Turkish, story.English}},
	{Agent: Agent{Name: "Lukas Brandt", Email: "lukas", Role: "light_agent", Locale: "en"}, desks: []string{story.Orders}},
}

// inboxes of the shop by desk.
var inboxes = []struct {
	desk string
	inbox.Inbox
}{
	{story.Orders, inbox.Inbox{Name: "Support", Address: "support@" + domain, Aliases: []string{"hello@" + domain}, FromName: Shop,
		Signature: "Linden & Loom, 4 Weaver's Yard, Leeds"}},
	{story.Returns, inbox.Inbox{Name: "Returns", Address: "returns@" + domain, FromName: Shop}},
	{story.Wholesale, inbox.Inbox{Name: "Wholesale", Address: "trade@" + domain, FromName: Shop + " Trade", FromStyle: inbox.ShopOnly}},
}

// filler is one run of [Fill].
type filler struct {
	Deps
	o       Options
	t       *story.Teller
	staffed []colleague
	teams   map[string]int64
	inbox   map[string]int64
	people  map[string]int64
	tags    map[string]string
	known   []story.Person // customers who wrote before
}

// staff makes teams, people, inboxes and tags.
func (f *filler) staff(ctx context.Context, s *Summary) error {
	f.teams, f.inbox = map[string]int64{}, map[string]int64{}
	s.Agents, s.Teams, s.Inboxes = map[string]int64{}, f.teams, map[string]int64{}
	for _, desk := range []string{story.Orders, story.Returns, story.Wholesale} {
		id, err := f.CreateTeam(ctx, desk)
		if err != nil {
			return err
		}
		f.teams[desk] = id
	}
	for _, c := range colleagues {
		c.Email += "@" + domain
		for _, desk := range c.desks {
			c.Teams = append(c.Teams, f.teams[desk])
		}
		var err error
		if c.id, err = f.CreateAgent(ctx, c.Agent); err != nil {
			return err
		}
		f.staffed = append(f.staffed, c)
		s.Agents[c.Email] = c.id
	}
	s.Owner, s.Support = f.staffed[0].Agent, inboxes[0].Address
	for _, i := range inboxes {
		i.Channel, i.ReopenDays = inbox.Email, 60
		id, err := f.CreateInbox(ctx, i.Inbox)
		if err != nil {
			return err
		}
		f.inbox[i.desk], s.Inboxes[i.Address] = id, id
	}
	for _, name := range slices.Sorted(maps.Keys(f.tags)) {
		if _, err := f.Conversations.CreateTag(ctx, name, f.tags[name]); err != nil {
			return err
		}
	}
	return nil
}

// answerer is somebody of the desk who speaks the language; another one comes second.
func (f *filler) answerer(desk string, l story.Language) (who, other colleague) {
	var able []colleague
	for _, c := range f.staffed {
		if slices.Contains(c.desks, desk) && slices.Contains(c.languages, l) {
			able = append(able, c)
		}
	}
	if len(able) == 0 {
		able = f.staffed[:1]
	}
	who = story.One(f.t, able)
	for {
		if other = story.One(f.t, f.staffed); other.id != who.id {
			return who, other
		}
	}
}

func addressOf(desk string) string {
	for _, i := range inboxes {
		if i.desk == desk {
			return i.Address
		}
	}
	return inboxes[0].Address
}
