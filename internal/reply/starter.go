package reply

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

//go:embed starter.json
var starterFile []byte

// starter is one of the pack: its name, folder and text in each language.
type starter struct {
	Key    string            `json:"key"`
	Names  map[string]string `json:"names"`
	Folder map[string]string `json:"folder"`
	Texts  map[string]string `json:"texts"` // paragraphs are parted by an empty line
}

// starterPack reads the pack that comes with the program.
func starterPack() (out []starter, err error) {
	err = json.Unmarshal(starterFile, &out)
	return out, err
}

// AddStarters adds those of the pack that are not there, named in the actor's
// language, and reports how many.
func (s *Service) AddStarters(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "add the starter pack")
	a := access.From(ctx)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		pack, err := missingStarters(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range pack {
			r := p.reply(a.Locale)
			r.Owner = a.AgentID
			if err := r.check(); err != nil {
				return err
			}
			if err := insert(ctx, tx, &r, s.Now()); err != nil {
				return err
			}
		}
		n = len(pack)
		return nil
	})
	return n, err
}

// MissingStarters counts what AddStarters would add.
func (s *Service) MissingStarters(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "count what is missing of the starter pack")
	missing, err := missingStarters(ctx, s.DB)
	return len(missing), err
}

func missingStarters(ctx context.Context, q db.Queryer) ([]starter, error) {
	pack, err := starterPack()
	if err != nil {
		return nil, err
	}
	have, err := starters(ctx, q)
	return slices.DeleteFunc(pack, func(p starter) bool { return have[p.Key] }), err
}

func (p starter) reply(locale string) Reply {
	if p.Names[locale] == "" {
		locale = "en"
	}
	r := Reply{Kind: Text, Name: p.Names[locale], Folder: p.Folder[locale], Shared: true, DefaultLocale: locale, Starter: p.Key, Texts: map[string]string{}}
	for l, text := range p.Texts {
		r.Texts[l] = "<p>" + strings.ReplaceAll(text, "\n\n", "</p><p>") + "</p>"
	}
	return r
}
