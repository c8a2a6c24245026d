package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Bounds of the business hours.
const (
	MaxSets      = 50
	MaxIntervals = 6   // of one day
	MaxOwnDays   = 200 // of one set
	maxName      = 100
	maxZone      = 100
)

// Set is one set of business hours.
type Set struct {
	ID        int64
	Name      string
	TimeZone  string // IANA
	Week      Week
	Country   string // ISO 3166-1 of the public holidays, "" = none
	OwnDays   []OwnDay
	Default   bool
	Inboxes   []int64 // those that keep it instead of the default
	DeletedAt time.Time
	CreatedAt time.Time
	Version   int64

	defaultSince int64
}

// Week is what is usual, by [time.Weekday]: Sunday comes first.
type Week [7][]Interval

// Interval is a part of a day, without its end.
type Interval struct {
	From Minute `json:"from"`
	To   Minute `json:"to"`
}

// OwnDay is a date on which something else holds than usual, be it a public
// holiday. Without intervals the shop is closed.
type OwnDay struct {
	Date string     `json:"date"` // as in 2026-12-24
	Name string     `json:"name,omitempty"`
	Open []Interval `json:"open"`
}

// Minute is a time of day as clocks show it, in minutes: 0 to 1440.
type Minute int

const endOfDay Minute = 24 * 60

// ParseMinute reads 00:00 to 24:00.
func ParseMinute(text string) (Minute, bool) {
	if text == "24:00" {
		return endOfDay, true
	}
	at, err := time.Parse("15:04", text)
	return Minute(at.Hour()*60 + at.Minute()), err == nil && len(text) == len("15:04")
}

func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

// MarshalText writes it as in 09:00.
func (m Minute) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (m *Minute) UnmarshalText(text []byte) error {
	v, ok := ParseMinute(string(text))
	if !ok {
		return fmt.Errorf("%q is no time of day", text)
	}
	*m = v
	return nil
}

var weekdayKeys = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// check tidies a set and says what is wrong with it.
func (s *Set) check() error {
	s.Name, s.TimeZone = strings.TrimSpace(s.Name), strings.TrimSpace(s.TimeZone)
	if s.Name == "" || utf8.RuneCountInString(s.Name) > maxName || strings.ContainsAny(s.Name, "\r\n\x00") {
		return errs.InvalidField("body.name", "Give the business hours a name of at most 100 characters.")
	}
	if _, ok := zone(s.TimeZone); !ok {
		return errs.InvalidField("body.time_zone", "This time zone is not known. Write it like Europe/Istanbul.")
	}
	if s.Country = strings.ToUpper(strings.TrimSpace(s.Country)); s.Country != "" && countries[s.Country] == nil {
		return errs.InvalidField("body.country", "The public holidays of this country are not known. Write them down as days of your own.")
	}
	for day := range s.Week {
		if err := checkDay("body.week."+weekdayKeys[day], &s.Week[day]); err != nil {
			return err
		}
	}
	slices.Sort(s.Inboxes)
	s.Inboxes = slices.Compact(s.Inboxes)
	return s.checkOwnDays()
}

// zone reads a time zone. Where the server stands is none.
func zone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || len(name) > maxZone {
		return time.UTC, false
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC, false
	}
	return loc, true
}

// checkDay puts the intervals of a day in their order.
func checkDay(location string, list *[]Interval) error {
	if len(*list) > MaxIntervals {
		return errs.InvalidFieldf(location, "A day has at most %d intervals.", MaxIntervals)
	}
	for i, one := range *list {
		at := fmt.Sprintf("%s[%d]", location, i)
		switch {
		case one.From < 0 || one.From >= endOfDay:
			return errs.InvalidField(at+".from", "A day opens between 00:00 and 23:59.")
		case one.To <= one.From:
			return errs.InvalidField(at+".to", "An interval ends after it begins. What goes past midnight is two: until 24:00, and from 00:00 on the next day.")
		case one.To > endOfDay:
			return errs.InvalidField(at+".to", "A day closes at 24:00 at the latest.")
		}
	}
	sorted := slices.Clone(*list)
	slices.SortFunc(sorted, func(a, b Interval) int { return int(a.From - b.From) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].From < sorted[i-1].To {
			return errs.InvalidFieldf(location, "%s to %s and %s to %s overlap.", sorted[i-1].From, sorted[i-1].To, sorted[i].From, sorted[i].To)
		}
	}
	*list = sorted
	return nil
}

func (s *Set) checkOwnDays() error {
	if len(s.OwnDays) > MaxOwnDays {
		return errs.InvalidFieldf("body.own_days", "There are at most %d days of your own. Delete some that have passed.", MaxOwnDays)
	}
	s.OwnDays = slices.Clone(s.OwnDays)
	seen := map[string]bool{}
	for i := range s.OwnDays {
		d := &s.OwnDays[i]
		at := fmt.Sprintf("body.own_days[%d]", i)
		d.Name = strings.TrimSpace(d.Name)
		date, err := time.Parse(time.DateOnly, d.Date)
		switch {
		case err != nil || date.Year() < 2000 || date.Year() > 2200:
			return errs.InvalidField(at+".date", "Write the date like 2026-12-24.")
		case seen[d.Date]:
			return errs.InvalidFieldf(at+".date", "%s is there twice.", d.Date)
		case utf8.RuneCountInString(d.Name) > maxName:
			return errs.InvalidField(at+".name", "The name of a day has at most 100 characters.")
		}
		seen[d.Date] = true
		if err := checkDay(at+".open", &d.Open); err != nil {
			return err
		}
	}
	slices.SortFunc(s.OwnDays, func(a, b OwnDay) int { return strings.Compare(a.Date, b.Date) })
	return nil
}
