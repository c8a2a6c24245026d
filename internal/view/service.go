package view

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service reads for the actor of the context. Its zero Match refuses queries.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// Match returns the conversations that a search finds, newest first, at most
	// limit of them, and the statuses that it asks for, none where it names none.
	Match func(ctx context.Context, query string, limit int) ([]int64, []conversation.Status, error)

	// Fields are the values of the shop's own fields of a conversation; nil = none.
	Fields func(ctx context.Context, q db.Queryer, conversation int64) (map[string]any, error)
	// Defined are the shop's own fields of conversations, archived ones too; nil = none.
	Defined func(ctx context.Context, q db.Queryer) (field.Set, error)

	counts  counts
	tabs    remembered[string, madeTabs]
	changes changes
}

// maxMatches is how many conversations a query of words leads to.
const maxMatches = 1000

func caller(ctx context.Context) (*access.Actor, error) {
	a := access.From(ctx)
	if a == nil {
		return nil, errs.New(errs.Unauthorized, "Sign in to do this.")
	}
	return a, nil
}

// List returns up to limit conversations that the actor may see, behind the
// place from (nil = the beginning), and the place to go on from, nil at the end.
// A page may be short, even empty, although more follow: a filter that no index
// answers reads at most 20,000 rows a call.
func (s *Service) List(ctx context.Context, f Filter, from *Place, limit int) (_ []Item, next *Place, err error) {
	defer errs.Wrap(&err, "list conversations")
	a, err := caller(ctx)
	if err != nil {
		return nil, nil, err
	}
	places, next, err := s.places(ctx, a, f, from, min(max(limit, 1), 100))
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(places))
	for i, at := range places {
		ids[i] = at.ID
	}
	list, err := items(ctx, s.DB, a.AgentID, ids)
	return list, next, err
}

// places walks the list of the filter.
func (s *Service) places(ctx context.Context, a *access.Actor, f Filter, from *Place, want int) ([]Place, *Place, error) {
	if err := s.use(ctx, a, &f); err != nil {
		return nil, nil, err
	}
	if f.Sort == "" {
		f.Sort = Newest
	}
	p := planner{f: &f, actor: a}
	if none, err := s.resolve(ctx, &p); err != nil || none {
		return nil, nil, err
	}
	plan := p.plan()
	return plan.walk(ctx, s.DB, s.DB.Dialect, from, want)
}

// resolve looks up what the plan depends on: the tag, the words of the filter, whether the actor follows anything;
// none means that nothing can be found.
func (s *Service) resolve(ctx context.Context, p *planner) (none bool, err error) {
	if !conversation.SeesEverything(p.actor) {
		if p.follows, err = followsAny(ctx, s.DB, p.actor.AgentID); err != nil {
			return true, err
		}
	}
	if p.f.Tag != "" {
		if p.tag, p.rare, err = tagged(ctx, s.DB, p.f.Tag); err != nil || p.tag == 0 {
			return true, err
		}
		// Whatever else is short leads, and the tag is tested.
		p.rare = p.rare && p.f.leads()
	}
	if p.f.ownKey == "" && p.f.OwnValue != "" {
		p.f.ownKey, p.f.ownValues = p.f.Own, []string{p.f.OwnValue}
	}
	if p.f.ownKey != "" && !p.rare && p.f.leads() {
		if p.few, err = fewHold(ctx, s.DB, p.f.ownKey, p.f.ownValues); err != nil {
			return true, err
		}
	}
	if p.f.Query == "" {
		return false, nil
	}
	if s.Match == nil {
		return true, errs.InvalidField("query.q", "There is no search here.")
	}
	ids, statuses, err := s.Match(ctx, p.f.Query, maxMatches)
	if err != nil || len(ids) == 0 {
		return true, err
	}
	if p.ids = ids; len(p.f.Statuses) == 0 {
		p.f.Statuses = statuses
	}
	return false, nil
}

// leads tells whether nothing short leads to the conversations of the filter by itself.
func (f *Filter) leads() bool {
	return f.Query == "" && !f.Mentions && !f.Drafts && !f.Follows && !f.Sent && !f.Waits
}

// defined are the shop's own fields, where keys of them are asked for.
func (s *Service) defined(ctx context.Context, q db.Queryer, keys []string) (field.Set, error) {
	if len(keys) == 0 || s.Defined == nil {
		return nil, nil
	}
	return s.Defined(ctx, q)
}

// addFields adds the values of the shop's own fields with these keys.
func (s *Service) addFields(ctx context.Context, list []Item, keys []string) error {
	if len(list) == 0 || len(keys) == 0 {
		return nil
	}
	fields, err := s.defined(ctx, s.DB, keys)
	if err != nil {
		return err
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	kept, err := keptValues(ctx, s.DB, ids, keys)
	for i := range list {
		list[i].Fields = fields.Values(kept[ids[i]])
	}
	return err
}

// Conversation reads one conversation; not_found when the actor may not see it.
func (s *Service) Conversation(ctx context.Context, id int64) (d Detail, err error) {
	defer errs.Wrap(&err, "read conversation %d", id)
	a, err := caller(ctx)
	if err != nil {
		return d, err
	}
	ok, err := seen(ctx, s.DB, a, id)
	if err != nil {
		return d, err
	}
	var list []Item
	if ok {
		if list, err = items(ctx, s.DB, a.AgentID, []int64{id}); err != nil {
			return d, err
		}
	}
	if len(list) == 0 {
		return d, errs.New(errs.NotFound, "There is no such conversation.")
	}
	d.Item, d.Fields = list[0], map[string]any{}
	if s.Fields != nil {
		if d.Fields, err = s.Fields(ctx, s.DB, id); err != nil {
			return d, err
		}
	}
	return d, around(ctx, s.DB, a, &d)
}

// HiddenOf counts the customer's conversations, spam and trash left out, that
// the actor may not see.
func (s *Service) HiddenOf(ctx context.Context, customer int64) (n int64, err error) {
	defer errs.Wrap(&err, "count hidden conversations of customer %d", customer)
	a, err := caller(ctx)
	if err != nil {
		return 0, err
	}
	return hidden(ctx, s.DB, a, customer)
}
