package tone

import (
	"context"
	"slices"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

// book is the guide as it was at one moment.
type book struct {
	rules []Rule // those that are switched on
	guide *texttone.Guide
}

func newBook(all []Rule) *book {
	b := &book{}
	var pure []texttone.Rule
	for _, r := range all {
		if r.Enabled {
			b.rules = append(b.rules, r)
			pure = append(pure, r.Rule)
		}
	}
	b.guide = texttone.NewGuide(pure)
	return b
}

// book reads the rules; they are kept until something changes.
func (s *Service) book(ctx context.Context) (*book, error) {
	at, err := readStamp(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	kept, same := s.kept, s.at == at
	s.mu.Unlock()
	if kept != nil && same {
		return kept, nil
	}
	all, err := list(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	b := newBook(all)
	s.mu.Lock()
	s.kept, s.at = b, at
	s.mu.Unlock()
	return b, nil
}

// Finding is what a rule says of a text.
type Finding struct {
	texttone.Finding
	Rule Rule
}

// Checked is what the guide says of a text.
type Checked struct {
	Language string
	Angry    bool
	Cut      bool
	Findings []Finding
}

// check reads a text that goes out of these inboxes.
func (b *book) check(in texttone.Input, inboxes ...int64) Checked {
	in.Applies = func(i int) bool {
		only := b.rules[i].Inboxes
		return len(only) == 0 || slices.ContainsFunc(inboxes, func(id int64) bool { return slices.Contains(only, id) })
	}
	r := b.guide.Check(in)
	out := Checked{Language: r.Language, Angry: r.Angry, Cut: r.Cut}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, Finding{f, b.rules[f.Rule]})
	}
	return out
}

// Check reads what is being written to the customers of a conversation and of
// others that the actor may see: a rule counts that counts for one of them, and
// one who is angry is enough. What of the others is not there is passed over.
func (s *Service) Check(ctx context.Context, id int64, also []int64, written, language string) (out Checked, err error) {
	defer errs.Wrap(&err, "check a text of conversation %d", id)
	c, err := s.Conversations.Get(ctx, id)
	if err != nil {
		return out, err
	}
	b, err := s.book(ctx)
	if err != nil || len(b.rules) == 0 {
		return out, err
	}
	in, inboxes := texttone.Input{Text: written, Language: language}, []int64{c.Inbox}
	if in.Customer, err = s.lastWords(ctx, c); err != nil {
		return out, err
	}
	for _, id := range unique(also) {
		c, err := s.Conversations.Get(ctx, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return out, err
		}
		inboxes = append(inboxes, c.Inbox)
		if text.Angry(in.Customer) {
			continue
		}
		words, err := s.lastWords(ctx, c)
		if err != nil {
			return out, err
		}
		if in.Customer == "" || text.Angry(words) {
			in.Customer = words
		}
	}
	return b.check(in, inboxes...), nil
}

// lastWords are what the customer wrote last.
func (s *Service) lastWords(ctx context.Context, c conversation.Conversation) (string, error) {
	if c.LastInbound == 0 {
		return "", nil
	}
	m, err := s.Conversations.Message(ctx, c.LastInbound)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", err
	}
	return m.Text, nil
}

// Sample is a text outside any conversation.
type Sample struct {
	Text, Language, Customer string
	Inbox                    int64
	Rule                     *Rule // checked alone, as if it were saved
}

// Try says what the guide, or one rule that is being written, makes of a text.
func (s *Service) Try(ctx context.Context, sample Sample) (out Checked, err error) {
	defer errs.Wrap(&err, "try the tone guide")
	in := texttone.Input{Text: sample.Text, Language: sample.Language, Customer: sample.Customer}
	if sample.Rule != nil {
		if err := sample.Rule.check(); err != nil {
			return out, err
		}
		sample.Rule.Enabled, sample.Rule.Inboxes = true, nil
		return newBook([]Rule{*sample.Rule}).check(in, sample.Inbox), nil
	}
	b, err := s.book(ctx)
	if err != nil {
		return out, err
	}
	return b.check(in, sample.Inbox), nil
}

func unique(ids []int64) []int64 {
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
