package hours

import (
	"context"
	"strings"

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
