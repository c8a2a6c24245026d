package hours

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

type tryOut struct{ Body nowBody }

func (h handler) try(_ context.Context, in *struct{ Body SetInput }) (*tryOut, error) {
	apply, err := in.Body.read()
	if err != nil {
		return nil, err
	}
	var s Set
	apply(&s)
	if s, err = h.s.Try(s); err != nil {
		return nil, err
	}
	return &tryOut{nowOf(&s, h.s.Now())}, nil
}

type countryBody struct {
	Country string `json:"country" doc:"ISO 3166-1"`
}

func (h handler) countries(context.Context, *struct{}) (*struct{ Body web.Page[countryBody] }, error) {
	var out []countryBody
	for _, c := range Countries() {
		out = append(out, countryBody{c})
	}
	return &struct{ Body web.Page[countryBody] }{web.PageOf(out, "")}, nil
}

type countryIn struct {
	Country string `path:"country" minLength:"2" maxLength:"2"`
}

func (h handler) holidays(_ context.Context, in *countryIn) (*struct{ Body web.Page[Holiday] }, error) {
	country := strings.ToUpper(in.Country)
	if countries[country] == nil {
		return nil, errs.New(errs.NotFound, "The public holidays of this country are not known.")
	}
	year := h.s.Now().Year()
	out := append(HolidaysOf(country, year), HolidaysOf(country, year+1)...)
	return &struct{ Body web.Page[Holiday] }{web.PageOf(out, "")}, nil
}

type (
	openingsIn struct {
		Inbox int64    `query:"inbox_id" minimum:"0" doc:"0 = the default"`
		At    []string `query:"at" required:"true" doc:"Up to 10 moments, separated by commas"`
	}
	openingBody struct {
		At   time.Time  `json:"at"`
		Open *time.Time `json:"open_from" doc:"The same moment while the shop is open; null when it does not open within 400 days"`
	}
)

const maxMoments = 10

func (h handler) openings(ctx context.Context, in *openingsIn) (*struct{ Body web.Page[openingBody] }, error) {
	moments := make([]time.Time, len(in.At))
	for i, text := range in.At {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || len(in.At) > maxMoments {
			return nil, errs.InvalidField("query.at", "Write moments like 2026-12-24T09:00:00Z, at most 10 of them.")
		}
		moments[i] = at.UTC()
	}
	set, ok, err := h.s.Of(ctx, in.Inbox)
	if err != nil {
		return nil, err
	}
	var out []openingBody
	for _, at := range moments {
		if !ok {
			break
		}
		body := openingBody{At: at}
		if open, found := set.OpenFrom(at); found {
			body.Open = &open
		}
		out = append(out, body)
	}
	return &struct{ Body web.Page[openingBody] }{web.PageOf(out, "")}, nil
}
