package hours

import (
	"slices"
	"testing"
	"time"
)

func iv(from, to string) Interval {
	f, ok := ParseMinute(from)
	t, also := ParseMinute(to)
	if !ok || !also {
		panic(from + to)
	}
	return Interval{f, t}
}

func everyDay(list ...Interval) (w Week) {
	for d := range w {
		w[d] = list
	}
	return w
}

func weekdays(list ...Interval) Week {
	w := everyDay(list...)
	w[time.Sunday], w[time.Saturday] = nil, nil
	return w
}

func utc(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return at
}

// shown is a moment or never.
func shown(at time.Time, ok bool) string {
	if !ok {
		return "never"
	}
	return at.UTC().Format("2006-01-02 15:04")
}

func TestHoursFollowTheClocksOfTheirPlace(t *testing.T) {
	t.Parallel()
	nine := weekdays(iv("09:00", "17:00"))
	split := weekdays(iv("09:00", "12:00"), iv("13:30", "18:00"))
	for _, c := range []struct {
		name   string
		set    Set
		at     string
		open   bool
		opens  string
		closes string
	}{
		{"in the middle of a day", Set{TimeZone: "UTC", Week: nine}, "2026-11-23 10:00", true, "2026-11-24 09:00", "2026-11-23 17:00"},
		{"at the moment of opening", Set{TimeZone: "UTC", Week: nine}, "2026-11-23 09:00", true, "2026-11-24 09:00", "2026-11-23 17:00"},
		{"at the moment of closing", Set{TimeZone: "UTC", Week: nine}, "2026-11-23 17:00", false, "2026-11-24 09:00", "2026-11-24 17:00"},
		{"over the weekend", Set{TimeZone: "UTC", Week: nine}, "2026-11-20 17:30", false, "2026-11-23 09:00", "2026-11-23 17:00"},
		{"in the break", Set{TimeZone: "UTC", Week: split}, "2026-11-23 12:30", false, "2026-11-23 13:30", "2026-11-23 18:00"},
		{"before the break", Set{TimeZone: "UTC", Week: split}, "2026-11-23 11:30", true, "2026-11-23 13:30", "2026-11-23 12:00"},
		{"where no clock is ever put forward", Set{TimeZone: "Europe/Istanbul", Week: nine}, "2026-07-06 05:59", false, "2026-07-06 06:00", "2026-07-06 14:00"},
		{"where it is half an hour off", Set{TimeZone: "Asia/Kolkata", Week: nine}, "2026-11-23 04:00", true, "2026-11-24 03:30", "2026-11-23 11:30"},
		{"where it is three quarters off", Set{TimeZone: "Asia/Kathmandu", Week: nine}, "2026-11-23 03:00", false, "2026-11-23 03:15", "2026-11-23 11:15"},
		{"on the other side of the date line", Set{TimeZone: "Pacific/Auckland", Week: nine}, "2026-11-22 20:30", true, "2026-11-23 20:00", "2026-11-23 04:00"},
		{"when clocks are put forward", Set{TimeZone: "Europe/Berlin", Week: nine}, "2026-03-27 16:00", false, "2026-03-30 07:00", "2026-03-30 15:00"},
		{"when clocks are put back", Set{TimeZone: "Europe/Berlin", Week: nine}, "2026-10-23 15:00", false, "2026-10-26 08:00", "2026-10-26 16:00"},
		{"opening at a time that is skipped", Set{TimeZone: "Europe/Berlin", Week: everyDay(iv("02:30", "06:00"))}, "2026-03-29 00:00", false, "2026-03-29 01:00", "2026-03-29 04:00"},
		{"closing at a time that is skipped", Set{TimeZone: "Europe/Berlin", Week: everyDay(iv("00:00", "02:30"))}, "2026-03-29 00:30", true, "2026-03-29 22:00", "2026-03-29 01:00"},
		{"an interval that is skipped whole", Set{TimeZone: "Europe/Berlin", Week: everyDay(iv("02:00", "03:00"))}, "2026-03-28 12:00", false, "2026-03-30 00:00", "2026-03-30 01:00"},
		{"opening at a time that comes twice", Set{TimeZone: "Europe/Berlin", Week: everyDay(iv("02:30", "06:00"))}, "2026-10-24 22:00", false, "2026-10-25 00:30", "2026-10-25 05:00"},
		{"closing at a time that comes twice", Set{TimeZone: "Europe/Berlin", Week: everyDay(iv("00:00", "02:30"))}, "2026-10-25 00:45", true, "2026-10-25 23:00", "2026-10-25 01:30"},
		{"until midnight, when it comes twice", Set{TimeZone: "America/Havana", Week: Week{6: {iv("09:00", "24:00")}}}, "2026-10-31 20:00", true, "2026-11-07 14:00", "2026-11-01 04:00"},
		{"until midnight, when the hour before comes twice", Set{TimeZone: "Africa/Cairo", Week: Week{4: {iv("09:00", "24:00")}}}, "2026-10-29 20:30", true, "2026-11-05 07:00", "2026-10-29 22:00"},
		{"from midnight, when that is skipped", Set{TimeZone: "Africa/Cairo", Week: Week{5: {iv("00:00", "02:00")}}}, "2026-04-23 20:00", false, "2026-04-23 22:00", "2026-04-23 23:00"},
		{"past midnight", Set{TimeZone: "UTC", Week: Week{1: {iv("22:00", "24:00")}, 2: {iv("00:00", "02:00")}}}, "2026-11-23 23:00", true, "2026-11-30 22:00", "2026-11-24 02:00"},
		{"until midnight", Set{TimeZone: "UTC", Week: Week{1: {iv("09:00", "24:00")}}}, "2026-11-23 23:59", true, "2026-11-30 09:00", "2026-11-24 00:00"},
		{"midnight is the next day", Set{TimeZone: "UTC", Week: Week{1: {iv("09:00", "24:00")}}}, "2026-11-24 00:00", false, "2026-11-30 09:00", "2026-12-01 00:00"},
		{"always", Set{TimeZone: "America/New_York", Week: everyDay(iv("00:00", "24:00"))}, "2026-11-23 23:00", true, "never", "never"},
		{"never", Set{TimeZone: "UTC"}, "2026-11-23 23:00", false, "never", "never"},
		{"only on 29 February", Set{TimeZone: "UTC", OwnDays: []OwnDay{{Date: "2028-02-29", Open: []Interval{iv("10:00", "11:00")}}}}, "2028-02-28 23:00", false, "2028-02-29 10:00", "2028-02-29 11:00"},
		{"29 February is a day like others", Set{TimeZone: "UTC", Week: nine}, "2028-02-28 18:00", false, "2028-02-29 09:00", "2028-02-29 17:00"},
		{"what is further away than 400 days", Set{TimeZone: "UTC", OwnDays: []OwnDay{{Date: "2028-02-29", Open: []Interval{iv("10:00", "11:00")}}}}, "2026-11-23 23:00", false, "never", "never"},
		{"a date that a place left out", Set{TimeZone: "Pacific/Apia", Week: everyDay(iv("09:00", "17:00"))}, "2011-12-30 03:30", false, "2011-12-30 19:00", "2011-12-31 03:00"},
		{"a public holiday", Set{TimeZone: "Europe/Berlin", Week: nine, Country: "DE"}, "2026-12-24 17:00", false, "2026-12-28 08:00", "2026-12-28 16:00"},
		{"a day off in place of one on a weekend", Set{TimeZone: "America/New_York", Week: nine, Country: "US"}, "2026-07-02 22:00", false, "2026-07-06 13:00", "2026-07-06 21:00"},
		{"a public holiday on which the shop opens", Set{TimeZone: "Europe/Berlin", Week: nine, Country: "DE", OwnDays: []OwnDay{{Date: "2026-12-25", Open: []Interval{iv("10:00", "12:00")}}}},
			"2026-12-24 17:00", false, "2026-12-25 09:00", "2026-12-25 11:00"},
		{"a day of the shop's own", Set{TimeZone: "UTC", Week: nine, OwnDays: []OwnDay{{Date: "2026-11-24"}}}, "2026-11-23 18:00", false, "2026-11-25 09:00", "2026-11-25 17:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := utc(c.at)
			if got := c.set.Open(at); got != c.open {
				t.Errorf("open: %v", got)
			}
			if got := shown(c.set.NextOpening(at)); got != c.opens {
				t.Errorf("opens %s, want %s", got, c.opens)
			}
			if got := shown(c.set.NextClosing(at)); got != c.closes {
				t.Errorf("closes %s, want %s", got, c.closes)
			}
		})
	}
}

func TestBusinessTimeLeavesOutWhatIsClosed(t *testing.T) {
	t.Parallel()
	nine := Set{TimeZone: "Europe/Berlin", Week: weekdays(iv("09:00", "17:00")), Country: "DE"}
	night := Set{TimeZone: "Europe/Berlin", Week: everyDay(iv("00:00", "04:00"))}
	for _, c := range []struct {
		name     string
		set      Set
		from, to string
		want     time.Duration
	}{
		{"a day", nine, "2026-11-23 00:00", "2026-11-24 00:00", 8 * time.Hour},
		{"from inside to inside", nine, "2026-11-23 10:00", "2026-11-24 10:00", 8 * time.Hour},
		{"a week with a holiday", nine, "2026-12-21 00:00", "2026-12-28 00:00", 32 * time.Hour},
		{"nothing when it is over", nine, "2026-11-24 10:00", "2026-11-23 10:00", 0},
		{"a night that is an hour shorter", night, "2026-03-28 12:00", "2026-03-29 12:00", 3 * time.Hour},
		{"a night that is an hour longer", night, "2026-10-24 12:00", "2026-10-25 12:00", 5 * time.Hour},
		{"always open", Set{TimeZone: "UTC", Week: everyDay(iv("00:00", "24:00"))}, "2026-01-01 06:00", "2027-01-01 06:00", 365 * 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.set.Between(utc(c.from), utc(c.to)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestBusinessTimeIsAddedWhereTheShopIsOpen(t *testing.T) {
	t.Parallel()
	nine := Set{TimeZone: "UTC", Week: weekdays(iv("09:00", "17:00"))}
	for _, c := range []struct {
		name string
		set  Set
		at   string
		d    time.Duration
		want string
	}{
		{"on the same day", nine, "2026-11-23 10:00", 2 * time.Hour, "2026-11-23 12:00"},
		{"to the end of the day", nine, "2026-11-23 10:00", 7 * time.Hour, "2026-11-23 17:00"},
		{"over the night", nine, "2026-11-23 16:00", 2 * time.Hour, "2026-11-24 10:00"},
		{"from a weekend", nine, "2026-11-21 16:00", time.Hour, "2026-11-23 10:00"},
		{"nothing, from a weekend", nine, "2026-11-21 16:00", 0, "2026-11-23 09:00"},
		{"always open", Set{TimeZone: "UTC", Week: everyDay(iv("00:00", "24:00"))}, "2026-11-21 16:00", 10_000 * time.Hour, "2028-01-12 08:00"},
		{"never open", Set{TimeZone: "UTC"}, "2026-11-21 16:00", time.Hour, "never"},
		{"more than there is", nine, "2026-11-21 16:00", 10_000 * time.Hour, "never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := shown(c.set.Add(utc(c.at), c.d)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAMomentAtWhichTheShopIsOpenStays(t *testing.T) {
	t.Parallel()
	nine := Set{TimeZone: "UTC", Week: weekdays(iv("09:00", "17:00"))}
	for at, want := range map[string]string{
		"2026-11-23 09:00": "2026-11-23 09:00", "2026-11-23 12:34": "2026-11-23 12:34", "2026-11-23 17:00": "2026-11-24 09:00", "2026-11-21 12:00": "2026-11-23 09:00",
	} {
		if got := shown(nine.OpenFrom(utc(at))); got != want {
			t.Errorf("from %s on: %s, want %s", at, got, want)
		}
	}
	if got := shown((&Set{TimeZone: "UTC"}).OpenFrom(utc("2026-11-23 09:00"))); got != "never" {
		t.Errorf("never open: %s", got)
	}
}

func TestEveryCountryHasHolidaysInOrder(t *testing.T) {
	t.Parallel()
	for _, country := range Countries() {
		for _, year := range []int{2026, 2027} {
			days := HolidaysOf(country, year)
			if len(days) < 5 {
				t.Errorf("%s has %d public holidays in %d", country, len(days), year)
			}
			for i, d := range days {
				if d.Name == "" || i > 0 && d.Date <= days[i-1].Date {
					t.Errorf("%s: %+v", country, d)
				}
			}
		}
	}
}

func TestADayOffInPlaceOfAHolidayStandsBesideIt(t *testing.T) {
	t.Parallel()
	got := map[string]Holiday{}
	for _, h := range HolidaysOf("US", 2026) {
		got[h.Date] = h
	}
	if h := got["2026-07-03"]; !h.Instead {
		t.Errorf("3 July is %+v", h)
	}
	if h := got["2026-07-04"]; h.Name == "" || h.Instead {
		t.Errorf("4 July is %+v", h)
	}
	// New Year's Day of 2028 is a Saturday.
	last := HolidaysOf("US", 2027)
	if h := last[len(last)-1]; h.Date != "2027-12-31" || !h.Instead {
		t.Errorf("the last day off of 2027 is %+v", h)
	}
}

func TestTurkeyKeepsItsFeastsAndNationalDays(t *testing.T) {
	t.Parallel()
	var got []string
	for _, h := range HolidaysOf("TR", 2027) {
		got = append(got, h.Date[5:]+" "+h.Name)
	}
	want := []string{
		"01-01 Yılbaşı", "03-09 Ramazan Bayramı", "03-10 Ramazan Bayramı", "03-11 Ramazan Bayramı",
		"04-23 Ulusal Egemenlik ve Çocuk Bayramı", "05-01 Emek ve Dayanışma Günü",
		"05-16 Kurban Bayramı", "05-17 Kurban Bayramı", "05-18 Kurban Bayramı", "05-19 Atatürk’ü Anma, Gençlik ve Spor Bayramı",
		"07-15 Demokrasi ve Millî Birlik Günü", "08-30 Zafer Bayramı", "10-29 Cumhuriyet Bayramı",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := len(HolidaysOf("TR", 2035)); n != 7 {
		t.Errorf("a year whose feasts are not known has %d", n)
	}
}
