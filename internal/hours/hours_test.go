package hours

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestWhatIsWrongWithASetNamesItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field  string
		change func(s *Set)
	}{
		{"body.name", func(s *Set) { s.Name = " " }},
		{"body.name", func(s *Set) { s.Name = strings.Repeat("あ", 101) }},
		{"body.time_zone", func(s *Set) { s.TimeZone = "" }},
		{"body.time_zone", func(s *Set) { s.TimeZone = "Local" }},
		{"body.time_zone", func(s *Set) { s.TimeZone = "Europe/Atlantis" }},
		{"body.time_zone", func(s *Set) { s.TimeZone = "../../etc/passwd" }},
		{"body.country", func(s *Set) { s.Country = "XX" }},
		{"body.week.monday[0].to", func(s *Set) { s.Week[1] = []Interval{iv("22:00", "02:00")} }},
		{"body.week.monday[0].to", func(s *Set) { s.Week[1] = []Interval{iv("09:00", "09:00")} }},
		{"body.week.tuesday[0].from", func(s *Set) { s.Week[2] = []Interval{iv("24:00", "24:00")} }},
		{"body.week.sunday", func(s *Set) { s.Week[0] = []Interval{iv("12:00", "15:00"), iv("09:00", "12:01")} }},
		{"body.week.friday", func(s *Set) { s.Week[5] = make([]Interval, 7) }},
		{"body.own_days[1].date", func(s *Set) { s.OwnDays = []OwnDay{{Date: "2026-12-24"}, {Date: "2026-12-24"}} }},
		{"body.own_days[0].date", func(s *Set) { s.OwnDays = []OwnDay{{Date: "2026-02-29"}} }},
		{"body.own_days[0].date", func(s *Set) { s.OwnDays = []OwnDay{{Date: "24.12.2026"}} }},
		{"body.own_days[0].name", func(s *Set) { s.OwnDays = []OwnDay{{Date: "2026-12-24", Name: strings.Repeat("x", 101)}} }},
		{"body.own_days[0].open[0].to", func(s *Set) { s.OwnDays = []OwnDay{{Date: "2026-12-24", Open: []Interval{iv("13:00", "09:00")}}} }},
		{"body.own_days", func(s *Set) { s.OwnDays = make([]OwnDay, 201) }},
	} {
		s := Set{Name: "Support", TimeZone: "UTC"}
		c.change(&s)
		var e *errs.Error
		if err := s.check(); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Location != c.field {
			t.Errorf("%s: %v", c.field, err)
		}
	}
}

func TestIntervalsAndDaysArePutInOrder(t *testing.T) {
	t.Parallel()
	s := Set{Name: "Support", TimeZone: "UTC", Country: "de", Inboxes: []int64{3, 1, 3},
		Week:    Week{1: {iv("13:00", "17:00"), iv("09:00", "12:00")}},
		OwnDays: []OwnDay{{Date: "2026-12-31"}, {Date: "2026-12-24"}}}
	if err := s.check(); err != nil {
		t.Fatal(err)
	}
	if s.Week[1][0] != iv("09:00", "12:00") || s.OwnDays[0].Date != "2026-12-24" || s.Country != "DE" || len(s.Inboxes) != 2 {
		t.Errorf("%+v", s)
	}
}

func TestATimeOfDayIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"00:00", "09:05", "23:59", "24:00"} {
		if m, ok := ParseMinute(good); !ok || m.String() != good {
			t.Errorf("%s became %s", good, m)
		}
	}
	for _, bad := range []string{"", "9:00", "24:01", "25:00", "12:60", "12:00:00", "-1:00", "١٢:٠٠"} {
		if m, ok := ParseMinute(bad); ok {
			t.Errorf("%q became %s", bad, m)
		}
	}
}

func TestHoursAreSaidInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	w := weekdays(iv("09:00", "17:00"))
	w[time.Saturday] = []Interval{iv("10:00", "12:00"), iv("13:00", "24:00")}
	s := Set{TimeZone: "Europe/Istanbul", Week: w}
	at := utc("2026-11-23 08:00")
	for _, c := range []struct{ locale, closes, opens, week string }{
		{"en", "17:00", "Tuesday, 24 November at 9:00", "Monday to Friday 9:00–17:00\nSaturday 10:00–12:00, 13:00–24:00\nSunday closed"},
		{"en-GB", "17:00", "Tuesday, 24 November at 9:00", "Monday to Friday 9:00–17:00\nSaturday 10:00–12:00, 13:00–24:00\nSunday closed"},
		{"de", "17:00", "Tuesday, 24 November at 9:00", "Monday to Friday 9:00–17:00\nSaturday 10:00–12:00, 13:00–24:00\nSunday closed"},
		{"ja", "17:00", "11月24日（火曜日）9:00", "月曜日から金曜日 9:00〜17:00\n土曜日 10:00〜12:00、13:00〜24:00\n日曜日 休業"},
		{"tr", "17:00", "24 Kasım Salı 09:00", "Pazartesi – Cuma 09:00–17:00\nCumartesi 10:00–12:00, 13:00–24:00\nPazar kapalı"},
		{"uk", "17:00", "вівторок, 24 листопада, 9:00", "Понеділок – п’ятниця 9:00–17:00\nСубота 10:00–12:00, 13:00–24:00\nНеділя зачинено"},
	} {
		said := s.Say(at, c.locale)
		if !said.Open || said.Closes != c.closes || said.NextOpening != c.opens || said.Week != c.week || said.TimeZone != "Europe/Istanbul" {
			t.Errorf("%s: %+v", c.locale, said)
		}
	}
}

func TestATimeZoneIsSaidWithoutUnderscores(t *testing.T) {
	t.Parallel()
	if got := (&Set{TimeZone: "America/New_York"}).Say(utc("2026-11-23 08:00"), "en").TimeZone; got != "America/New York" {
		t.Errorf("got %s", got)
	}
}

func TestWhatIsNotTheCaseIsNotSaid(t *testing.T) {
	t.Parallel()
	closed := Set{TimeZone: "UTC", Week: weekdays(iv("09:00", "17:00"))}
	if said := closed.Say(utc("2026-11-22 10:00"), "en"); said.Open || said.Closes != "" || said.NextOpening != "Monday, 23 November at 9:00" {
		t.Errorf("%+v", said)
	}
	always := Set{TimeZone: "UTC", Week: everyDay(iv("00:00", "24:00"))}
	if said := always.Say(utc("2026-11-22 10:00"), "en"); !said.Open || said.Closes != "" || said.NextOpening != "" || said.Week != "Every day 24 hours" {
		t.Errorf("%+v", said)
	}
	never := Set{TimeZone: "UTC"}
	if said := never.Say(utc("2026-11-22 10:00"), "en"); said.Open || said.Closes != "" || said.NextOpening != "" || said.Week != "Every day closed" {
		t.Errorf("%+v", said)
	}
}

func TestClosingAtMidnightIsTheEndOfTheDay(t *testing.T) {
	t.Parallel()
	s := Set{TimeZone: "UTC", Week: Week{1: {iv("09:00", "24:00")}, 5: {iv("20:00", "24:00")}, 6: {iv("00:00", "02:00")}}}
	if said := s.Say(utc("2026-11-23 10:00"), "en"); said.Closes != "24:00" {
		t.Errorf("closes %s", said.Closes)
	}
	if said := s.Say(utc("2026-11-27 21:00"), "en"); said.Closes != "Saturday, 28 November at 2:00" {
		t.Errorf("closes %s", said.Closes)
	}
}
