package tone

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

//go:embed starter.json
var starterFile []byte

// starter is a rule that comes with the program: it looks for words of all four
// languages, and is named in that of whoever adds it.
type starter struct {
	Key        string            `json:"key"`
	Names      map[string]string `json:"names"`
	Reasons    map[string]string `json:"reasons"`
	Kind       texttone.Kind     `json:"kind"`
	Strictness Strictness        `json:"strictness"`
	Languages  []string          `json:"languages"`
	settings
}

func starterSet() (out []starter, err error) {
	err = json.Unmarshal(starterFile, &out)
	return out, err
}

// AddStarters adds the rules of the starter set that are not there and returns
// how many.
func (s *Service) AddStarters(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "add the starter set of the tone guide")
	locale := access.From(ctx).Locale
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		set, err := missingStarters(ctx, tx)
		if err != nil {
			return err
		}
		for _, one := range set {
			if err := s.addTx(ctx, tx, one.rule(locale)); err != nil {
				return err
			}
		}
		n = len(set)
		return nil
	})
	return n, err
}

// MissingStarters counts what AddStarters would add.
func (s *Service) MissingStarters(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "count what is missing of the starter set of the tone guide")
	missing, err := missingStarters(ctx, s.DB)
	return len(missing), err
}

func missingStarters(ctx context.Context, q db.Queryer) ([]starter, error) {
	set, err := starterSet()
	if err != nil {
		return nil, err
	}
	have, err := starters(ctx, q)
	return slices.DeleteFunc(set, func(one starter) bool { return have[one.Key] }), err
}

func (s *Service) addTx(ctx context.Context, tx *db.Tx, r Rule) error {
	if err := s.room(ctx, tx, 1); err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	if err := insert(ctx, tx, &r, s.Now()); err != nil {
		return err
	}
	return s.recordTx(ctx, tx, "tone_rule.created", nil, &r)
}

func (one starter) rule(locale string) Rule {
	if one.Names[locale] == "" {
		locale = "en"
	}
	return Rule{Name: one.Names[locale], Reason: one.Reasons[locale], Strictness: one.Strictness, Enabled: true, Starter: one.Key,
		Rule: texttone.Rule{Kind: one.Kind, Languages: one.Languages, Terms: one.Terms, Form: one.Form, MaxWords: one.MaxWords, MaxCharacters: one.MaxCharacters,
			Phrases: one.Phrases, When: one.When, Examples: one.Examples}}
}
