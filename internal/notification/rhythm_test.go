package notification

import (
	"testing"
	"time"
)

func TestQuietHoursEndWhereTheAgentIs(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		out, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	night := Rhythm{TimeZone: "Europe/Kyiv", Quiet: true, QuietFrom: 22 * 60, QuietUntil: 7 * 60, Mails: Soon}
	noon := Rhythm{TimeZone: "Asia/Tokyo", Quiet: true, QuietFrom: 12 * 60, QuietUntil: 13 * 60, Mails: Soon}
	for _, c := range []struct {
		name    string
		rhythm  Rhythm
		at, end string // "" = it is not quiet
	}{
		{"before midnight", night, "2026-11-20T20:30:00Z", "2026-11-21T05:00:00Z"},
		{"behind midnight", night, "2026-11-21T04:59:59Z", "2026-11-21T05:00:00Z"},
		{"at the end", night, "2026-11-21T05:00:00Z", ""},
		{"by day", night, "2026-11-21T12:00:00Z", ""},
		{"the night in which the clocks go forward", night, "2026-03-28T23:30:00Z", "2026-03-29T04:00:00Z"},
		{"the night in which they go back", night, "2026-10-24T22:30:00Z", "2026-10-25T05:00:00Z"},
		{"at noon", noon, "2026-11-20T03:00:00Z", "2026-11-20T04:00:00Z"},
		{"before noon", noon, "2026-11-20T02:59:00Z", ""},
		{"switched off", Rhythm{QuietFrom: 0, QuietUntil: 1439}, "2026-11-20T02:59:00Z", ""},
		{"a zone that is not known any more", Rhythm{TimeZone: "Old/Zone", Quiet: true, QuietFrom: 0, QuietUntil: 60}, "2026-11-20T00:30:00Z", "2026-11-20T01:00:00Z"},
	} {
		end, quiet := c.rhythm.QuietUntilAfter(at(c.at))
		if quiet != (c.end != "") || quiet && !end.Equal(at(c.end)) {
			t.Errorf("%s: %v, %v", c.name, end, quiet)
		}
	}
}

func TestASummaryLeavesAtItsTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 20, 0, 0, time.UTC)
	for _, c := range []struct {
		rhythm Rhythm
		want   time.Duration
	}{
		{Rhythm{Mails: Soon}, 0},
		{Rhythm{Mails: Hourly}, 40 * time.Minute},
		{Rhythm{Mails: Daily, DailyAt: 11 * 60}, 40 * time.Minute},
		{Rhythm{Mails: Daily, DailyAt: 10 * 60}, 23*time.Hour + 40*time.Minute},
		{Rhythm{Mails: Hourly, Quiet: true, QuietFrom: 11 * 60, QuietUntil: 12 * 60}, 100 * time.Minute},
	} {
		if got := c.rhythm.leaves(now); !got.Equal(now.Add(c.want)) {
			t.Errorf("%+v: %v", c.rhythm, got)
		}
	}
}
