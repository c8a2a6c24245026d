package reply

import (
	"context"
	_ "embed"
	"encoding/json"
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
	pack, err := starterPack()
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n = 0
		have, err := starters(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range pack {
			if have[p.Key] {
				continue
			}
			r := p.reply(a.Locale)
			r.Owner = a.AgentID
			if err := r.check(); err != nil {
				return err
			}
			if err := insert(ctx, tx, &r, s.Now()); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
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
