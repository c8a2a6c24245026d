package hours

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// countries are the public holidays of whole countries; what only a part of one
// keeps is not among them.
var countries = map[string][]*cal.Holiday{
	"AR": ar.Holidays, "AT": at.Holidays, "BE": be.Holidays, "BG": bg.Holidays, "BR": br.Holidays, "CA": ca.Holidays, "CH": ch.Holidays, "CZ": cz.Holidays,
	"DE": de.Holidays, "DK": dk.Holidays, "ES": es.Holidays, "FR": fr.Holidays, "GB": gb.Holidays, "GR": gr.Holidays, "HR": hr.Holidays, "IE": ie.Holidays,
	"IT": it.Holidays, "JP": jp.Holidays, "LT": lt.Holidays, "LV": lv.Holidays, "MW": mw.Holidays, "NC": nc.Holidays, "NL": nl.Holidays, "NO": no.Holidays,
	"NZ": nz.Holidays, "PL": pl.Holidays, "RO": ro.Holidays, "RU": ru.Holidays, "SE": se.Holidays, "SI": si.Holidays, "SK": sk.Holidays, "UA": ua.Holidays,
	"TR": turkey, "US": us.Holidays, "ZA": za.Holidays,
	"AU": everywhere(au.HolidaysACT, au.HolidaysNSW, au.HolidaysNT, au.HolidaysQLD, au.HolidaysSA, au.HolidaysTAS, au.HolidaysVIC, au.HolidaysWA),
}

// everywhere is what all the parts of a country keep.
func everywhere(first []*cal.Holiday, others ...[]*cal.Holiday) []*cal.Holiday {
	return slices.DeleteFunc(slices.Clone(first), func(h *cal.Holiday) bool {
		return slices.ContainsFunc(others, func(list []*cal.Holiday) bool { return !slices.Contains(list, h) })
	})
}

// Countries are those whose public holidays are known, by ISO 3166-1.
func Countries() []string { return slices.Sorted(maps.Keys(countries)) }

// Holiday is a public holiday. A day off in place of one that falls on a weekend
// stands beside it.
type Holiday struct {
	Date    string `json:"date"`
	Name    string `json:"name" doc:"In a language of the country, or in English"`
	Instead bool   `json:"instead" doc:"The day off for one that falls on a weekend"`
}

// HolidaysOf are the public holidays of a country in a year, in their order. Of
// two on one date the first stands for both.
func HolidaysOf(country string, year int) []Holiday {
	var out []Holiday
	add := func(day time.Time, name string, instead bool) {
		if day.Year() == year {
			out = append(out, Holiday{day.Format(time.DateOnly), name, instead})
		}
	}
	for _, h := range countries[country] {
		if h.Type == cal.ObservanceOther {
			continue // kept by many, but no public holiday
		}
		// New Year's Day of the next year may be kept in this one.
		for y := year - 1; y <= year+1; y++ {
			day, kept := h.Calc(y)
			if day.IsZero() {
				continue
			}
			add(day, h.Name, false)
			if !kept.Equal(day) {
				add(kept, h.Name, true)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Holiday) int { return strings.Compare(a.Date, b.Date) })
	return slices.CompactFunc(out, func(a, b Holiday) bool { return a.Date == b.Date })
}
